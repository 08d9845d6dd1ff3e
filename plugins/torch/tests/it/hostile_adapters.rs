//! Adapters that don't fit, and settings that can't be followed, end in an error that names the culprit.

use std::fs;
use std::path::Path;

use restem_policy_abi::Lora;
use restem_torch::{Model, Result};
use serde_json::{Value, json};
use tch::{Device, Kind, Tensor};

use crate::golden::Golden;

/// Loads a copy of the adapter of `qwen2` after `spoil` has changed it; the error without the names of temporary places.
fn load_spoiled(spoil: impl Fn(&Path)) -> String {
    let folder = tempfile::tempdir().unwrap();
    let golden = Golden::read("lora-qwen2");
    for name in ["adapter_config.json", "adapter_model.safetensors"] {
        fs::copy(golden.directory.join(name), folder.path().join(name)).unwrap();
    }
    let base = golden.directory.join("../qwen2");
    edit(folder.path(), "base_model_name_or_path", json!(base));
    spoil(folder.path());
    let error = Model::load(folder.path(), Device::Cpu, Kind::Float).err();
    let text = error.expect("a spoiled adapter must not load").to_string();
    text.replace(&folder.path().display().to_string(), "DIR")
}

fn edit(folder: &Path, key: &str, value: Value) {
    let path = folder.join("adapter_config.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    config[key] = value;
    fs::write(path, config.to_string()).unwrap();
}

fn config_error(key: &str, value: Value) -> String {
    load_spoiled(|folder| edit(folder, key, value.clone()))
}

/// The adapter's tensors after `change`.
fn tensors_error(change: impl Fn(&mut Vec<(String, Tensor)>)) -> String {
    load_spoiled(|folder| {
        let path = folder.join("adapter_model.safetensors");
        let mut tensors = Tensor::read_safetensors(&path).unwrap();
        tensors.sort_by(|a, b| a.0.cmp(&b.0));
        change(&mut tensors);
        Tensor::write_safetensors(&tensors, &path).unwrap();
    })
}

#[test]
fn settings_that_are_not_done_here_are_refused_by_name() {
    insta::assert_snapshot!(
        config_error("use_dora", json!(true)),
        @"`DIR/adapter_config.json`: `use_dora` = true is not supported: expected nothing of the kind"
    );
    insta::assert_snapshot!(
        config_error("peft_type", json!("IA3")),
        @r#"`DIR/adapter_config.json`: `peft_type` = "IA3" is not supported: expected "LORA""#
    );
    insta::assert_snapshot!(
        config_error("init_lora_weights", json!("pissa_niter_4")),
        @r#"`DIR/adapter_config.json`: `init_lora_weights` = "pissa_niter_4" is not supported: expected a beginning that leaves the base model as it is"#
    );
    for (key, value) in [
        ("bias", json!("all")),
        ("modules_to_save", json!(["lm_head"])),
        ("rank_pattern", json!({"q_proj": 8})),
        ("r", json!(0)),
        ("r", json!("4")),
        ("lora_alpha", Value::Null),
    ] {
        let error = config_error(key, value);
        assert!(error.contains(&format!("`{key}` = ")), "{error}");
    }
}

#[test]
fn a_base_that_is_not_there_is_named() {
    insta::assert_snapshot!(config_error("base_model_name_or_path", json!("google/gemma-3-270m")), @"
    the adapter `DIR` belongs to the base model `google/gemma-3-270m`, which is no directory here
      hint: set `base_model_name_or_path` in `DIR/adapter_config.json` to the base model's directory
    ");
}

#[test]
fn factors_that_are_missing_or_too_many_or_of_another_size_are_named() {
    let error = tensors_error(|tensors| drop(tensors.remove(0)));
    assert!(
        error.starts_with("tensor `base_model.model.model.layers.0.mlp.up_proj.lora_A.weight` is missing"),
        "{error}"
    );
    let extra = |tensors: &mut Vec<(String, Tensor)>| {
        let tensor = tensors[0].1.copy();
        tensors.push(("base_model.model.lm_head.lora_A.weight".into(), tensor));
    };
    insta::assert_snapshot!(tensors_error(extra), @"
    `DIR/adapter_model.safetensors`: tensor `base_model.model.lm_head.lora_A.weight` belongs to no projection of the base model's layers
      hint: check that `base_model_name_or_path` names the adapter's base; adapters of embeddings and heads are not supported
    ");
    let error = config_error("r", json!(3));
    assert!(error.contains("has shape [2, 48]"), "{error}");
    // Another base: its projections have other names.
    let error = config_error("base_model_name_or_path", json!(Golden::read("phi3").directory));
    assert!(error.contains("belongs to no projection"), "{error}");
}

#[test]
fn a_file_that_is_cut_short_is_refused_by_name() {
    for keep in [0, 8, 100, 5000] {
        let error = load_spoiled(|folder| {
            let path = folder.join("adapter_model.safetensors");
            let bytes = fs::read(&path).unwrap();
            fs::write(&path, &bytes[..keep]).unwrap();
        });
        assert!(error.contains("adapter_model.safetensors"), "{keep}: {error}");
    }
}

fn asked(rank: u32, targets: &[&str]) -> Lora {
    Lora {
        rank,
        alpha: 4.0,
        rslora: false,
        target_modules: targets.iter().map(|&target| target.to_owned()).collect(),
        seed: 0,
    }
}

fn refusal(case: &str, lora: &Lora) -> String {
    let directory = Golden::read(case).directory;
    let opened: Result<Model> = Model::load_adapted(&directory, Device::Cpu, Kind::Float, lora);
    let text = opened.err().expect("this can't be trained").to_string();
    text.replace(&directory.display().to_string(), "DIR")
}

#[test]
fn what_can_not_be_trained_is_said_with_what_could() {
    insta::assert_snapshot!(
        refusal("phi3", &asked(4, &["o_proj", "q_proj"])),
        @"lora: target_modules: no projection of this model's layers is named `q_proj`; there are qkv_proj, o_proj, gate_up_proj, down_proj, and `all-linear` for all of them"
    );
    insta::assert_snapshot!(refusal("qwen2", &asked(0, &["q_proj"])), @"lora: rank is 0: it must be 1 or more");
    insta::assert_snapshot!(refusal("qwen2", &asked(2, &[])), @"lora: target_modules is empty: write `all-linear` or names");
    let alpha = f64::NAN;
    insta::assert_snapshot!(
        refusal("qwen2", &Lora { alpha, ..asked(2, &["q_proj"]) }),
        @"lora: alpha = NaN is no number"
    );
}

#[test]
fn an_adapter_goes_on_with_its_own_settings_only() {
    let own = ["q_proj", "v_proj", "up_proj"];
    insta::assert_snapshot!(refusal("lora-qwen2", &asked(8, &own)), @"
    lora: the adapter `DIR` has rank = 2, not 8
      hint: train on with the adapter's own settings, or merge it into its base first (`restem model merge`)
    ");
    insta::assert_snapshot!(refusal("lora-qwen2", &asked(2, &["q_proj", "v_proj"])), @"
    lora: the adapter `DIR` has target_modules = q_proj, v_proj, up_proj, not q_proj, v_proj
      hint: train on with the adapter's own settings, or merge it into its base first (`restem model merge`)
    ");
    let rslora = true;
    insta::assert_snapshot!(refusal("lora-qwen2", &Lora { rslora, ..asked(2, &own) }), @"
    lora: the adapter `DIR` has alpha = 4 (rslora = false), not 4 (rslora = true)
      hint: train on with the adapter's own settings, or merge it into its base first (`restem model merge`)
    ");
}
