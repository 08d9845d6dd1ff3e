//! Malformed, truncated and mismatched model directories end in an error that names the culprit.

use std::fs;
use std::path::Path;

use restem_torch::{Model, TorchError};
use serde_json::Value;
use tch::{Device, Kind};

use crate::golden::Golden;

/// Loads a copy of the `gemma3` golden after `spoil` has changed it.
fn load_spoiled(spoil: impl Fn(&Path)) -> TorchError {
    let folder = tempfile::tempdir().unwrap();
    let golden = Golden::read("gemma3");
    for name in ["config.json", "model.safetensors"] {
        fs::copy(golden.directory.join(name), folder.path().join(name)).unwrap();
    }
    spoil(folder.path());
    Model::load(folder.path(), Device::Cpu, Kind::Float)
        .err()
        .expect("a spoiled model must not load")
}

fn edit_config(folder: &Path, key: &str, value: Value) {
    let path = folder.join("config.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    config[key] = value;
    fs::write(path, config.to_string()).unwrap();
}

fn config_error(key: &str, value: Value) -> String {
    load_spoiled(|folder| edit_config(folder, key, value.clone())).to_string()
}

#[test]
fn a_truncated_file_is_refused_by_name() {
    for keep in [0, 4, 8, 100, 5_000, 300_000] {
        let error = load_spoiled(|folder| {
            let path = folder.join("model.safetensors");
            let bytes = fs::read(&path).unwrap();
            fs::write(&path, &bytes[..keep]).unwrap();
        });
        assert!(error.to_string().contains("model.safetensors"), "{keep}: {error}");
    }
}

#[test]
fn a_header_that_lies_about_its_length_is_refused() {
    for length in [u64::MAX, 1 << 40, 99_000_000, 0] {
        let error = load_spoiled(|folder| {
            let path = folder.join("model.safetensors");
            let mut bytes = fs::read(&path).unwrap();
            bytes[..8].copy_from_slice(&length.to_le_bytes());
            fs::write(&path, &bytes).unwrap();
        });
        assert!(
            matches!(error, TorchError::Safetensors { .. }),
            "{length}: {error}"
        );
    }
}

#[test]
fn a_tensor_of_the_wrong_shape_is_named_with_both_shapes() {
    insta::assert_snapshot!(
        config_error("intermediate_size", 97.into()),
        @"tensor `model.layers.0.mlp.gate_proj.weight` has shape [96, 48], but config.json implies [97, 48]"
    );
}

#[test]
fn a_missing_tensor_is_named() {
    let error = load_spoiled(|folder| edit_config(folder, "tie_word_embeddings", false.into()));
    assert!(
        matches!(&error, TorchError::MissingTensor { name, .. } if name == "lm_head.weight"),
        "{error}"
    );
}

#[test]
fn an_index_cannot_reach_outside_the_directory() {
    let error = load_spoiled(|folder| {
        let index = r#"{"weight_map": {"model.norm.weight": "../../etc/passwd"}}"#;
        fs::write(folder.join("model.safetensors.index.json"), index).unwrap();
    });
    assert!(
        error.to_string().contains("outside the model directory"),
        "{error}"
    );
}

#[test]
fn an_index_with_a_tensor_that_its_shard_lacks_is_refused() {
    let error = load_spoiled(|folder| {
        let index = r#"{"weight_map": {"no.such.tensor": "model.safetensors"}}"#;
        fs::write(folder.join("model.safetensors.index.json"), index).unwrap();
    });
    assert!(error.to_string().contains("no.such.tensor"), "{error}");
}

#[test]
fn unsupported_settings_are_named() {
    insta::assert_snapshot!(
        config_error("architectures", serde_json::json!(["MambaForCausalLM"])),
        @"architecture `MambaForCausalLM` is not supported; supported: Gemma2ForCausalLM, Gemma3ForCausalLM, LlamaForCausalLM, MistralForCausalLM, Phi3ForCausalLM, Qwen2ForCausalLM, Qwen3ForCausalLM"
    );
    insta::assert_snapshot!(
        config_error("final_logit_softcapping", 30.0.into()),
        @"config.json: `final_logit_softcapping` = 30.0 is not supported: expected it to be absent or off, because this backend lacks it"
    );
    insta::assert_snapshot!(
        config_error("rope_parameters", serde_json::json!({"full_attention": {"rope_type": "yarn"}})),
        @"config.json: `rope_parameters.full_attention.rope_type` = \"yarn\" is not supported: expected `default`, `linear` or `llama3`"
    );
    insta::assert_snapshot!(
        config_error("hidden_size", (-1).into()),
        @"config.json: `hidden_size` = -1 is not supported: expected an integer from 1 to 16777216"
    );
    insta::assert_snapshot!(
        config_error("hidden_size", Value::Null),
        @"config.json has no `hidden_size`, which Gemma3ForCausalLM needs"
    );
    insta::assert_snapshot!(
        config_error("num_key_value_heads", 3.into()),
        @"config.json: `num_key_value_heads` = 3 is not supported: expected a divisor of num_attention_heads = 4"
    );
}

#[test]
fn arbitrary_bytes_in_place_of_json_are_an_error() {
    for bytes in [
        &b""[..],
        b"[]",
        b"null",
        b"{\"architectures\": 3}",
        b"\xff\xfe",
        b"{",
    ] {
        load_spoiled(|folder| fs::write(folder.join("config.json"), bytes).unwrap());
    }
}
