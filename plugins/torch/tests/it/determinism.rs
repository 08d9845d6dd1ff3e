//! A sample's tokens and log-probabilities do not depend on its company, bit by bit.

use std::collections::BTreeMap;

use restem_torch::Model;
use tch::{Device, Kind};

use crate::golden::{CASES, Golden};
use crate::streams::{Drawing, Problem, run, run_without_kernels};

const ROWS: u32 = 8;

/// Prompts around the sizes at which something changes: one token, less than a chunk, a chunk with a common beginning,
/// more than the window; lengths below and above a block of private keys; all kinds of sampling.
pub fn problems() -> Vec<Problem> {
    let text = |length: u32, salt: u32| {
        (0..length)
            .map(|at| 3 + (at * 7 + at * at * salt) % 120)
            .collect()
    };
    let long: Vec<u32> = text(70, 1);
    let mut sibling = long.clone();
    sibling.truncate(66);
    sibling.extend([9, 8, 7]);
    let mut problems = vec![
        Problem::new(long, 0..5, 20),
        Problem::new(sibling, 10..13, 75),
        Problem::new(text(1, 0), 20..23, 9),
        Problem::new(text(5, 2), 30..34, 30),
        Problem::new(text(13, 3), 40..43, 12),
        Problem::new(text(20, 4), 50..52, 6),
    ];
    problems[3].top_k = 0;
    problems[4].top_k = 0;
    problems[4].top_p = 0.9;
    problems[5].temperature = 0.0;
    problems[1].stop_tokens = vec![17, 40];
    problems
}

fn model(case: &str, kind: Kind) -> Model {
    Model::load(&Golden::read(case).directory, Device::Cpu, kind).unwrap()
}

type Run = fn(&Model, u32, &[Problem]) -> BTreeMap<u64, Drawing>;

/// In f32, in bf16, and in bf16 as on CPUs that have no kernels of ours.
const WAYS: [(Kind, Run); 3] = [
    (Kind::Float, run),
    (Kind::BFloat16, run),
    (Kind::BFloat16, run_without_kernels),
];

#[test]
fn a_sample_drawn_alone_equals_the_same_sample_in_a_full_batch() {
    for (kind, run) in WAYS {
        for case in CASES {
            let model = model(case, kind);
            let together = run(&model, ROWS, &problems());
            for problem in problems() {
                for &sample in problem.samples.iter().rev().take(1) {
                    let alone = Problem {
                        samples: vec![sample],
                        ..problem.clone()
                    };
                    let alone: Drawing = run(&model, ROWS, &[alone]).remove(&sample.id).unwrap();
                    assert_eq!(
                        alone, together[&sample.id],
                        "{case} {kind:?} sample {}",
                        sample.id
                    );
                }
            }
        }
    }
}

#[test]
fn the_order_of_submission_changes_nothing() {
    for (kind, run) in WAYS {
        let model = model("gemma3", kind);
        let in_order = run(&model, ROWS, &problems());
        let mut shuffled = problems();
        shuffled.reverse();
        shuffled.swap(1, 3);
        for problem in &mut shuffled {
            problem.samples.reverse();
        }
        assert_eq!(run(&model, ROWS, &shuffled), in_order, "{kind:?}");
    }
}

#[test]
fn a_second_stream_on_the_same_model_draws_the_same() {
    let model = model("gemma3", Kind::BFloat16);
    assert_eq!(run(&model, ROWS, &problems()), run(&model, ROWS, &problems()));
}

#[test]
fn different_seeds_draw_different_samples() {
    let model = model("gemma3", Kind::Float);
    let drawings = run(&model, ROWS, &problems());
    assert_ne!(drawings[&0].0, drawings[&1].0);
}
