//! The backend through the traits that the C ABI is made of.

use std::path::Path;

use restem_policy_abi::{
    Backend, BackendError, Drawn, ErrorCode, Generation, Model, ModelIdentity, OpenOptions, OpenRequest,
    Prompt, SampleSeed, Sampling, Table,
};
use restem_torch::{Stream, Torch};
use tch::{Device, Kind};

use crate::golden::Golden;

fn open(model_dir: &Path, dtype: &str, options: &str) -> Result<<Torch as Backend>::Model, BackendError> {
    let options = OpenOptions::from_json(options).unwrap();
    Torch::open(&OpenRequest {
        model_dir,
        device: "cpu",
        dtype,
        options,
    })
}

#[test]
fn the_exported_table_is_that_of_torch() {
    assert_eq!(Table::<Torch>::API.name.len, 5);
    assert!(Table::<Torch>::API.gen_step.is_some());
}

#[test]
fn a_model_says_what_it_runs_on() {
    let golden = Golden::read("gemma3");
    let ModelIdentity {
        device, dtype, rows, ..
    } = open(&golden.directory, "auto", r#"{"rows": 8}"#)
        .unwrap()
        .identity();
    assert_eq!((device.as_str(), dtype.as_str(), rows), ("cpu", "bf16", 8));
    let stated = open(&golden.directory, "f32", r#"{"memory_gib": 0.5}"#)
        .unwrap()
        .identity();
    assert_eq!(stated.dtype, "f32");
    // Seven layers of two heads of 16 numbers, keys and values.
    assert_eq!(
        (stated.cache_bytes, stated.token_bytes),
        (1 << 29, 7 * 2 * 2 * 16 * 4)
    );
}

#[test]
fn rows_that_were_left_to_it_are_measured_where_they_change_no_sample() {
    let golden = Golden::read("gemma3");
    let chosen = |dtype| {
        let model = open(&golden.directory, dtype, r#"{"rows": "auto-where-same"}"#).unwrap();
        model.identity()
    };
    assert_eq!(chosen("f32").rows, 64);
    let bf16 = chosen("bf16");
    let kernels = bf16.instructions.contains("kernels");
    assert!(
        if kernels {
            [8, 16, 32, 64, 128, 256].contains(&bf16.rows)
        } else {
            bf16.rows == 64
        },
        "{bf16:?}"
    );
    let model = restem_torch::Model::load(&golden.directory, Device::Cpu, Kind::BFloat16).unwrap();
    assert_eq!(Stream::new(&model, 1).unwrap().has_kernels(), kernels);
}

#[test]
fn a_cpu_names_the_instructions_that_compute() {
    let golden = Golden::read("gemma3");
    let of = |dtype| {
        open(&golden.directory, dtype, r#"{"rows": 1}"#)
            .unwrap()
            .identity()
            .instructions
    };
    assert!(
        !of("f32").is_empty() && !of("f32").contains("BF16"),
        "{}",
        of("f32")
    );
    assert!(!of("bf16").is_empty());
}

#[test]
fn what_cannot_be_opened_is_refused_with_a_reason() {
    let golden = Golden::read("gemma3");
    let refusal = |dtype, options| {
        let error = open(&golden.directory, dtype, options).err().unwrap();
        (error.code, error.message)
    };
    assert_eq!(refusal("int4", "").0, ErrorCode::Unsuitable);
    assert_eq!(refusal("f32", r#"{"rows": 0}"#).0, ErrorCode::InvalidArgument);
    let (code, message) = refusal("f32", r#"{"lorra": 8}"#);
    assert_eq!(code, ErrorCode::InvalidArgument);
    insta::assert_snapshot!(message, @"unknown backend option `lorra`; known: rows, threads, lora, memory_gib");
    assert_eq!(
        open(Path::new("no/such/model"), "f32", "").err().unwrap().code,
        ErrorCode::Io
    );
    assert!(Torch::suitability("cpu", "auto").is_ok());
    assert_eq!(
        Torch::suitability("cuda:4096", "bf16").unwrap_err().code,
        ErrorCode::Unsuitable
    );
}

#[test]
fn samples_come_out_of_a_generation_until_none_is_left() {
    let golden = Golden::read("qwen2");
    let mut model = open(&golden.directory, "f32", r#"{"rows": 4}"#).unwrap();
    let mut generation = model.generation().unwrap();
    let samples = [1, 2, 3, 4, 5].map(|id| SampleSeed { id, seed: id });
    let sampling = Sampling {
        temperature: 1.0,
        top_p: 0.95,
        top_k: 0,
        max_tokens: 3,
        stop_tokens: &[],
    };
    let prompt = Prompt {
        tokens: &[2, 5, 6],
        samples: &samples,
        sampling,
    };
    Generation::submit(&mut generation, &mut model, &prompt).unwrap();
    let mut drawn: Vec<Drawn> = Vec::new();
    while Generation::step(&mut generation, &mut model, &mut drawn).unwrap() > 0 {}
    assert_eq!(drawn.len(), 15);
    assert_eq!(drawn.iter().filter(|token| token.finish.is_some()).count(), 5);
}

#[test]
fn saving_as_auto_keeps_the_type_of_the_origin() {
    let golden = Golden::read("llama-llama3-rope");
    let mut model = open(&golden.directory, "f32", "").unwrap();
    let folder = tempfile::tempdir().unwrap();
    model.save(folder.path(), "auto").unwrap();
    assert_eq!(open(folder.path(), "auto", "").unwrap().identity().dtype, "bf16");
    model.save(folder.path(), "f32").unwrap();
    assert_eq!(open(folder.path(), "auto", "").unwrap().identity().dtype, "f32");
}
