//! Compares a model with what transformers computed for it: `parity MODEL_DIR GOLDEN_DIR`, where `GOLDEN_DIR` is a
//! folder that `conformance/make_goldens.py` wrote. Exits with status 1 when a bound is missed.
#![expect(clippy::print_stdout, reason = "its report is its purpose")]

use std::path::Path;
use std::process::ExitCode;

use restem_policy_abi::{Drawn, Prompt, SampleSeed, Sampling};
use restem_torch::{Model, Stream};
use safetensors::SafeTensors;
use serde_json::Value;
use tch::{Device, Kind, Tensor};

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<ExitCode, Failure> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [model, golden] = &arguments[..] else {
        return Err("usage: parity MODEL_DIR GOLDEN_DIR".into());
    };
    let (model, golden) = (Path::new(model), Path::new(golden));
    let json: Value = serde_json::from_slice(&std::fs::read(golden.join("golden.json"))?)?;
    let file = std::fs::read(golden.join("golden.safetensors"))?;
    let view = SafeTensors::deserialize(&file)?.tensor("logits")?;
    let shape: Vec<i64> = view.shape().iter().map(|&size| size as i64).collect();
    let expected = Tensor::f_from_data_size(view.data(), &shape, Kind::Float)?;
    let tokens = token_ids(&json["tokens"])?;
    let gap = json["eager_sdpa_gap"].as_f64().ok_or("no `eager_sdpa_gap`")?;
    let bound = (2.0 * gap).max(1e-4);

    let exact = Model::load(model, Device::Cpu, Kind::Float)?;
    let error = logit_error(&exact, &tokens, &expected);
    println!("f32: largest logit error {error:.2e}, bound {bound:.2e} (eager against sdpa {gap:.2e})");
    let wanted = token_ids(&json["greedy"])?;
    let found = greedy(&exact, &tokens, wanted.len())?;
    let agree = found.iter().zip(&wanted).take_while(|(a, b)| a == b).count();
    println!(
        "f32: greedy continuation equal for {agree} of {} tokens",
        wanted.len()
    );
    let rounded = logit_error(
        &Model::load(model, Device::Cpu, Kind::BFloat16)?,
        &tokens,
        &expected,
    );
    println!("bf16 against f32: largest logit error {rounded:.2e}");
    Ok(if error <= bound && agree == wanted.len() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn token_ids(list: &Value) -> Result<Vec<i64>, Failure> {
    let ids = list
        .as_array()
        .and_then(|list| list.iter().map(Value::as_i64).collect());
    ids.ok_or_else(|| "golden.json lacks a list of token ids".into())
}

fn logit_error(model: &Model, tokens: &[i64], expected: &Tensor) -> f64 {
    let _no_grad = tch::no_grad_guard();
    let logits = model.logits(&model.forward(&Tensor::from_slice(tokens).unsqueeze(0)));
    (logits.squeeze_dim(0).to_kind(Kind::Float) - expected)
        .abs()
        .max()
        .double_value(&[])
}

fn greedy(model: &Model, tokens: &[i64], count: usize) -> Result<Vec<i64>, Failure> {
    let tokens = tokens
        .iter()
        .map(|&token| u32::try_from(token))
        .collect::<Result<Vec<_>, _>>()?;
    let mut stream = Stream::new(model, 4)?;
    let max_tokens = u32::try_from(count)?;
    let sampling = Sampling {
        temperature: 0.0,
        top_p: 1.0,
        top_k: 0,
        max_tokens,
        stop_tokens: &[],
    };
    let samples = [SampleSeed { id: 0, seed: 0 }];
    stream.submit(&Prompt {
        tokens: &tokens,
        samples: &samples,
        sampling,
    })?;
    let mut drawn: Vec<Drawn> = Vec::new();
    while stream.step(&mut drawn)? > 0 {}
    Ok(drawn.iter().map(|token| i64::from(token.token)).collect())
}
