//! A bound on the cache makes samples wait, and changes none of them.

use restem_torch::{Model, Stream, TorchError};
use tch::{Device, Kind};

use crate::determinism::problems;
use crate::golden::Golden;
use crate::streams::{finish, run};

const ROWS: u32 = 8;

fn model(case: &str, kind: Kind) -> Model {
    Model::load(&Golden::read(case).directory, Device::Cpu, kind).unwrap()
}

/// Bytes of the keys and values of 64 tokens.
fn block(model: &Model) -> u64 {
    let config = &model.config;
    let numbers = 2 * config.layers.len() as i64 * config.kv_heads * config.head_dim * 64;
    numbers.unsigned_abs() * model.kind().elt_size_in_bytes() as u64
}

#[test]
fn samples_are_the_same_however_little_memory_there_is() {
    for (case, kind) in [("gemma3", Kind::BFloat16), ("qwen2", Kind::Float)] {
        let model = model(case, kind);
        let free = run(&model, ROWS, &problems());
        // The largest sample needs two blocks of its own and two of its prompt.
        for blocks in [4, 7, 12] {
            let mut stream = Stream::within(&model, ROWS, blocks * block(&model)).unwrap();
            problems().iter().for_each(|problem| problem.submit(&mut stream));
            assert_eq!(finish(&mut stream), free, "{case} {kind:?} {blocks} blocks");
        }
    }
}

#[test]
fn a_sample_that_can_not_fit_is_refused_with_what_it_needs() {
    let model = model("gemma3", Kind::Float);
    let mut stream = Stream::within(&model, ROWS, 4 * block(&model) - 1).unwrap();
    let problems = problems();
    let error = problems[1].try_submit(&mut stream).unwrap_err();
    assert!(matches!(error, TorchError::Cache { .. }));
    insta::assert_snapshot!(error, @"
    a prompt of 69 tokens with 75 new ones needs 0.00 GiB of cache, and 0.00 GiB may be taken
      hint: raise `model.options.memory_gib`, shorten the prompt or ask for fewer tokens
    ");
    problems[2].submit(&mut stream);
    assert_eq!(finish(&mut stream).len(), 3);
}
