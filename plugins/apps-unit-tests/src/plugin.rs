//! The judgement as restem's plugins give it.

use restem_sdk::prelude::*;

use crate::config::Config;
use crate::judge::Judge;

/// Rewards 1 when a completion's program passes the problem's unit tests, else 0.
#[derive(Debug)]
pub struct AppsUnitTests {
    config: Config,
}

impl Reward for AppsUnitTests {
    type Config = Config;

    fn open(config: Config) -> Result<Self, ConfigError> {
        config.check()?;
        Ok(Self { config })
    }

    fn prepare<'a>(&'a self, task: &'a Task) -> Result<Checker<'a>, Fault> {
        let judge = Judge::new(task, &self.config)?;
        Ok(Checker::new(move |completion| judge.score(completion)))
    }

    fn score(&self, task: &Task, completion: &str) -> Result<Score, Fault> {
        self.prepare(task)?.score(completion)
    }
}
