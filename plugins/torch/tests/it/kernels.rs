//! The kernels for this CPU against libtorch's operations, through whole streams.

use std::collections::BTreeMap;

use restem_torch::{Model, Stream};
use tch::{Device, Kind, Tensor};

use crate::determinism::problems;
use crate::golden::{CASES, Golden};
use crate::streams::{Drawing, Problem, run, run_without_kernels};

fn model(case: &str) -> Model {
    Model::load(&Golden::read(case).directory, Device::Cpu, Kind::BFloat16).unwrap()
}

/// The same weights, computed in f32.
fn exact(case: &str, model: &Model) -> Model {
    let directory = tempfile::tempdir().unwrap();
    let origin = Golden::read(case).directory;
    model.save(&origin, directory.path(), Kind::BFloat16).unwrap();
    Model::load(directory.path(), Device::Cpu, Kind::Float).unwrap()
}

/// The mean distance of log-probabilities from those that `exact` gives the same tokens.
fn error(exact: &Model, problems: &[Problem], drawings: &BTreeMap<u64, Drawing>) -> f64 {
    let mut distances = Vec::new();
    for problem in problems {
        for sample in &problem.samples {
            let drawn = &drawings[&sample.id].0;
            let tokens = problem.tokens.iter().chain(drawn.iter().map(|(token, _)| token));
            let tokens: Vec<i64> = tokens.map(|&token| token.into()).collect();
            let hidden = exact.forward(&Tensor::from_slice(&tokens).unsqueeze(0));
            let expected = exact.logits(&hidden).squeeze_dim(0).log_softmax(-1, Kind::Float);
            for (index, &(token, bits)) in drawn.iter().enumerate() {
                let at = [(problem.tokens.len() + index - 1) as i64, token.into()];
                distances.push((f64::from(f32::from_bits(bits)) - expected.double_value(&at)).abs());
            }
        }
    }
    distances.iter().sum::<f64>() / distances.len() as f64
}

#[test]
fn kernels_are_as_close_to_exact_arithmetic_as_libtorchs_operations() {
    let _no_grad = tch::no_grad_guard();
    for case in CASES {
        let model = model(case);
        let exact = exact(case, &model);
        let ours = error(&exact, &problems(), &run(&model, 8, &problems()));
        let libtorchs = error(&exact, &problems(), &run_without_kernels(&model, 8, &problems()));
        assert!(
            ours <= 1.1 * libtorchs && ours > 0.0,
            "{case}: a mean error of {ours:.2e} instead of {libtorchs:.2e}"
        );
    }
}

#[test]
fn with_kernels_the_number_of_rows_changes_nothing() {
    for case in CASES {
        let model = model(case);
        if !Stream::new(&model, 1).unwrap().has_kernels() {
            continue; // libtorch's products are other ones for each number of rows.
        }
        let expected = run(&model, 8, &problems());
        for rows in [1, 3, 64] {
            assert_eq!(run(&model, rows, &problems()), expected, "{case}, {rows} rows");
        }
    }
}
