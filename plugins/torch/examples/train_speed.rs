//! Measures trained tokens per second: `train_speed MODEL_DIR [--dtype bf16] [--batch 8] [--length 150] [--target 15]
//! [--common 0] [--micro-batch-tokens 4096] [--steps 5] [--threads 2]`.
//!
//! Tokens are those of the sequences, whole; `--common` of them are the same at the start of each.
#![expect(clippy::print_stdout, reason = "its report is its purpose")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use restem_policy_abi::{Sequence, TrainingExample, TrainingOptions, TrainingStep};
use restem_torch::{Model, Trainer, parse_dtype};
use tch::Device;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    restem_torch::keep_freed_memory();
    let mut arguments = std::env::args().skip(1);
    let directory = arguments
        .next()
        .ok_or("usage: train_speed MODEL_DIR [--NAME VALUE …]")?;
    let mut settings = BTreeMap::new();
    while let Some(name) = arguments.next() {
        let value = arguments.next().ok_or("a value is missing")?;
        settings.insert(name.trim_start_matches("--").to_owned(), value);
    }
    let number = |name: &str, default: u32| {
        settings
            .get(name)
            .map_or(default, |text| text.parse().expect("a number"))
    };
    tch::set_num_threads(number("threads", 2) as i32);
    let dtype = parse_dtype(settings.get("dtype").map_or("bf16", String::as_str))?;
    let mut model = Model::load(Path::new(&directory), Device::Cpu, dtype)?;
    let (batch, length, target) = (number("batch", 8), number("length", 150), number("target", 15));
    let common = number("common", 0);
    let token = |row: u32, at: u32| match at {
        0 => 2,
        _ => 1000 + (at * 37 + if at < common { 0 } else { row * 101 + 7 }) % 20_000,
    };
    let rows: Vec<Vec<u32>> = (0..batch)
        .map(|row| (0..length).map(|at| token(row, at)).collect())
        .collect();
    let examples: Vec<_> = rows
        .iter()
        .map(|tokens| TrainingExample {
            sequence: Sequence {
                tokens,
                target_from: (length - target) as usize,
            },
            weight: 1.0,
        })
        .collect();
    let options = TrainingOptions {
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        weight_decay: 0.0,
        max_grad_norm: 1.0,
    };
    let mut trainer = Trainer::new(&model, &options);
    let step = TrainingStep {
        examples: &examples,
        micro_batch_tokens: u64::from(number("micro-batch-tokens", 4096)),
        learning_rate: 1e-5,
    };
    let tokens = f64::from(batch * length);
    let mut best = f64::INFINITY;
    for index in 0..number("steps", 5) {
        let start = Instant::now();
        let report = trainer.step(&mut model, &step)?;
        let seconds = start.elapsed().as_secs_f64();
        best = best.min(seconds);
        println!(
            "step {index}: {seconds:.2} s, loss {:.4}, gradient norm {:.4}",
            report.loss, report.grad_norm
        );
    }
    println!(
        "best step: {best:.2} s, {:.0} tokens/s, {:.0} target tokens/s",
        tokens / best,
        f64::from(batch * target) / best
    );
    Ok(())
}
