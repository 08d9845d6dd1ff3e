//! A completion is right when its final answer equals the reference.
//!
//! `extract` finds the answer, `canonical` brings both sides into one form; text that is equal then is equal.

mod canonical;
mod extract;

use restem_sdk::prelude::*;

use canonical::{Case, canonical};
use extract::Place;

/// Where the answer is looked for, and what counts as equal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Config {
    /// Where an answer may stand. The first place that has one wins.
    pub places: Vec<Place>,
    /// Whether upper and lower case differ.
    pub case: Case,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            places: vec![Place::Boxed, Place::AnswerIs, Place::LastNumber],
            case: Case::Ignore,
        }
    }
}

/// The plugin.
#[derive(Debug)]
pub struct MyReward {
    config: Config,
}

impl Reward for MyReward {
    type Config = Config;

    fn open(config: Config) -> Result<Self, ConfigError> {
        if config.places.is_empty() {
            return Err(ConfigError::new(
                "`places` is empty: name `boxed`, `answer-is` or `last-number`",
            ));
        }
        Ok(Self { config })
    }

    // The reference is read once for all completions of a problem.
    fn prepare<'a>(&'a self, task: &'a Task) -> Result<Checker<'a>, Fault> {
        let wanted = canonical(task.reference()?, self.config.case);
        Ok(Checker::new(move |completion| {
            let mut places = self.config.places.iter();
            let Some(found) = places.find_map(|place| place.answer(completion)) else {
                return Ok(Score::when(false).with_note("no answer where one is looked for"));
            };
            let answer = canonical(found, self.config.case);
            let score = Score::when(answer == wanted);
            let score = match score.value {
                1.0 => score,
                _ => score.with_note(format!("`{answer}` is not `{wanted}`")),
            };
            Ok(score.with_answer(answer))
        }))
    }

    fn score(&self, task: &Task, completion: &str) -> Result<Score, Fault> {
        self.prepare(task)?.score(completion)
    }
}

restem_sdk::export!(MyReward);

#[cfg(test)]
mod tests {
    use restem_sdk::testing::{assert_examples, assert_reward, open, score};

    use super::*;

    fn task() -> Task {
        Task::new("price").with_reference("$1,200")
    }

    #[test]
    fn the_last_answer_counts_however_it_is_written() {
        assert_reward::<MyReward>(&task(), r"So it costs \boxed{1200}.", 1.0);
        assert_reward::<MyReward>(&task(), "The answer is $1200.00.", 1.0);
        assert_reward::<MyReward>(&task(), "First 5, then 1,200", 1.0);
        assert_reward::<MyReward>(&task(), r"\boxed{1200}, no, \boxed{1201}", 0.0);
    }

    #[test]
    fn an_answer_of_words_is_compared_without_case() {
        let task = Task::new("capital").with_reference("Paris");
        assert_reward::<MyReward>(&task, "The answer is paris.", 1.0);
        let strict = open::<MyReward>(r#"{"case": "keep"}"#).unwrap();
        assert_eq!(
            strict.score(&task, "The answer is paris.").unwrap().value,
            0.0
        );
    }

    #[test]
    fn a_note_says_what_was_compared() {
        let score = score::<MyReward>(&task(), r"\boxed{12}").unwrap();
        assert_eq!(score.note.as_deref(), Some("`12` is not `1200`"));
        assert_eq!(score.answer.as_deref(), Some("12"));
    }

    #[test]
    fn options_that_make_no_sense_are_refused() {
        let error = open::<MyReward>(r#"{"places": []}"#).unwrap_err();
        assert!(error.message().starts_with("`places` is empty"));
        assert!(open::<MyReward>(r#"{"palces": ["boxed"]}"#).is_err());
    }

    #[test]
    fn the_examples_of_the_manifest_hold() {
        assert_examples::<MyReward>(include_str!("../plugin.toml"));
    }
}
