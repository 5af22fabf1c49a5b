//! Where models, language data and fonts lie.

use std::path::{Path, PathBuf};

use domain::digest::Digest;

use crate::Error;

/// The list by which the set-up fetched the files. It is part of the program, so that
/// nobody who can alter a model can alter its digest with it.
const LIST: &str = include_str!("../../../src-tauri/resources.sha256");

/// The folder with what the set-up fetched and the installer bundles.
#[derive(Clone, Debug)]
pub struct Resources {
    folder: PathBuf,
}

impl Resources {
    /// Looks where `SOHOA_RESOURCES` says, beside the program, and in the source
    /// tree the program was built from.
    pub fn find() -> Result<Self, Error> {
        let beside = std::env::current_exe()
            .ok()
            .and_then(|program| program.parent().map(Path::to_owned));
        let candidates = [
            std::env::var_os("SOHOA_RESOURCES").map(PathBuf::from),
            beside.as_ref().map(|folder| folder.join("resources")),
            // Where the Linux bundle puts them: usr/bin beside usr/lib.
            beside
                .as_ref()
                .map(|folder| folder.join("../lib/so-hoa-mot-cua/resources")),
            Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src-tauri/resources")),
        ];
        candidates
            .into_iter()
            .flatten()
            .map(|folder| Self { folder })
            .find(Self::is_complete)
            .ok_or(Error::ResourcesMissing)
    }

    /// A folder that is known to hold everything.
    pub fn at(folder: PathBuf) -> Result<Self, Error> {
        let resources = Self { folder };
        if resources.is_complete() {
            Ok(resources)
        } else {
            Err(Error::ResourcesMissing)
        }
    }

    fn is_complete(&self) -> bool {
        // A model that is missing is said by name; without its font no copy can be made.
        self.text_font().is_file()
    }

    /// Whether a file is there and is the one that this program was measured with.
    pub(crate) fn is_ours(&self, file: &str) -> bool {
        let bytes = std::fs::read(self.folder.join(file));
        bytes.is_ok_and(|bytes| Self::digest_of(file) == Some(Digest::of(&bytes)))
    }

    /// The digest that a file must have; `None` for one that is not on the list.
    pub(crate) fn digest_of(file: &str) -> Option<Digest> {
        let line = LIST
            .lines()
            .find(|line| line.ends_with(&format!("  {file}")))?;
        line.split_whitespace().next()?.parse().ok()
    }

    /// The folder itself.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The neural reader's models.
    pub fn neural_models(&self) -> PathBuf {
        self.folder.join("models")
    }

    /// The model of the third reader, which settles what the other two leave open.
    pub fn aster_model(&self) -> PathBuf {
        self.folder.join("aster")
    }

    /// Tesseract's language data.
    pub fn tessdata(&self) -> PathBuf {
        self.folder.join("tessdata")
    }

    /// The font of the copy's text layer; it has every Vietnamese letter.
    pub fn text_font(&self) -> PathBuf {
        self.folder.join("fonts/Tinos-Regular.ttf")
    }

    /// Another face of that font: `Bold`, `Italic`.
    pub(crate) fn text_face(&self, face: &str) -> PathBuf {
        self.folder.join(format!("fonts/Tinos-{face}.ttf"))
    }
}
