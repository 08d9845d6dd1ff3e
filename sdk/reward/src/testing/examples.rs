//! The `[[example]]` rows of a `plugin.toml`, judged natively.

use std::env;
use std::fs::OpenOptions;
use std::io::Write as _;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Reward, Task};

/// Names the file that `restem plugin test` wants each example's reward written to.
const OUT: &str = "RESTEM_EXAMPLES_OUT";

#[derive(Deserialize)]
struct Manifest {
    #[serde(default)]
    example: Vec<Example>,
}

#[derive(Deserialize)]
struct Example {
    id: String,
    #[serde(default)]
    prompt: Option<String>,
    #[serde(default)]
    reference: Option<String>,
    #[serde(default)]
    metadata: Map<String, Value>,
    #[serde(default)]
    config: Map<String, Value>,
    completion: String,
    reward: f64,
}

#[derive(Serialize)]
struct Judged {
    index: usize,
    reward: Option<f64>,
    fault: Option<String>,
}

/// Asserts that each example of a manifest gets the reward that it says. `restem plugin test` shows the rewards beside those
/// of the sandbox.
///
/// ```
/// # use restem_sdk::prelude::*;
/// # struct LastWord;
/// # impl Reward for LastWord {
/// #     type Config = NoConfig;
/// #     fn open(_: NoConfig) -> Result<Self, ConfigError> { Ok(Self) }
/// #     fn score(&self, task: &Task, completion: &str) -> Result<Score, Fault> {
/// #         Ok(Score::when(completion.split_whitespace().last() == Some(task.reference()?)))
/// #     }
/// # }
/// restem_sdk::testing::assert_examples::<LastWord>(r#"
///     name = "last-word"
///     [[example]]
///     id = "sum"
///     reference = "4"
///     completion = "2 + 2 is 4"
///     reward = 1.0
/// "#);
/// ```
///
/// # Panics
/// When the text is no manifest, when it has no examples, and with every example that came out otherwise.
#[track_caller]
pub fn assert_examples<R: Reward>(plugin_toml: &str) {
    let manifest: Manifest = toml::from_str(plugin_toml).expect("a manifest with examples");
    assert!(!manifest.example.is_empty(), "the manifest has no [[example]]");
    let judged: Vec<Judged> = manifest
        .example
        .iter()
        .enumerate()
        .map(|(index, example)| judge::<R>(index, example))
        .collect();
    if let Some(path) = env::var_os(OUT) {
        let mut out = OpenOptions::new()
            .append(true)
            .create(true)
            .open(path)
            .expect("the file that restem named opens");
        for row in &judged {
            let line = serde_json::to_string(row).expect("a row is JSON");
            writeln!(out, "{line}").expect("the file that restem named can be written");
        }
    }
    let wrong: Vec<String> = manifest
        .example
        .iter()
        .zip(&judged)
        .filter(|(example, judged)| judged.reward != Some(example.reward))
        .map(|(example, judged)| judged.told(example))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn judge<R: Reward>(index: usize, example: &Example) -> Judged {
    let task = Task {
        id: example.id.clone(),
        prompt: example.prompt.clone(),
        reference: example.reference.clone(),
        metadata: example.metadata.clone(),
    };
    let config = Value::Object(example.config.clone()).to_string();
    let outcome = super::open::<R>(&config)
        .map_err(|error| error.to_string())
        .and_then(|reward| {
            let score = reward
                .prepare(&task)
                .and_then(|checker| checker.score(&example.completion));
            score.map_err(|fault| fault.to_string())
        });
    let (reward, fault) = match outcome {
        Ok(score) => (Some(score.value), None),
        Err(fault) => (None, Some(fault)),
    };
    Judged { index, reward, fault }
}

impl Judged {
    fn told(&self, example: &Example) -> String {
        let (number, id, wanted) = (self.index + 1, &example.id, example.reward);
        match (self.reward, &self.fault) {
            (Some(reward), _) => {
                format!("example {number} (problem `{id}`): wanted a reward of {wanted}, got {reward}")
            }
            (None, fault) => format!(
                "example {number} (problem `{id}`): wanted a reward of {wanted}, got the fault {}",
                fault.as_deref().unwrap_or_default()
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::prelude::*;

    struct LastWord;

    impl Reward for LastWord {
        type Config = NoConfig;
        fn open(_: NoConfig) -> Result<Self, ConfigError> {
            Ok(Self)
        }
        fn score(&self, task: &Task, completion: &str) -> Result<Score, Fault> {
            Ok(Score::when(
                completion.split_whitespace().last() == Some(task.reference()?),
            ))
        }
    }

    const EXAMPLES: &str = r#"
        name = "last-word"
        [[example]]
        id = "sum"
        reference = "4"
        completion = "it is 4"
        reward = 1.0
        [[example]]
        id = "sum"
        reference = "4"
        completion = "it is 5"
        reward = 0.0
    "#;

    #[test]
    fn examples_that_hold_pass() {
        crate::testing::assert_examples::<LastWord>(EXAMPLES);
    }

    #[test]
    #[should_panic(expected = "example 2 (problem `sum`): wanted a reward of 1, got 0")]
    fn an_example_that_does_not_hold_is_named() {
        crate::testing::assert_examples::<LastWord>(&EXAMPLES.replace("reward = 0.0", "reward = 1.0"));
    }

    #[test]
    #[should_panic(expected = "got the fault problem `sum` has no `reference`")]
    fn a_fault_is_told_in_its_words() {
        crate::testing::assert_examples::<LastWord>(&EXAMPLES.replace("reference = \"4\"", ""));
    }
}
