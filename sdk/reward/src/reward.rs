//! The trait that a plugin implements.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::{Checker, ConfigError, Description, Fault, Score, Task};

/// How good a completion of a problem is.
///
/// The host opens a session with the user's configuration, prepares each problem once and scores its completions one
/// by one. State that outlives a call makes rewards depend on their neighbours: keep none.
pub trait Reward: Sized + 'static {
    /// The configuration, as users write it in `restem.toml` or behind `--config`.
    ///
    /// Its JSON Schema is what `restem plugin inspect` shows. Keys that it does not name are errors.
    type Config: DeserializeOwned + JsonSchema + Default;

    /// Makes a scorer from its configuration.
    ///
    /// # Errors
    /// [`ConfigError`] when values that parse make no sense together; the user sees it before any problem is judged.
    fn open(config: Self::Config) -> Result<Self, ConfigError>;

    /// Judges one completion. A wrong answer is a score of 0, not a fault.
    ///
    /// # Errors
    /// [`Fault`] when the completion can't be judged, most often because the problem is malformed.
    fn score(&self, task: &Task, completion: &str) -> Result<Score, Fault>;

    /// Reads a problem once, for all of its completions.
    ///
    /// Override it when parsing the reference costs something; [`score`](Self::score) is then
    /// `self.prepare(task)?.score(completion)`. The host calls this, never `score` directly.
    ///
    /// ```
    /// # use restem_sdk::prelude::*;
    /// # struct Number;
    /// impl Reward for Number {
    ///     # type Config = NoConfig;
    ///     # fn open(_: NoConfig) -> Result<Self, ConfigError> { Ok(Self) }
    ///     fn prepare<'a>(&'a self, task: &'a Task) -> Result<Checker<'a>, Fault> {
    ///         let wanted: f64 = task.reference()?.parse().map_err(Fault::malformed_problem)?;
    ///         Ok(Checker::new(move |completion| Ok(Score::when(completion.parse() == Ok(wanted)))))
    ///     }
    ///     fn score(&self, task: &Task, completion: &str) -> Result<Score, Fault> {
    ///         self.prepare(task)?.score(completion)
    ///     }
    /// }
    /// # restem_sdk::testing::assert_reward::<Number>(&Task::new("t").with_reference("4"), "4.0", 1.0);
    /// ```
    ///
    /// # Errors
    /// [`Fault`] when the problem can't be judged at all: each of its completions gets it.
    fn prepare<'a>(&'a self, task: &'a Task) -> Result<Checker<'a>, Fault> {
        Ok(Checker::new(move |completion| self.score(task, completion)))
    }

    /// What the plugin is. By default its rewards are 0 or 1, and [`export!`](crate::export) takes name and version
    /// from the plugin's Cargo.toml.
    fn describe() -> Description {
        Description::binary()
    }
}
