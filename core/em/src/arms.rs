//! Training sets of the models that the iterations are compared with.

use std::collections::BTreeSet;

use crate::mstep::example;
use crate::{Comparison, Digest, Example, Judged, PromptedProblem, RunOptions};

/// Training rows of a comparison arm: as many as `count`, or as many as there are.
///
/// `judged` are the first iteration's samples, drawn from the base model.
#[must_use]
pub fn comparison_examples(
    comparison: Comparison,
    problems: &[PromptedProblem],
    judged: &[Judged],
    count: usize,
    options: &RunOptions,
    key: &dyn Fn(&str) -> Digest,
) -> Vec<Example> {
    let seed = options.seed.derive(&["compare", comparison.arm()]);
    match comparison {
        Comparison::SftHuman => {
            let mut rows: Vec<(Digest, Example)> = problems
                .iter()
                .flat_map(|prompted| {
                    prompted.solutions.iter().enumerate().map(move |(i, solution)| {
                        let id = &prompted.problem.id;
                        let example = Example {
                            problem: id.clone(),
                            prompt: prompted.prompt(options.train_prompt).to_owned(),
                            completion: format!("{solution}{}", options.end_text),
                            weight: 1.0,
                        };
                        (seed.order_key(&format!("{id}\u{0}{i}")), example)
                    })
                })
                .collect();
            rows.sort_by_key(|(order, _)| *order);
            rows.truncate(count);
            rows.into_iter().map(|(_, example)| example).collect()
        }
        Comparison::RandomKept => {
            // Duplicates and the cap are treated as selection treats them: only the verifier's word differs.
            let mut rows: Vec<&Judged> = judged.iter().collect();
            rows.sort_by_key(|row| seed.order_key(&format!("{}\u{0}{}", row.sample.problem, row.sample.k)));
            let mut seen = BTreeSet::new();
            let mut per_problem = std::collections::BTreeMap::<_, u32>::new();
            rows.into_iter()
                .filter(|row| seen.insert((&row.sample.problem, key(&row.sample.completion))))
                .filter(|row| {
                    let taken = per_problem.entry(&row.sample.problem).or_default();
                    *taken += 1;
                    *taken <= options.select.max_per_problem
                })
                .take(count)
                .filter_map(|row| example(row, 1.0, problems, options))
                .collect()
        }
    }
}
