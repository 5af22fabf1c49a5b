//! A model file, loaded and run.

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

/// Threads that run models.
#[derive(Clone, Debug)]
pub(crate) struct Threads(Arc<ThreadPool>);

impl Threads {
    pub(crate) fn start(count: usize) -> Self {
        Self(Arc::new(ThreadPool::with_num_threads(count)))
    }
}

/// A loaded model.
pub(crate) struct LoadedModel {
    name: &'static str,
    model: Model,
    threads: Threads,
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
        threads: &Threads,
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
            threads: threads.clone(),
        })
    }

    /// Runs the model on named inputs and gives its named outputs.
    pub(crate) fn run<const N: usize>(
        &self,
        inputs: Vec<(&str, ValueOrView<'_>)>,
        outputs: [&str; N],
    ) -> Result<[Value; N], Error> {
        self.run_on(&self.threads, inputs, outputs)
    }

    /// As [`LoadedModel::run`], on other threads than its own.
    pub(crate) fn run_on<const N: usize>(
        &self,
        threads: &Threads,
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
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&threads.0)));
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
