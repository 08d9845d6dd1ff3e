//! Held-out problems that the training problems already hold.

use std::collections::HashMap;

use restem_em::{Problem, ProblemId};

use crate::prompt_key;

/// A question that is in both sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// The first training problem that asks it.
    pub train: ProblemId,
    /// The held-out problem that asks it.
    pub held_out: ProblemId,
}

/// Held-out problems whose question is also a training problem's, by [`prompt_key`]; each at most once, in order.
#[must_use]
pub fn contamination(train: &[Problem], held_out: &[Problem]) -> Vec<Overlap> {
    let mut asked = HashMap::new();
    for problem in train {
        asked.entry(prompt_key(&problem.prompt)).or_insert(&problem.id);
    }
    held_out
        .iter()
        .filter_map(|problem| {
            let train = *asked.get(&prompt_key(&problem.prompt))?;
            Some(Overlap {
                train: train.clone(),
                held_out: problem.id.clone(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(id: &str, prompt: &str) -> Problem {
        serde_json::from_value(serde_json::json!({"id": id, "prompt": prompt})).unwrap()
    }

    #[test]
    fn the_same_question_in_other_dress_is_found() {
        let train = [problem("t0", "How many?"), problem("t1", "how  many")];
        let held_out = [problem("h0", "How few?"), problem("h1", "HOW MANY ?")];
        let found = contamination(&train, &held_out);
        assert_eq!(
            found,
            [Overlap {
                train: "t0".into(),
                held_out: "h1".into()
            }]
        );
    }
}
