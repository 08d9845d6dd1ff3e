//! Score natively, through the same code that the component runs.

#[cfg(not(target_family = "wasm"))]
mod examples;
#[cfg(not(target_family = "wasm"))]
mod python;

#[cfg(not(target_family = "wasm"))]
pub use examples::assert_examples;
#[cfg(not(target_family = "wasm"))]
pub use python::{PythonRequest, with_python};

use crate::{ConfigError, Fault, Reward, Score, Task, config};

/// Scores one completion with the default configuration.
///
/// # Errors
/// The plugin's [`Fault`].
///
/// # Panics
/// When the plugin refuses its own default configuration.
#[track_caller]
pub fn score<R: Reward>(task: &Task, completion: &str) -> Result<Score, Fault> {
    let reward = R::open(R::Config::default()).expect("the default configuration opens");
    reward.prepare(task)?.score(completion)
}

/// Opens a plugin with a configuration in JSON, as the host does.
///
/// # Errors
/// [`ConfigError`] as the user would see it: unknown keys, wrong types, and what [`Reward::open`] refuses.
pub fn open<R: Reward>(config_json: &str) -> Result<R, ConfigError> {
    R::open(config::parse(config_json)?)
}

/// Scores every completion of a problem with one preparation, as the host does.
///
/// # Errors
/// The [`Fault`] of preparing the problem; faults of single completions are inside.
pub fn score_all<R: Reward>(
    reward: &R,
    task: &Task,
    completions: &[&str],
) -> Result<Vec<Result<Score, Fault>>, Fault> {
    let checker = reward.prepare(task)?;
    Ok(completions
        .iter()
        .map(|completion| checker.score(completion))
        .collect())
}

/// Asserts the reward of a completion under the default configuration.
///
/// # Panics
/// When the completion can't be judged or its reward is another.
#[track_caller]
pub fn assert_reward<R: Reward>(task: &Task, completion: &str, reward: f64) {
    match score::<R>(task, completion) {
        Ok(score) if score.value == reward => {}
        Ok(score) => panic!("wanted a reward of {reward} for {completion:?}, got {score:?}"),
        Err(fault) => panic!("wanted a reward of {reward} for {completion:?}, got the fault {fault:?}"),
    }
}
