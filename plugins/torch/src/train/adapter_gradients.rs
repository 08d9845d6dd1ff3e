//! The gradient of adapters against that of whole weights: of `W + s B A` it is `dA = s B^T dW` and `dB = s dW A^T`.

use std::collections::HashMap;
use std::path::Path;

use restem_policy_abi::{ALL_LINEAR, Lora, Sequence, TrainingExample, TrainingStep};
use tch::{Device, Kind, Tensor};

use super::head::HeadMemory;
use super::step::gradients;
use crate::model::Model;

fn adapted(case: &str, targets: &[&str]) -> Model {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/goldens")
        .join(case);
    let lora = Lora {
        rank: 4,
        alpha: 6.0,
        rslora: false,
        target_modules: targets.iter().map(|&target| target.to_owned()).collect(),
        seed: 5,
    };
    let model = Model::load_adapted(&directory, Device::Cpu, Kind::Float, &lora).unwrap();
    tch::manual_seed(9);
    let adapters = model.linears().filter_map(|linear| linear.adapter.as_ref());
    for b in adapters.flat_map(|adapter| &adapter.b).flatten() {
        let _ = b.shallow_clone().normal_(0.0, 0.2);
    }
    model
}

/// Gradients by name, stacked ones taken apart.
fn named(model: &Model, step: &TrainingStep<'_>) -> HashMap<String, Tensor> {
    let each = gradients(model, step, u64::MAX, &mut HeadMemory::default())
        .unwrap()
        .0
        .each;
    let trainable = model.trainable();
    assert_eq!(each.len(), trainable.len());
    let mut named = HashMap::new();
    for (parameter, gradient) in trainable.into_iter().zip(each) {
        let mut row = 0;
        for (name, rows) in parameter.parts {
            named.insert(name, gradient.narrow(0, row, rows));
            row += rows;
        }
    }
    named
}

#[test]
fn adapters_have_the_gradient_that_whole_weights_give_them() {
    for (case, targets) in [
        ("gemma2", &[ALL_LINEAR][..]),
        ("gemma3", &[ALL_LINEAR]),
        ("llama-linear-rope", &[ALL_LINEAR]),
        ("phi3", &[ALL_LINEAR]),
        ("qwen2", &["k_proj", "o_proj", "gate_proj"]),
    ] {
        let model = adapted(case, targets);
        let mut merged = model.share();
        merged.merge();
        let tokens: Vec<u32> = (0..60).map(|at| 3 + (at * at * 7 + at) % 120).collect();
        let example = |range: std::ops::Range<usize>, target_from| TrainingExample {
            sequence: Sequence {
                tokens: &tokens[range],
                target_from,
            },
            weight: 0.5,
        };
        let examples = [example(0..30, 20), example(0..45, 20), example(10..60, 30)];
        let step = TrainingStep {
            examples: &examples,
            micro_batch_tokens: 70,
            learning_rate: 0.0,
        };
        let (found, whole) = (named(&model, &step), named(&merged, &step));
        let (mut difference, mut size) = (0.0, 0.0);
        let mut compare = |name: String, expected: Tensor| {
            let square = |x: &Tensor| x.square().sum(Kind::Double).double_value(&[]);
            difference += square(&(&found[&name] - &expected));
            size += square(&expected);
        };
        let mut count = 0;
        for linear in model.linears() {
            let Some(adapter) = &linear.adapter else { continue };
            let factor = adapter.scaling.factor();
            let mut lows = adapter.a.split(adapter.scaling.rank, 0).into_iter();
            for ((name, _), b) in linear.parts.iter().zip(&adapter.b) {
                let Some(b) = b else { continue };
                let a = lows.next().unwrap();
                let whole = &whole[&format!("{name}.weight")];
                let key = |factor| format!("base_model.model.{name}.lora_{factor}.weight");
                compare(key('A'), b.tr().matmul(whole) * factor);
                compare(key('B'), whole.matmul(&a.tr()) * factor);
                count += 2;
            }
        }
        assert_eq!(found.len(), count, "{case}");
        let error = (difference / size).sqrt();
        assert!(error < 2e-5, "{case}: {error:e}");
    }
}
