//! A world that a scripted model can learn: asked `7;`, say `7`.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use tempfile::TempDir;

/// A directory with a model, problems and a configuration.
#[derive(Debug)]
pub struct World {
    dir: TempDir,
}

impl World {
    /// A new world with `problems` training problems.
    ///
    /// # Panics
    /// When the temporary directory can't be written.
    #[must_use]
    pub fn new(problems: usize) -> Self {
        let world = Self {
            dir: tempfile::tempdir().expect("a temporary directory"),
        };
        let model = world.path("model");
        restem_scripted_backend::write_model(&model).expect("the scripted model is written");
        let write =
            |name: &str, text: String| fs::write(world.path(name), text).expect("the world can be written");
        write("train.jsonl", digits("train", problems));
        write("validation.jsonl", digits("validation", 20));
        write("test.jsonl", digits("test", 40));
        let backend = restem_scripted_backend::library().expect("cargo built the scripted backend");
        write(
            "restem.toml",
            CONFIG.replace("BACKEND", &backend.to_string_lossy()),
        );
        world
    }

    /// A path in the world.
    #[must_use]
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The configuration file.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.path("restem.toml")
    }
}

/// Problems `0;`, `1;`, …: a prefix keeps the sets' prompts apart, the model does not look that far back.
fn digits(set: &str, n: usize) -> String {
    let row = |i: usize| {
        let digit = (i % 10).to_string();
        json!({"id": format!("{set}-{i}"), "prompt": format!("{set} {i}: {digit};"), "reference": digit,
               "solutions": [digit], "metadata": {"parity": if i.is_multiple_of(2) { "even" } else { "odd" }}})
        .to_string()
    };
    (0..n).map(|i| row(i) + "\n").collect()
}

const CONFIG: &str = r#"
[run]
title = "Digits"
out = "run"
seed = 5
max_iterations = 2
stop_on_plateau = false
compare = ["sft-human", "random-kept"]

[model]
path = "model"
backend = 'BACKEND'
options = { rows = 8 }

[data]
train = { path = "train.jsonl" }
validation = { path = "validation.jsonl" }
test.held-out = { path = "test.jsonl" }

[prompt]
few_shot = "{{ prompt }}"
question = "{{ prompt }}"
solution = "{{ solutions[0] }}"
end_text = "<end>"

[[reward]]
plugin = "exact-match"
workers = 1

[generate]
samples = 8
max_tokens = 4

[train]
epochs = 4
batch_size = 8
learning_rate = 0.3
warmup_steps = 0
eval_problems = 20

[eval]
pass_at = [4]
majority = 4
sampled_problems = 10
"#;
