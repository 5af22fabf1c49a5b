//! A folder for a system that fetches, or that somebody carries files to.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use crate::connectors::{Connector, Fault, Handing, Mapping, Shared};
use crate::error::Error;

/// The folder. Each record has one of its own in it, which is there whole or not at all.
#[derive(Debug)]
pub(super) struct Folder {
    folder: PathBuf,
    mapping: Mapping,
}

impl Folder {
    pub(super) fn at(folder: &Path, mapping: Mapping) -> Result<Self, Error> {
        std::fs::create_dir_all(folder)?;
        Ok(Self {
            folder: folder.to_owned(),
            mapping,
        })
    }

    fn lay_down(&self, record: &Shared) -> Result<(), Fault> {
        let messages = self.mapping.messages(record)?;
        let messages: Map<String, Value> = messages
            .into_iter()
            .map(|message| (message.name, message.body))
            .collect();
        let of = &record.submission.record;
        let name = format!("{}-{}", of.document_id, of.version);
        self.write(&name, &Value::from(messages).to_string(), &record.pdf)
            .map_err(|error| Fault::Later(format!("folder: {}", error.kind())))
    }

    fn write(&self, name: &str, messages: &str, pdf: &[u8]) -> std::io::Result<()> {
        let whole = self.folder.join(name);
        if whole.exists() {
            return Ok(());
        }
        let making = self.folder.join(format!(".{name}"));
        std::fs::create_dir_all(&making)?;
        for (file, bytes) in [("messages.json", messages.as_bytes()), ("copy.pdf", pdf)] {
            let mut file = File::create(making.join(file))?;
            file.write_all(bytes)?;
            file.sync_all()?;
        }
        std::fs::rename(&making, &whole)?;
        File::open(&self.folder)?.sync_all()
    }
}

impl Connector for Folder {
    fn name(&self) -> &'static str {
        "folder"
    }

    fn share<'a>(&'a self, record: &'a Shared) -> Handing<'a> {
        Box::pin(async { tokio::task::block_in_place(|| self.lay_down(record)) })
    }
}
