//! Which tensor of the file becomes which weight of the model.

use super::error::ImportError;
use super::gguf::{TensorEntry, TensorTable};

/// What happens to a tensor's values between the two formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Transform {
    /// Values are taken as they are.
    Keep,
    /// One is subtracted: llama.cpp stores `1 + w` where the model multiplies by `1 + w`.
    SubtractOne,
    /// Rows of each attention head are reordered from llama.cpp's interleaved rotary pairs `(0, d/2, 1, d/2 + 1, …)`
    /// to the halves that Hugging Face models rotate; `head_rows` is `d`.
    SplitRotaryPairs {
        /// Rows of one head, an even number.
        head_rows: u64,
    },
}

/// One weight of the model and where it comes from.
#[derive(Debug, Clone)]
pub(super) struct Weight {
    /// Name in the GGUF file.
    pub(super) source: String,
    /// Name in `model.safetensors`.
    pub(super) target: String,
    /// Shape in both, rows first.
    pub(super) shape: Vec<u64>,
    /// What happens to the values.
    pub(super) transform: Transform,
}

/// All weights of a model, in the order an architecture lists them.
#[derive(Debug, Default)]
pub(super) struct WeightPlan {
    weights: Vec<Weight>,
    ignored: Vec<&'static str>,
}

impl WeightPlan {
    /// Adds the weight `target`, made from tensor `source` of `shape`.
    pub(super) fn add(
        &mut self,
        source: impl Into<String>,
        target: impl Into<String>,
        shape: &[u64],
        transform: Transform,
    ) {
        self.weights.push(Weight {
            source: source.into(),
            target: target.into(),
            shape: shape.to_vec(),
            transform,
        });
    }

    /// Says that tensor `source` holds no weight: what it holds went into the configuration.
    pub(super) fn ignore(&mut self, source: &'static str) {
        self.ignored.push(source);
    }

    /// Pairs each weight with its tensor, sorted by target name.
    ///
    /// # Errors
    /// [`ImportError::MissingTensor`], [`ImportError::TensorShape`], or [`ImportError::UnknownTensor`] for a tensor that
    /// no weight is made from.
    pub(super) fn resolve(
        self,
        architecture: &'static str,
        table: &TensorTable,
    ) -> Result<Vec<(Weight, TensorEntry)>, ImportError> {
        let mut sources: Vec<&str> = self
            .weights
            .iter()
            .map(|weight| weight.source.as_str())
            .chain(self.ignored)
            .collect();
        sources.sort_unstable();
        if let Some(unknown) = table.names().find(|name| sources.binary_search(name).is_err()) {
            return Err(ImportError::UnknownTensor {
                architecture,
                name: unknown.to_owned(),
            });
        }
        let mut resolved = Vec::with_capacity(self.weights.len());
        for weight in self.weights {
            let Some(entry) = table.get(&weight.source) else {
                return Err(ImportError::MissingTensor {
                    architecture,
                    name: weight.source,
                });
            };
            if entry.shape != weight.shape {
                return Err(ImportError::TensorShape {
                    name: weight.source,
                    expected: weight.shape,
                    found: entry.shape.clone(),
                });
            }
            resolved.push((weight, entry.clone()));
        }
        resolved.sort_by(|left, right| left.0.target.cmp(&right.0.target));
        Ok(resolved)
    }
}
