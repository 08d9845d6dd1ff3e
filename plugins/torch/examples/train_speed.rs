//! Measures trained tokens per second: `train_speed MODEL_DIR [--dtype bf16] [--batch 8] [--length 150] [--target 15]
//! [--common 0] [--rows FILE] [--learning-rate 1e-5] [--micro-batch-tokens 4096] [--steps 5] [--threads 2] [--lora 16]
//! [--activation-mib 4096] [--json]`.
//!
//! Tokens are those of the sequences, whole; `--common` of them are the same at the start of each. Rows are made up, or
//! those of FILE (JSON: `tokens`, `target_from`), `--batch` of them per step in their order. `--lora` trains adapters of this rank
//! on all projections, `--activation-mib` bounds what a pass keeps. `--json` prints one object with the losses, the seconds of
//! each step, and the seconds that the machine's roofline would allow for it (training all weights).
#![expect(clippy::print_stdout, reason = "its report is its purpose")]

mod shared;

use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::time::Instant;

use restem_policy_abi::{ALL_LINEAR, Lora, Sequence, TrainingExample, TrainingOptions, TrainingStep};
use restem_torch::{Model, Trainer, parse_dtype};
use serde::Deserialize;
use shared::peak_megabytes;
use shared::roofline::{Roofline, Weights};
use tch::Device;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    restem_torch::keep_freed_memory();
    let mut arguments = std::env::args().skip(1);
    let directory = arguments
        .next()
        .ok_or("usage: train_speed MODEL_DIR [--NAME VALUE …]")?;
    let mut settings = BTreeMap::new();
    while let Some(name) = arguments.next() {
        let value = match &*name {
            "--json" => String::new(),
            _ => arguments.next().ok_or("a value is missing")?,
        };
        settings.insert(name.trim_start_matches("--").to_owned(), value);
    }
    let number = |name: &str, default: u32| {
        settings
            .get(name)
            .map_or(default, |text| text.parse().expect("a number"))
    };
    tch::set_num_threads(number("threads", 2) as i32);
    let dtype = parse_dtype(settings.get("dtype").map_or("bf16", String::as_str))?;
    let directory = Path::new(&directory);
    let mut model = match number("lora", 0) {
        0 => Model::load(directory, Device::Cpu, dtype)?,
        rank => Model::load_adapted(directory, Device::Cpu, dtype, &adapters(rank))?,
    };
    let (batch, length, target) = (number("batch", 8), number("length", 150), number("target", 15));
    let common = number("common", 0);
    let token = |row: u32, at: u32| match at {
        0 => 2,
        _ => 1000 + (at * 37 + if at < common { 0 } else { row * 101 + 7 }) % 20_000,
    };
    let made_up = |row: u32| Row {
        tokens: (0..length).map(|at| token(row, at)).collect(),
        target_from: (length - target) as usize,
    };
    let rows: Vec<Row> = match settings.get("rows") {
        Some(file) => serde_json::from_str(&std::fs::read_to_string(file)?)?,
        None => (0..batch).map(made_up).collect(),
    };
    let examples: Vec<_> = rows
        .iter()
        .map(|row| TrainingExample {
            sequence: Sequence {
                tokens: &row.tokens,
                target_from: row.target_from,
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
    let budget = match number("activation-mib", 0) {
        0 => u64::MAX,
        mib => u64::from(mib) << 20,
    };
    let mut trainer = Trainer::new(&model, &options).within(budget);
    let learning_rate = settings
        .get("learning-rate")
        .map_or(Ok(1e-5), |text| text.parse())?;
    let micro_batch_tokens = u64::from(number("micro-batch-tokens", 4096));
    let (mut losses, mut seconds, mut target_tokens) = (Vec::new(), Vec::new(), 0);
    let mut sizes = Vec::new();
    let mut rows = examples.iter().cycle();
    for index in 0..number("steps", 5) {
        let examples: Vec<_> = rows.by_ref().take(batch as usize).copied().collect();
        let start = Instant::now();
        let report = trainer.step(
            &mut model,
            &TrainingStep {
                examples: &examples,
                micro_batch_tokens,
                learning_rate,
            },
        )?;
        seconds.push(start.elapsed().as_secs_f64());
        losses.push(report.loss);
        target_tokens += report.target_tokens;
        sizes.push((different_beginnings(&examples), report.target_tokens as f64));
        if !settings.contains_key("json") {
            println!(
                "step {index}: {:.2} s, loss {:.4}, gradient norm {:.4}",
                seconds[index as usize], report.loss, report.grad_norm
            );
        }
    }
    if settings.contains_key("json") {
        let peak_mb = peak_megabytes()?;
        let (roofline, weights) = (Roofline::measure(dtype), Weights::of(&model));
        let at_best = |&(tokens, targets): &(f64, f64)| step_at_best(roofline, weights, tokens, targets);
        let report = serde_json::json!({
            "losses": losses,
            "seconds": seconds,
            "target_tokens": target_tokens,
            "peak_mb": peak_mb,
            "operations": roofline.operations,
            "roofline_seconds": sizes.iter().map(at_best).collect::<Vec<_>>(),
        });
        println!("{report}");
        return Ok(());
    }
    let best = seconds.iter().copied().fold(f64::INFINITY, f64::min);
    let tokens = f64::from(batch * length);
    println!(
        "best step: {best:.2} s, {:.0} tokens/s, {:.0} target tokens/s",
        tokens / best,
        f64::from(batch * target) / best
    );
    Ok(())
}

/// Seconds that a step takes at least: `tokens` go through the layers and `targets` of them through the head, once forward, and
/// back in two products, towards inputs and towards weights. Then AdamW, which the gradient's norm has to precede, reads
/// gradient, weight and both moments in f32, and writes the last three.
fn step_at_best(roofline: Roofline, weights: Weights, tokens: f64, targets: f64) -> f64 {
    let operations = 6.0 * (weights.layers * tokens + weights.head * targets);
    let bytes = 7.0 * 4.0 * (weights.layers + weights.head);
    operations / roofline.operations + bytes / roofline.bytes
}

/// Tokens of a step that have to go through the layers: each beginning that sequences have in common once, and no sequence's last.
fn different_beginnings(examples: &[TrainingExample<'_>]) -> f64 {
    let beginnings = examples.iter().flat_map(|example| {
        let tokens = example.sequence.tokens;
        (1..tokens.len()).map(move |end| &tokens[..end])
    });
    beginnings.collect::<HashSet<_>>().len() as f64
}

fn adapters(rank: u32) -> Lora {
    Lora {
        rank,
        alpha: f64::from(2 * rank),
        rslora: false,
        target_modules: vec![ALL_LINEAR.to_owned()],
        seed: 0,
    }
}

#[derive(Deserialize)]
struct Row {
    tokens: Vec<u32>,
    target_from: usize,
}
