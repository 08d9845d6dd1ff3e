//! Trains adapters for PEFT to read: `adapter GOLDEN_DIR OUT TARGET…`, where `GOLDEN_DIR` is a model's folder that
//! `conformance/make_goldens.py` wrote. Into `OUT` go `adapter/`, `merged/` (the adapter in the weights) and `logits.safetensors`,
//! the logits of the golden's tokens with the adapter beside the weights, for `conformance/check_adapters.py`.

use std::path::Path;

use restem_policy_abi::{Lora, Sequence, TrainingExample, TrainingOptions, TrainingStep};
use restem_torch::{Model, Trainer};
use serde::Deserialize;
use tch::{Device, Kind, Tensor};

const STEPS: u32 = 5;

#[derive(Deserialize)]
struct Golden {
    tokens: Vec<i64>,
    train: Rows,
}

#[derive(Deserialize)]
struct Rows {
    sequences: Vec<Vec<u32>>,
    prompt_lengths: Vec<usize>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [golden_dir, out, targets @ ..] = &arguments[..] else {
        return Err("usage: adapter GOLDEN_DIR OUT TARGET…".into());
    };
    let (golden_dir, out) = (Path::new(golden_dir), Path::new(out));
    let golden: Golden = serde_json::from_slice(&std::fs::read(golden_dir.join("golden.json"))?)?;
    let lora = Lora {
        rank: 4,
        alpha: 8.0,
        rslora: true,
        target_modules: targets.to_vec(),
        seed: 1,
    };
    let mut model = Model::load_adapted(golden_dir, Device::Cpu, Kind::Float, &lora)?;
    let options = TrainingOptions {
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        weight_decay: 0.0,
        max_grad_norm: 1.0,
    };
    let rows = golden.train.sequences.iter().zip(&golden.train.prompt_lengths);
    let examples: Vec<_> = rows
        .map(|(tokens, &target_from)| TrainingExample {
            sequence: Sequence { tokens, target_from },
            weight: 1.0,
        })
        .collect();
    let mut trainer = Trainer::new(&model, &options);
    for _ in 0..STEPS {
        let step = TrainingStep {
            examples: &examples,
            micro_batch_tokens: 64,
            learning_rate: 1e-2,
        };
        trainer.step(&mut model, &step)?;
    }
    let adapter = out.join("adapter");
    model.save_adapters(golden_dir, golden_dir, &adapter)?;
    let tokens = Tensor::from_slice(&golden.tokens).unsqueeze(0);
    let logits = tch::no_grad(|| model.logits(&model.forward(&tokens)).squeeze_dim(0));
    Tensor::write_safetensors(&[("logits", logits)], out.join("logits.safetensors"))?;
    // As `restem model merge` does: in the type that the base is stored in.
    let merged = Model::load(&adapter, Device::Cpu, Kind::BFloat16)?;
    merged.save(golden_dir, &out.join("merged"), Kind::BFloat16)?;
    Ok(())
}
