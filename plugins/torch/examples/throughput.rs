//! Measures sampled tokens per second: `throughput MODEL_DIR [--dtype bf16] [--rows N] [--problems 16] [--samples 16]
//! [--prompt-tokens 200] [--common-tokens 150] [--prompts FILE] [--max-tokens 32] [--threads 2] [--check] [--other-rows N] [--libtorch] [--json]`.
//!
//! Prompts are made up, or the lists of token ids in FILE (JSON). `--check` then draws some of the samples again, alone, and
//! compares every bit; `--other-rows` draws all of them with another number of decode rows and counts equal ones. `--libtorch` does
//! without the kernels for this CPU. `--json` prints one object: tokens, seconds, peak memory, the tokens per second that the matrix
//! products of a step alone would allow, and the machine's roofline with what it would allow.
#![expect(clippy::print_stdout, reason = "its report is its purpose")]

mod shared;

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use restem_policy_abi::{Drawn, Prompt, SampleSeed, Sampling};
use restem_torch::{Model, Stream, parse_dtype};
use shared::peak_megabytes;
use shared::roofline::{Roofline, Weights};
use tch::{Device, Tensor};

struct Settings(BTreeMap<String, String>);

impl Settings {
    fn number(&self, name: &str, default: u32) -> u32 {
        self.0
            .get(name)
            .map_or(default, |text| text.parse().expect("a number"))
    }
}

type Drawings = BTreeMap<u64, Vec<(u32, u32)>>;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    restem_torch::keep_freed_memory();
    let mut arguments = std::env::args().skip(1);
    let directory = arguments
        .next()
        .ok_or("usage: throughput MODEL_DIR [--NAME VALUE …] [--check]")?;
    let mut settings = Settings(BTreeMap::new());
    while let Some(name) = arguments.next() {
        let value = if ["--check", "--json", "--libtorch"].contains(&&*name) {
            String::new()
        } else {
            arguments.next().ok_or("a value is missing")?
        };
        settings.0.insert(name.trim_start_matches("--").into(), value);
    }
    tch::set_num_threads(settings.number("threads", 2) as i32);
    let dtype = parse_dtype(settings.0.get("dtype").map_or("bf16", String::as_str))?;
    let model = Model::load(Path::new(&directory), Device::Cpu, dtype)?;
    let rows = settings.number("rows", restem_torch::default_rows(&model));
    let (problems, samples) = (settings.number("problems", 16), settings.number("samples", 16));
    let prompts = prompts(&settings, problems)?;
    let ids = |problem: u32| (0..samples).map(move |sample| u64::from(problem * samples + sample));

    let stream = |rows: u32| -> Result<Stream, restem_torch::TorchError> {
        let stream = Stream::new(&model, rows)?;
        Ok(if settings.0.contains_key("libtorch") {
            stream.without_kernels()
        } else {
            stream
        })
    };
    let mut first = stream(rows)?;
    for problem in 0..problems {
        submit(&mut first, &settings, &prompts[problem as usize], ids(problem))?;
    }
    let start = Instant::now();
    let (drawings, steps) = finish(&mut first)?;
    let seconds = start.elapsed().as_secs_f64();
    let tokens: usize = drawings.values().map(Vec::len).sum();
    if settings.0.contains_key("json") {
        let peak_mb = peak_megabytes()?;
        let roofline = Roofline::measure(dtype);
        let at_best = decode_step_at_best(roofline, &model, rows);
        let report = serde_json::json!({
            "tokens": tokens,
            "seconds": seconds,
            "rows": rows,
            "peak_mb": peak_mb,
            "products_only": f64::from(rows) / products_of_a_step(&model, rows),
            "operations": roofline.operations,
            "bytes": roofline.bytes,
            "roofline": f64::from(rows) / at_best,
        });
        println!("{report}");
        return Ok(());
    }
    println!(
        "{tokens} tokens of {} samples in {seconds:.2} s and {steps} steps: {:.0} tokens/s, {:.1} ms per step",
        drawings.len(),
        tokens as f64 / seconds,
        1e3 * seconds / steps as f64
    );
    if settings.0.contains_key("other-rows") {
        let mut stream = stream(settings.number("other-rows", rows))?;
        for problem in 0..problems {
            submit(&mut stream, &settings, &prompts[problem as usize], ids(problem))?;
        }
        let others = finish(&mut stream)?.0;
        let tokens = |drawing: &[(u32, u32)]| drawing.iter().map(|drawn| drawn.0).collect::<Vec<_>>();
        let equal = drawings
            .iter()
            .filter(|(id, drawing)| tokens(drawing) == tokens(&others[*id]));
        println!(
            "{} of {} samples have the same tokens",
            equal.count(),
            drawings.len()
        );
    }
    if settings.0.contains_key("check") {
        let mut different = 0;
        let chosen: Vec<u64> = (0..problems)
            .map(|problem| u64::from(problem * samples + problem % samples))
            .collect();
        for &id in &chosen {
            let mut stream = stream(rows)?;
            let prompt = &prompts[id as usize / samples as usize];
            submit(&mut stream, &settings, prompt, std::iter::once(id))?;
            different += usize::from(finish(&mut stream)?.0[&id] != drawings[&id]);
        }
        println!("{different} of {} samples differ when drawn alone", chosen.len());
    }
    Ok(())
}

/// Those of `--prompts`, else made-up ones: common tokens first, then some of its own; 200 tokens give or take.
fn prompts(settings: &Settings, problems: u32) -> Result<Vec<Vec<u32>>, Box<dyn std::error::Error>> {
    if let Some(file) = settings.0.get("prompts") {
        return Ok(serde_json::from_str(&std::fs::read_to_string(file)?)?);
    }
    let (common, all) = (
        settings.number("common-tokens", 150),
        settings.number("prompt-tokens", 200),
    );
    let made_up = |problem: u32| {
        let own = move |at: u32| 1000 + (at * 37 + if at < common { 0 } else { problem * 101 }) % 20_000;
        std::iter::once(2)
            .chain((1..all + problem % 7).map(own))
            .collect()
    };
    Ok((0..problems).map(made_up).collect())
}

/// Seconds that the matrix products of one decode step take by themselves.
fn products_of_a_step(model: &Model, rows: u32) -> f64 {
    let _no_grad = tch::no_grad_guard();
    let input = |width: i64| Tensor::randn([i64::from(rows), width], (model.kind(), model.device()));
    let weights: Vec<&Tensor> = model
        .layers
        .iter()
        .flat_map(|layer| [&layer.qkv, &layer.out, &layer.gate_up, &layer.down].map(|linear| &linear.weight))
        .chain([model.head.as_ref().map_or(&model.embedding, |head| &head.weight)])
        .collect();
    let inputs: Vec<Tensor> = weights.iter().map(|weight| input(weight.size()[1])).collect();
    let step = || {
        let start = Instant::now();
        for (input, weight) in inputs.iter().zip(&weights) {
            let _ = input.linear(weight, None::<&Tensor>);
        }
        start.elapsed().as_secs_f64()
    };
    (0..10).map(|_| step()).fold(f64::INFINITY, f64::min)
}

/// Seconds that a decode step of so many rows takes at least: all weights are read, each row multiplies with all of them.
fn decode_step_at_best(roofline: Roofline, model: &Model, rows: u32) -> f64 {
    let weights = Weights::of(model);
    let all = weights.layers + weights.head;
    let reading = all * model.kind().elt_size_in_bytes() as f64 / roofline.bytes;
    let products = 2.0 * all * f64::from(rows) / roofline.operations;
    reading.max(products)
}

fn submit(
    stream: &mut Stream,
    settings: &Settings,
    tokens: &[u32],
    ids: impl Iterator<Item = u64>,
) -> Result<(), restem_torch::TorchError> {
    let samples: Vec<SampleSeed> = ids
        .map(|id| SampleSeed {
            id,
            seed: id ^ 0x5EED,
        })
        .collect();
    let max_tokens = settings.number("max-tokens", 32);
    let top_k = settings.number("top-k", 40);
    let sampling = Sampling {
        temperature: 0.7,
        top_p: 1.0,
        top_k,
        max_tokens,
        stop_tokens: &[],
    };
    stream.submit(&Prompt {
        tokens,
        samples: &samples,
        sampling,
    })
}

fn finish(stream: &mut Stream) -> Result<(Drawings, usize), restem_torch::TorchError> {
    let (mut drawings, mut steps) = (Drawings::new(), 0);
    loop {
        let mut drawn = Vec::new();
        let left = stream.step(&mut drawn)?;
        steps += 1;
        for Drawn {
            sample,
            token,
            log_prob,
            ..
        } in drawn
        {
            drawings
                .entry(sample)
                .or_default()
                .push((token, log_prob.to_bits()));
        }
        if left == 0 {
            return Ok((drawings, steps));
        }
    }
}
