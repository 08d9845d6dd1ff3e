//! A completion is right when its last word is the reference.

use restem_sdk::prelude::*;

/// The plugin. It keeps nothing from one call to the next: a reward must not depend on its neighbours.
#[derive(Debug)]
pub struct MyReward;

impl Reward for MyReward {
    type Config = NoConfig;

    fn open(_: NoConfig) -> Result<Self, ConfigError> {
        Ok(Self)
    }

    fn score(&self, task: &Task, completion: &str) -> Result<Score, Fault> {
        // Without a reference nothing can be judged. That is a fault, which restem never counts as a reward of 0.
        let wanted = task.reference()?;
        let Some(last) = completion.split_whitespace().last() else {
            return Ok(Score::when(false).with_note("the completion is empty"));
        };
        let answer = last.trim_end_matches('.');
        // Equal answers share their `answer`: majority voting counts it.
        Ok(Score::when(answer == wanted).with_answer(answer))
    }
}

restem_sdk::export!(MyReward);

#[cfg(test)]
mod tests {
    use restem_sdk::testing::{assert_examples, assert_reward, score};

    use super::*;

    #[test]
    fn the_last_word_decides() {
        let task = Task::new("sum").with_reference("4");
        assert_reward::<MyReward>(&task, "2 + 2 is 4.", 1.0);
        assert_reward::<MyReward>(&task, "4 is not 5", 0.0);
        assert_reward::<MyReward>(&task, "", 0.0);
    }

    #[test]
    fn a_problem_without_reference_is_a_fault() {
        assert!(score::<MyReward>(&Task::new("sum"), "4").is_err());
    }

    #[test]
    fn the_examples_of_the_manifest_hold() {
        assert_examples::<MyReward>(include_str!("../plugin.toml"));
    }
}
