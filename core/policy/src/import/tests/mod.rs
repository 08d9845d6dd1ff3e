//! Imports of tiny files made here, good and bad.

mod architectures;
mod attacks;
mod gguf_writer;
mod imports;
mod mutations;
mod quantisations;
mod tiny_models;
mod tokenizers;

use std::path::PathBuf;

use tempfile::TempDir;

use super::{ImportError, ImportOptions, ImportReport, WeightType, import_gguf};

/// A directory with a GGUF file in it and a place for the import.
struct Bench {
    directory: TempDir,
}

impl Bench {
    fn new(gguf: &[u8]) -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        std::fs::write(directory.path().join("model.gguf"), gguf).expect("writing the file");
        Self { directory }
    }

    fn out(&self) -> PathBuf {
        self.directory.path().join("out")
    }

    fn import(&self, dtype: WeightType) -> Result<ImportReport, ImportError> {
        import_gguf(
            &self.directory.path().join("model.gguf"),
            &self.out(),
            &ImportOptions { dtype },
            &mut |_| {},
        )
    }

    fn json(&self, name: &str) -> serde_json::Value {
        let text = std::fs::read(self.out().join(name)).expect("the file is there");
        serde_json::from_slice(&text).expect("the file is JSON")
    }

    /// The weight `name` of an import with [`WeightType::F32`].
    fn weight(&self, name: &str) -> (Vec<usize>, Vec<f32>) {
        let bytes = std::fs::read(self.out().join("model.safetensors")).expect("weights");
        let tensors = safetensors::SafeTensors::deserialize(&bytes).expect("valid safetensors");
        let tensor = tensors.tensor(name).expect("the weight is there");
        let values = tensor
            .data()
            .chunks_exact(4)
            .map(|bytes| f32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
            .collect();
        (tensor.shape().to_vec(), values)
    }

    /// The error of importing `gguf`, with nothing left behind.
    fn refuse(gguf: &[u8]) -> String {
        let bench = Self::new(gguf);
        let error = bench
            .import(WeightType::Bf16)
            .expect_err("the file must be refused");
        let left = std::fs::read_dir(bench.directory.path())
            .expect("the directory is there")
            .count();
        assert_eq!(left, 1, "a failed import leaves nothing but the file");
        error.to_string()
    }
}
