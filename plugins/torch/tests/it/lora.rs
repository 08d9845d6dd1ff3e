//! Adapters: PEFT's results, PEFT's files, and what a training of adapters promises.

use std::path::Path;

use restem_policy_abi::{ALL_LINEAR, Lora, Sequence, TrainingExample, TrainingOptions, TrainingStep};
use restem_torch::{Model, Trainer};
use serde::Deserialize;
use tch::{Device, Kind, Tensor};

use crate::golden::{ADAPTERS, CASES, Golden};
use crate::streams::{Problem, run};

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
    #[serde(default)]
    loss_after: f64,
    #[serde(default)]
    grad_norm_after: f64,
}

impl Trained {
    fn read(directory: &Path) -> Self {
        let text = std::fs::read(directory.join("golden.json")).unwrap();
        let mut all: serde_json::Value = serde_json::from_slice(&text).unwrap();
        serde_json::from_value(all["train"].take()).unwrap()
    }

    /// Takes a step; loss and gradient norm before it.
    fn step(&self, trainer: &mut Trainer, model: &mut Model) -> (f64, f64) {
        let pairs = self.sequences.iter().zip(&self.prompt_lengths);
        let examples: Vec<_> = pairs
            .map(|(tokens, &target_from)| TrainingExample {
                sequence: Sequence { tokens, target_from },
                weight: 1.0,
            })
            .collect();
        let step = TrainingStep {
            examples: &examples,
            micro_batch_tokens: 40,
            learning_rate: 3e-3,
        };
        let report = trainer.step(model, &step).unwrap();
        (report.loss, report.grad_norm)
    }
}

fn lora(targets: &[&str]) -> Lora {
    Lora {
        rank: 4,
        alpha: 8.0,
        rslora: false,
        target_modules: targets.iter().map(|&target| target.to_owned()).collect(),
        seed: 11,
    }
}

/// What the adapter of a golden has.
fn settings_of(case: &str) -> Lora {
    let (rank, alpha, rslora, targets): (_, _, _, &[&str]) = match case {
        "lora-gemma3" => (4, 6.0, false, &[ALL_LINEAR]),
        "lora-phi3" => (3, 2.0, true, &["qkv_proj", "down_proj"]),
        _ => (2, 4.0, false, &["q_proj", "v_proj", "up_proj"]),
    };
    Lora {
        rank,
        alpha,
        rslora,
        ..lora(targets)
    }
}

fn open(directory: &Path, kind: Kind, lora: &Lora) -> Model {
    tch::set_num_threads(1);
    Model::load_adapted(directory, Device::Cpu, kind, lora).unwrap()
}

/// A model of which some steps have trained all adapters.
fn trained(case: &str, kind: Kind) -> (Golden, Model) {
    let golden = Golden::read(case);
    let data = Trained::read(&golden.directory);
    let mut model = open(&golden.directory, kind, &lora(&[ALL_LINEAR]));
    let mut trainer = Trainer::new(&model, &OPTIONS);
    for _ in 0..3 {
        data.step(&mut trainer, &mut model);
    }
    (golden, model)
}

fn logits(model: &Model, tokens: &[i64]) -> Tensor {
    let _no_grad = tch::no_grad_guard();
    let tokens = Tensor::from_slice(tokens).unsqueeze(0);
    model.logits(&model.forward(&tokens)).squeeze_dim(0)
}

fn copies(parameters: Vec<restem_torch::Parameter<'_>>) -> Vec<Tensor> {
    parameters
        .iter()
        .map(|parameter| parameter.tensor.copy())
        .collect()
}

#[test]
fn logits_equal_those_of_peft_with_the_adapter_beside_the_weights_and_merged_into_them() {
    for case in ADAPTERS {
        let golden = Golden::read(case);
        let merged = Model::load(&golden.directory, Device::Cpu, Kind::Float).unwrap();
        let beside = open(&golden.directory, Kind::Float, &settings_of(case));
        assert!(beside.is_adapted() && !merged.is_adapted());
        for model in [merged, beside] {
            let expected = golden.logits(model.config.vocab_size);
            let error = (logits(&model, &golden.tokens) - expected).abs().max();
            assert!(error.double_value(&[]) <= golden.tolerance(), "{case}: {error:?}");
        }
    }
}

#[test]
fn loss_and_gradient_norm_equal_those_of_peft_before_and_after_a_step() {
    for case in ADAPTERS {
        let golden = Golden::read(case);
        let data = Trained::read(&golden.directory);
        let mut model = open(&golden.directory, Kind::Float, &settings_of(case));
        let mut trainer = Trainer::new(&model, &OPTIONS);
        let before = data.step(&mut trainer, &mut model);
        let after = data.step(&mut trainer, &mut model);
        for (found, expected) in [
            (before.0, data.loss),
            (before.1, data.grad_norm),
            (after.0, data.loss_after),
            (after.1, data.grad_norm_after),
        ] {
            assert!(
                (found / expected - 1.0).abs() < 1e-4,
                "{case}: {found} {expected}"
            );
        }
    }
}

#[test]
fn new_adapters_change_nothing_yet_and_training_them_leaves_the_weights_alone() {
    for case in CASES {
        for kind in [Kind::Float, Kind::BFloat16] {
            let golden = Golden::read(case);
            let base = Model::load(&golden.directory, Device::Cpu, kind).unwrap();
            let mut model = open(&golden.directory, kind, &lora(&[ALL_LINEAR]));
            let before = logits(&base, &golden.tokens);
            assert_eq!(logits(&model, &golden.tokens), before, "{case}");
            let data = Trained::read(&golden.directory);
            let mut trainer = Trainer::new(&model, &OPTIONS);
            let losses: Vec<f64> = (0..20).map(|_| data.step(&mut trainer, &mut model).0).collect();
            assert!(losses[19] < 0.9 * losses[0], "{case} {kind:?}: {losses:?}");
            assert_eq!(copies(model.parameters()), copies(base.parameters()), "{case}");
        }
    }
}

#[test]
fn a_saved_adapter_is_the_one_that_was_trained_and_names_its_base() {
    for case in CASES {
        for kind in [Kind::Float, Kind::BFloat16] {
            let (golden, model) = trained(case, kind);
            let folder = tempfile::tempdir().unwrap();
            let place = folder.path().join("adapter");
            model
                .save_adapters(&golden.directory, &golden.directory, &place)
                .unwrap();
            let again = open(&place, kind, &lora(&[ALL_LINEAR]));
            assert_eq!(copies(again.trainable()), copies(model.trainable()), "{case}");
            // What a stream of the model under training merges, and what opening the directory merges.
            let merged = Model::load(&place, Device::Cpu, kind).unwrap();
            let problems = [Problem::new(vec![2, 5, 9, 30], 0..3, 8)];
            assert_eq!(run(&merged, 4, &problems), run(&model, 4, &problems), "{case}");
            assert!(place.join("generation_config.json").exists());
        }
    }
}

#[test]
fn the_description_of_an_adapter_is_pefts() {
    let golden = Golden::read("qwen2");
    let folder = tempfile::tempdir().unwrap();
    let describe = |targets: &[&str]| {
        let model = open(&golden.directory, Kind::Float, &lora(targets));
        model
            .save_adapters(&golden.directory, &golden.directory, folder.path())
            .unwrap();
        let text = std::fs::read_to_string(folder.path().join("adapter_config.json")).unwrap();
        let base = std::fs::canonicalize(&golden.directory).unwrap();
        text.replace(&base.display().to_string(), "BASE")
    };
    insta::assert_snapshot!(describe(&["q_proj", "down_proj"]), @r#"
    {
      "base_model_name_or_path": "BASE",
      "bias": "none",
      "fan_in_fan_out": false,
      "inference_mode": true,
      "init_lora_weights": true,
      "lora_alpha": 8,
      "lora_dropout": 0.0,
      "modules_to_save": null,
      "peft_type": "LORA",
      "r": 4,
      "target_modules": [
        "q_proj",
        "down_proj"
      ],
      "task_type": "CAUSAL_LM",
      "use_dora": false,
      "use_rslora": false
    }
    "#);
    let targets =
        |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap()["target_modules"].take();
    assert_eq!(
        targets(&describe(&["layers.1.self_attn.q_proj", "up_proj"])),
        serde_json::json!(["up_proj", "model.layers.1.self_attn.q_proj"])
    );
}

#[test]
fn a_saved_state_goes_on_bit_by_bit_and_holds_the_adapters_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.safetensors");
    for kind in [Kind::Float, Kind::BFloat16] {
        let golden = Golden::read("gemma3");
        let data = Trained::read(&golden.directory);
        let mut model = open(&golden.directory, kind, &lora(&["q_proj", "down_proj"]));
        let mut trainer = Trainer::new(&model, &OPTIONS);
        let several = |trainer: &mut Trainer, model: &mut Model| {
            let steps = (0..3).map(|_| data.step(trainer, model));
            steps.collect::<Vec<_>>()
        };
        several(&mut trainer, &mut model);
        trainer.save_state(&model, &path).unwrap();
        let expected = several(&mut trainer, &mut model);

        let mut again = open(&golden.directory, kind, &lora(&["q_proj", "down_proj"]));
        let mut resumed = Trainer::new(&again, &OPTIONS);
        resumed.load_state(&mut again, &path).unwrap();
        assert_eq!(several(&mut resumed, &mut again), expected);
        assert_eq!(copies(again.trainable()), copies(model.trainable()));
        let numbers: usize = model
            .trainable()
            .iter()
            .map(|parameter| parameter.tensor.numel())
            .sum();
        let size = std::fs::metadata(&path).unwrap().len() as usize;
        assert!(
            (12 * numbers..12 * numbers + 20_000).contains(&size),
            "{size} bytes, {numbers} numbers"
        );
    }
}

#[test]
fn the_seed_decides_the_first_values_alone() {
    let golden = Golden::read("qwen3");
    let values = |lora: &Lora| copies(open(&golden.directory, Kind::Float, lora).trainable());
    let all = lora(&[ALL_LINEAR]);
    assert_eq!(values(&all), values(&all));
    assert_ne!(
        values(&all),
        values(&Lora {
            seed: 12,
            ..all.clone()
        })
    );
}
