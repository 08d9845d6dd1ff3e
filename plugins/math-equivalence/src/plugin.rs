//! The judgement as restem's plugins give it.

use restem_sdk::prelude::*;

use crate::config::Config;
use crate::reference::Reference;

/// Rewards 1 when a completion's final answer equals the reference, else 0.
#[derive(Debug)]
pub struct MathEquivalence {
    config: Config,
}

impl Reward for MathEquivalence {
    type Config = Config;

    fn open(config: Config) -> Result<Self, ConfigError> {
        config.check().map_err(ConfigError::new)?;
        Ok(Self { config })
    }

    fn prepare<'a>(&'a self, task: &'a Task) -> Result<Checker<'a>, Fault> {
        let reference = Reference::parse(task.reference()?, &self.config).map_err(|error| {
            Fault::malformed_problem(format_args!(
                "the `reference` of problem `{}` can't be used: {error}",
                task.id
            ))
        })?;
        Ok(Checker::new(move |completion| {
            let judgement = reference.judge(completion, task.prompt.as_deref(), &self.config);
            let marked = if judgement.marked { 1.0 } else { 0.0 };
            let undecided = if judgement.is_undecided() { 1.0 } else { 0.0 };
            let mut score = Score::when(judgement.is_right())
                .with_part("marked", marked)
                .with_part("undecided", undecided);
            score.answer = judgement.answer;
            score.note = judgement.note;
            Ok(score)
        }))
    }

    fn score(&self, task: &Task, completion: &str) -> Result<Score, Fault> {
        self.prepare(task)?.score(completion)
    }
}

#[cfg(test)]
mod tests {
    use restem_sdk::{FaultClass, testing};

    use super::*;

    #[test]
    fn a_right_answer_is_worth_one_and_a_wrong_one_nothing() {
        let task = Task::new("t").with_reference("23");
        testing::assert_reward::<MathEquivalence>(&task, "14 + 9 = 23. The answer is 23.", 1.0);
        testing::assert_reward::<MathEquivalence>(&task, "14 + 9 = 22. The answer is 22.", 0.0);
        testing::assert_reward::<MathEquivalence>(&task, "", 0.0);
    }

    #[test]
    fn the_answer_and_its_marking_are_reported() {
        let task = Task::new("t").with_reference("0.5");
        let score = testing::score::<MathEquivalence>(&task, "\\boxed{\\frac{1}{2}}").unwrap();
        assert_eq!(score.answer.as_deref(), Some("1/2"));
        assert_eq!(
            score.parts,
            [("marked".to_owned(), 1.0), ("undecided".to_owned(), 0.0)]
        );
    }

    #[test]
    fn a_problem_without_a_usable_reference_is_a_fault() {
        let fault = testing::score::<MathEquivalence>(&Task::new("t").with_reference("…"), "5").unwrap_err();
        assert_eq!(fault.class, FaultClass::MalformedProblem);
        insta::assert_snapshot!(fault, @r"the `reference` of problem `t` can't be used: it holds no answer; give the final answer, such as 12 or \frac{1}{2}");
        assert!(testing::score::<MathEquivalence>(&Task::new("t"), "5").is_err());
    }

    #[test]
    fn configuration_comes_as_json() {
        let plugin = testing::open::<MathEquivalence>(
            r#"{"extract": ["answer-is"], "percent": "unit", "stop_at": ["Q:"]}"#,
        )
        .unwrap();
        let task = Task::new("t").with_reference("50");
        let score = plugin
            .score(&task, "The answer is 50%.\nQ: next\nThe answer is 1.")
            .unwrap();
        assert_eq!(score.value, 1.0);
        assert!(testing::open::<MathEquivalence>(r#"{"extract": ["guess"]}"#).is_err());
        assert!(testing::open::<MathEquivalence>(r#"{"extract": []}"#).is_err());
    }

    #[test]
    fn every_human_solution_of_the_word_problems_is_right_and_marked() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/word-problems/");
        for file in ["train.jsonl", "validation.jsonl", "test.jsonl", "shots.jsonl"] {
            for line in std::fs::read_to_string(format!("{folder}{file}"))
                .unwrap()
                .lines()
            {
                let row: serde_json::Value = serde_json::from_str(line).unwrap();
                let task = Task::new(file).with_reference(row["reference"].as_str().unwrap());
                let score =
                    testing::score::<MathEquivalence>(&task, row["solutions"][0].as_str().unwrap()).unwrap();
                assert_eq!((score.value, score.parts[0].1), (1.0, 1.0), "{line}");
            }
        }
    }
}
