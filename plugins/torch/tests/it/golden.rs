//! The committed results of transformers (written by `conformance/make_goldens.py`).

use std::path::PathBuf;

use restem_torch::Checkpoint;
use serde::Deserialize;
use tch::{Device, Kind, Tensor};

/// One folder of `tests/goldens`.
#[derive(Deserialize)]
pub struct Golden {
    pub tokens: Vec<i64>,
    pub greedy: Vec<i64>,
    pub eager_sdpa_gap: f64,
    #[serde(skip)]
    pub directory: PathBuf,
}

/// Every architecture and rope variant.
pub const CASES: [&str; 9] = [
    "gemma2",
    "gemma3",
    "llama-linear-rope",
    "llama-llama3-rope",
    "mistral",
    "phi3",
    "phi3-longrope",
    "qwen2",
    "qwen3",
];

/// Adapters that PEFT wrote, of some of those models.
pub const ADAPTERS: [&str; 3] = ["lora-gemma3", "lora-phi3", "lora-qwen2"];

impl Golden {
    pub fn read(case: &str) -> Self {
        let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("tests/goldens")
            .join(case);
        let text = std::fs::read(directory.join("golden.json")).unwrap();
        Self {
            directory,
            ..serde_json::from_slice(&text).unwrap()
        }
    }

    /// transformers' eager logits, f32 `[time, vocab]`.
    pub fn logits(&self, vocab: i64) -> Tensor {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(
            self.directory.join("golden.safetensors"),
            folder.path().join("model.safetensors"),
        )
        .unwrap();
        let shape = [self.tokens.len() as i64, vocab];
        let file = Checkpoint::open(folder.path()).unwrap();
        file.load("logits", &shape, Kind::Float, Device::Cpu).unwrap()
    }

    /// The bound that the project promises.
    pub fn tolerance(&self) -> f64 {
        (2.0 * self.eager_sdpa_gap).max(1e-4)
    }
}
