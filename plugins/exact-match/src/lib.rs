//! A completion is right when its answer equals the reference, text for text, after the normalisation that was asked for.

mod answer;
mod normalise;

use restem_sdk::prelude::*;

use answer::Part;
use normalise::{Case, Normaliser, Whitespace};

/// What to compare, and how strictly.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Which part of the completion is its answer.
    pub part: Part,
    /// With `part = "after-marker"`: the text before the answer.
    pub marker: String,
    /// Whether upper and lower case differ.
    pub case: Case,
    /// What becomes of white space.
    pub whitespace: Whitespace,
    /// Whether one full stop at the end is dropped.
    pub strip_final_period: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            part: Part::Whole,
            marker: "The answer is".to_owned(),
            case: Case::Keep,
            whitespace: Whitespace::Collapse,
            strip_final_period: true,
        }
    }
}

/// The plugin.
#[derive(Debug)]
pub struct ExactMatch {
    config: Config,
    normaliser: Normaliser,
}

impl Reward for ExactMatch {
    type Config = Config;

    fn open(config: Config) -> Result<Self, ConfigError> {
        if config.part == Part::AfterMarker && config.marker.trim().is_empty() {
            return Err(ConfigError::new(
                "`marker` is empty: name the text that stands before the answer",
            ));
        }
        let normaliser = Normaliser::new(&config);
        Ok(Self { config, normaliser })
    }

    fn prepare<'a>(&'a self, task: &'a Task) -> Result<Checker<'a>, Fault> {
        let wanted = self.normaliser.apply(task.reference()?);
        Ok(Checker::new(move |completion| {
            let Some(answer) = answer::of(completion, self.config.part, &self.config.marker) else {
                return Ok(
                    Score::when(false).with_note("the completion has no answer where one is looked for")
                );
            };
            let answer = self.normaliser.apply(answer);
            Ok(Score::when(answer == wanted).with_answer(answer))
        }))
    }

    fn score(&self, task: &Task, completion: &str) -> Result<Score, Fault> {
        self.prepare(task)?.score(completion)
    }
}

restem_sdk::export!(ExactMatch);

#[cfg(test)]
mod tests {
    use restem_sdk::testing;

    use super::*;

    fn task() -> Task {
        Task::new("capital").with_reference("Paris")
    }

    fn reward(config: &str, completion: &str) -> f64 {
        let plugin = testing::open::<ExactMatch>(config).unwrap();
        plugin.score(&task(), completion).unwrap().value
    }

    #[test]
    fn the_examples_of_the_manifest_hold() {
        testing::assert_examples::<ExactMatch>(include_str!("../plugin.toml"));
    }

    #[test]
    fn spaces_and_a_final_period_do_not_count_by_default() {
        testing::assert_reward::<ExactMatch>(&task(), " Paris.\n", 1.0);
        testing::assert_reward::<ExactMatch>(&task(), "paris", 0.0);
        testing::assert_reward::<ExactMatch>(&task(), "It is Paris", 0.0);
    }

    #[test]
    fn case_can_be_ignored() {
        assert_eq!(reward(r#"{"case": "ignore"}"#, "PARIS"), 1.0);
    }

    #[test]
    fn the_last_line_can_be_the_answer() {
        assert_eq!(
            reward(r#"{"part": "last-line"}"#, "Let me think.\nParis\n\n"),
            1.0
        );
        assert_eq!(reward(r#"{"part": "last-line"}"#, "Paris\nI think"), 0.0);
    }

    #[test]
    fn the_text_after_a_marker_can_be_the_answer() {
        let config = r#"{"part": "after-marker", "marker": "Answer:"}"#;
        assert_eq!(reward(config, "Answer: London? No. Answer: Paris.\nBye"), 1.0);
        let plugin = testing::open::<ExactMatch>(config).unwrap();
        let score = plugin.score(&task(), "Paris").unwrap();
        assert_eq!(score.value, 0.0);
        assert_eq!(score.answer, None);
    }

    #[test]
    fn equal_answers_share_their_canonical_form() {
        let plugin = testing::open::<ExactMatch>(r#"{"case": "ignore"}"#).unwrap();
        let scores = testing::score_all(&plugin, &task(), &["LONDON. ", "london"]).unwrap();
        let answers: Vec<_> = scores.into_iter().map(|score| score.unwrap().answer).collect();
        assert_eq!(answers[0], answers[1]);
    }

    #[test]
    fn an_empty_marker_is_refused() {
        let error = testing::open::<ExactMatch>(r#"{"part": "after-marker", "marker": ""}"#).unwrap_err();
        assert_eq!(
            error.message(),
            "`marker` is empty: name the text that stands before the answer"
        );
    }

    #[test]
    fn a_misspelt_option_is_refused() {
        let error = testing::open::<ExactMatch>(r#"{"cases": "ignore"}"#).unwrap_err();
        assert!(
            error.message().starts_with("`cases`: unknown field `cases`"),
            "{error}"
        );
    }

    #[test]
    fn a_problem_without_reference_is_a_fault() {
        let fault = testing::score::<ExactMatch>(&Task::new("t"), "x").unwrap_err();
        assert_eq!(fault.message, "problem `t` has no `reference` to compare with");
    }
}
