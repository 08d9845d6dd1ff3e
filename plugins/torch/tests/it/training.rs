//! Training: transformers' loss and gradient norm, determinism, and states that go on where they stopped.

use restem_policy_abi::{Sequence, TrainingExample, TrainingOptions, TrainingStep};
use restem_torch::{Model, TorchError, Trainer, log_probs};
use serde::Deserialize;
use tch::{Device, Kind, Tensor};

use crate::golden::{CASES, Golden};

const OPTIONS: TrainingOptions = TrainingOptions {
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-8,
    weight_decay: 0.01,
    max_grad_norm: 1.0,
};

/// `train` of a golden.
#[derive(Deserialize)]
struct Trained {
    sequences: Vec<Vec<u32>>,
    prompt_lengths: Vec<usize>,
    loss: f64,
    grad_norm: f64,
}

impl Trained {
    fn read(golden: &Golden) -> Self {
        let text = std::fs::read(golden.directory.join("golden.json")).unwrap();
        let mut all: serde_json::Value = serde_json::from_slice(&text).unwrap();
        serde_json::from_value(all["train"].take()).unwrap()
    }

    fn sequences(&self) -> Vec<Sequence<'_>> {
        let pairs = self.sequences.iter().zip(&self.prompt_lengths);
        pairs
            .map(|(tokens, &target_from)| Sequence { tokens, target_from })
            .collect()
    }
}

fn open(case: &str, kind: Kind) -> (Model, Trained) {
    // Models this small only wait for each other's threads.
    tch::set_num_threads(1);
    let golden = Golden::read(case);
    let model = Model::load(&golden.directory, Device::Cpu, kind).unwrap();
    (model, Trained::read(&golden))
}

/// Takes `count` steps on the golden's sequences; returns the losses.
fn train(trainer: &mut Trainer, model: &mut Model, data: &Trained, count: usize) -> Vec<f64> {
    let examples: Vec<_> = data
        .sequences()
        .into_iter()
        .map(|sequence| TrainingExample {
            sequence,
            weight: 1.0,
        })
        .collect();
    let step = TrainingStep {
        examples: &examples,
        micro_batch_tokens: 40,
        learning_rate: 3e-3,
    };
    (0..count)
        .map(|_| trainer.step(model, &step).unwrap().loss)
        .collect()
}

fn weights(model: &Model) -> Vec<Tensor> {
    let parameters = model.parameters();
    parameters
        .iter()
        .map(|parameter| parameter.tensor.copy())
        .collect()
}

#[test]
fn loss_and_gradient_norm_equal_those_of_transformers_for_every_architecture() {
    for case in CASES {
        let (mut model, data) = open(case, Kind::Float);
        let sequences = data.sequences();
        let examples: Vec<_> = sequences
            .iter()
            .map(|&sequence| TrainingExample {
                sequence,
                weight: 1.0,
            })
            .collect();
        let step = TrainingStep {
            examples: &examples,
            micro_batch_tokens: 64,
            learning_rate: 1e-4,
        };
        let report = Trainer::new(&model, &OPTIONS).step(&mut model, &step).unwrap();
        let near = |found: f64, expected: f64| (found / expected - 1.0).abs() < 1e-4;
        assert!(
            near(report.loss, data.loss),
            "{case}: {} {}",
            report.loss,
            data.loss
        );
        assert!(
            near(report.grad_norm, data.grad_norm),
            "{case}: {} {}",
            report.grad_norm,
            data.grad_norm
        );
        assert_eq!(report.target_tokens, (11 + 19 + 8) as u64);
    }
}

#[test]
fn log_probabilities_sum_to_the_loss_and_keep_the_order_of_the_sequences() {
    for case in CASES {
        let (model, data) = open(case, Kind::Float);
        let found = log_probs(&model, &data.sequences(), 40).unwrap();
        let lengths: Vec<usize> = found.iter().map(Vec::len).collect();
        assert_eq!(lengths, [11, 19, 8]);
        let mean = -found.concat().iter().map(|&value| f64::from(value)).sum::<f64>() / 38.0;
        assert!((mean / data.loss - 1.0).abs() < 1e-5, "{case}");
        let alone = log_probs(&model, &data.sequences()[1..2], 40).unwrap();
        let pairs = found[1].iter().zip(&alone[0]);
        assert!(pairs.into_iter().all(|(a, b)| (a - b).abs() < 1e-4), "{case}");
    }
}

#[test]
fn twenty_steps_lower_the_loss_and_are_the_same_bits_when_repeated() {
    for case in CASES {
        for kind in [Kind::Float, Kind::BFloat16] {
            let run = || {
                let (mut model, data) = open(case, kind);
                let mut trainer = Trainer::new(&model, &OPTIONS);
                let losses = train(&mut trainer, &mut model, &data, 20);
                (losses, weights(&model))
            };
            let (one, two) = (run(), run());
            assert!(one.0[19] < 0.6 * one.0[0], "{case} {kind:?}: {:?}", one.0);
            assert_eq!(one, two, "{case} {kind:?}");
        }
    }
}

#[test]
fn a_saved_state_goes_on_bit_by_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.safetensors");
    for kind in [Kind::Float, Kind::BFloat16] {
        let (mut model, data) = open("gemma3", kind);
        let mut trainer = Trainer::new(&model, &OPTIONS);
        train(&mut trainer, &mut model, &data, 3);
        trainer.save_state(&model, &path).unwrap();
        let losses = train(&mut trainer, &mut model, &data, 3);

        let (mut again, _) = open("gemma3", kind);
        let mut resumed = Trainer::new(&again, &OPTIONS);
        resumed.load_state(&mut again, &path).unwrap();
        assert_eq!(resumed.steps(), 3);
        assert_eq!(train(&mut resumed, &mut again, &data, 3), losses);
        assert_eq!(weights(&model), weights(&again));
    }
}

#[test]
fn a_state_of_another_model_is_refused_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.safetensors");
    let (model, _) = open("llama-linear-rope", Kind::Float);
    Trainer::new(&model, &OPTIONS).save_state(&model, &path).unwrap();
    let (mut other, _) = open("qwen2", Kind::Float);
    let before = weights(&other);
    let mut trainer = Trainer::new(&other, &OPTIONS);
    let error = trainer.load_state(&mut other, &path).unwrap_err();
    assert!(matches!(error, TorchError::TrainingState { .. }), "{error}");
    assert_eq!(weights(&other), before);
    std::fs::write(&path, b"short").unwrap();
    let error = trainer.load_state(&mut other, &path).unwrap_err();
    assert!(matches!(error, TorchError::Safetensors { .. }), "{error}");
    assert!(
        trainer
            .load_state(&mut other, folder.path().join("none").as_path())
            .is_err()
    );
}

#[test]
fn a_loss_that_is_not_finite_leaves_weights_and_steps_alone() {
    let (mut model, data) = open("gemma3", Kind::Float);
    let before = weights(&model);
    let mut trainer = Trainer::new(&model, &OPTIONS);
    let sequence = data.sequences()[0];
    let examples = [TrainingExample {
        sequence,
        weight: f32::INFINITY,
    }];
    let step = TrainingStep {
        examples: &examples,
        micro_batch_tokens: 64,
        learning_rate: 1e-4,
    };
    let error = trainer.step(&mut model, &step).unwrap_err();
    insta::assert_snapshot!(
        error,
        @"the loss of this step is inf: the weights are as before it; lower the learning rate or look at its data"
    );
    assert_eq!(weights(&model), before);
    assert_eq!(trainer.steps(), 0);
}

#[test]
fn sequences_that_the_model_cannot_take_are_refused_by_name() {
    let (model, _) = open("gemma3", Kind::Float);
    let tokens = [2, 5, 1_000_000];
    let refuse = |tokens, target_from| {
        log_probs(&model, &[Sequence { tokens, target_from }], 64)
            .unwrap_err()
            .to_string()
    };
    insta::assert_snapshot!(refuse(&tokens, 1), @"token = 1000000 is out of range: the vocabulary has 128 tokens");
    insta::assert_snapshot!(
        refuse(&tokens[..2], 0),
        @"index of the first target = 0 is out of range: targets of 2 tokens begin after the first and before the end"
    );
    let long = vec![5; 10_000_000];
    assert!(refuse(&long, 1).starts_with("tokens of a sequence = 10000000 is out of range"));
}
