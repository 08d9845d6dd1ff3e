//! `adapter_config.json`, PEFT's description of an adapter.

use std::path::Path;

use restem_policy_abi::ADAPTER_CONFIG;
use serde_json::{Value, json};

use super::adapter::Scaling;
use crate::config::read_json;
use crate::error::{Result, TorchError};

/// What changes an adapter's arithmetic in ways that are not done here, unless it is nothing.
const OTHERS: [&str; 17] = [
    "alora_invocation_tokens",
    "alpha_pattern",
    "arrow_config",
    "bias",
    "fan_in_fan_out",
    "kasa_config",
    "layer_replication",
    "lora_bias",
    "modules_to_save",
    "monteclora_config",
    "rank_pattern",
    "target_parameters",
    "trainable_token_indices",
    "use_bdlora",
    "use_dora",
    "use_qalora",
    "velora_config",
];

/// Reads the scaling of the adapter in `directory`.
///
/// # Errors
/// Unreadable files, other kinds of adapters than LoRA, and fields that ask for what is not done here (each named).
pub(super) fn read(directory: &Path) -> Result<Scaling> {
    let path = directory.join(ADAPTER_CONFIG);
    let json = read_json(&path)?;
    let refuse = |field: &str, expected: &str| TorchError::AdapterField {
        path: path.clone(),
        field: field.into(),
        found: json[field].to_string(),
        expected: expected.into(),
    };
    if json["peft_type"] != "LORA" {
        return Err(refuse("peft_type", "\"LORA\""));
    }
    if let Some(field) = OTHERS.iter().find(|field| !is_nothing(&json[**field])) {
        return Err(refuse(field, "nothing of the kind"));
    }
    // PiSSA, OLoRA and their kin change the base model's weights as well.
    let begun = &json["init_lora_weights"];
    if !matches!(begun, Value::Null | Value::Bool(_)) && begun != "gaussian" && begun != "orthogonal" {
        return Err(refuse(
            "init_lora_weights",
            "a beginning that leaves the base model as it is",
        ));
    }
    let rank = json["r"].as_i64().filter(|&rank| rank > 0);
    let alpha = json["lora_alpha"].as_f64();
    Ok(Scaling {
        rank: rank.ok_or_else(|| refuse("r", "1 or more"))?,
        alpha: alpha.ok_or_else(|| refuse("lora_alpha", "a number"))?,
        rslora: json["use_rslora"].as_bool().unwrap_or(false),
    })
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text == "none",
        Value::Array(values) => values.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// The description of adapters on the projections that `targets` mean, for PEFT to read.
pub(super) fn describe(scaling: &Scaling, targets: &[String], base: &str) -> Value {
    let Scaling { rank, alpha, rslora } = *scaling;
    // PEFT writes whole numbers as such.
    let alpha = if alpha.fract() == 0.0 {
        json!(alpha as i64)
    } else {
        json!(alpha)
    };
    json!({
        "base_model_name_or_path": base,
        "bias": "none",
        "fan_in_fan_out": false,
        "inference_mode": true,
        "init_lora_weights": true,
        "lora_alpha": alpha,
        "lora_dropout": 0.0,
        "modules_to_save": null,
        "peft_type": "LORA",
        "r": rank,
        "target_modules": targets,
        "task_type": "CAUSAL_LM",
        "use_dora": false,
        "use_rslora": rslora,
    })
}
