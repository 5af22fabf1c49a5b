//! A model file, loaded and run on one thread.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rten::{Model, ModelOptions, RunOptions, ThreadPool, Value, ValueOrView};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::error::Error;

/// What `meta.json` says about the models.
#[derive(Debug, Deserialize)]
pub(crate) struct Description {
    /// Character n of this list is id n + 1 of the recogniser; 0 is the blank.
    pub(crate) charset: Vec<String>,
    /// Long side of the detector's input in pixels.
    pub(crate) det_long_side: u32,
}

impl Description {
    pub(crate) fn read(folder: &Path) -> Result<Self, Error> {
        describe(&folder.join("meta.json"))
    }
}

/// What a file beside a model says about it.
pub(crate) fn describe<T: DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let text = read_file(path)?;
    serde_json::from_slice(&text).map_err(|source| Error::DescriptionDamaged {
        path: path.to_owned(),
        source,
    })
}

/// A pool of one thread. Work is spread over cores page by page, so a page that
/// took more than its one thread would only slow the others down.
#[derive(Clone, Debug)]
pub(crate) struct OneThread(Arc<ThreadPool>);

impl OneThread {
    pub(crate) fn start() -> Self {
        Self(Arc::new(ThreadPool::with_num_threads(1)))
    }
}

/// A loaded model.
pub(crate) struct LoadedModel {
    name: &'static str,
    model: Model,
    thread: OneThread,
}

impl fmt::Debug for LoadedModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LoadedModel({})", self.name)
    }
}

impl LoadedModel {
    /// Loads `<name>.onnx` from the folder.
    pub(crate) fn open(
        folder: &Path,
        name: &'static str,
        thread: &OneThread,
    ) -> Result<Self, Error> {
        let bytes = read_file(&folder.join(format!("{name}.onnx")))?;
        let model = ModelOptions::with_all_ops()
            .prepack_weights(true)
            .load(bytes)
            .map_err(|source| Error::ModelDamaged {
                model: name,
                source: Box::new(source),
            })?;
        Ok(Self {
            name,
            model,
            thread: thread.clone(),
        })
    }

    /// Runs the model on named inputs and gives its named outputs.
    pub(crate) fn run<const N: usize>(
        &self,
        inputs: Vec<(&str, ValueOrView<'_>)>,
        outputs: [&str; N],
    ) -> Result<[Value; N], Error> {
        let failed = |source| Error::ModelFailed {
            model: self.name,
            source: Box::new(source),
        };
        let mut named = Vec::with_capacity(inputs.len());
        for (name, value) in inputs {
            named.push((self.model.node_id(name).map_err(failed)?, value));
        }
        let mut wanted = Vec::with_capacity(N);
        for name in outputs {
            wanted.push(self.model.node_id(name).map_err(failed)?);
        }
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&self.thread.0)));
        self.model
            .run(named, &wanted, Some(options))
            .map_err(failed)?
            .try_into()
            .map_err(|_| self.foreign())
    }

    /// The answer has a shape that this program does not know.
    pub(crate) fn foreign(&self) -> Error {
        Error::ModelForeign { model: self.name }
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|source| Error::ResourceMissing {
        path: path.to_owned(),
        source,
    })
}
