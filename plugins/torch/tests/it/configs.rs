//! What the fields of a `config.json` mean for each architecture, where transformers' defaults are easy to miss.

use restem_torch::{ModelConfig, RopeScaling, Span, TorchError};
use serde_json::{Value, json};

use crate::golden::Golden;

/// The configuration of a golden after `edit`.
fn edited(case: &str, edit: impl Fn(&mut Value)) -> Result<ModelConfig, TorchError> {
    let text = std::fs::read(Golden::read(case).directory.join("config.json")).unwrap();
    let mut config = serde_json::from_slice(&text).unwrap();
    edit(&mut config);
    ModelConfig::from_json(&config)
}

fn without(config: &mut Value, name: &str) {
    config.as_object_mut().unwrap().remove(name);
}

#[test]
fn a_window_of_null_is_none_and_an_unmentioned_one_is_the_default() {
    let null = edited("mistral", |config| config["sliding_window"] = Value::Null).unwrap();
    assert_eq!((null.window, null.layers), (None, vec![Span::Full; 2]));
    let unmentioned = edited("mistral", |config| without(config, "sliding_window")).unwrap();
    assert_eq!(
        (unmentioned.window, unmentioned.layers),
        (Some(4096), vec![Span::Sliding; 2])
    );
}

#[test]
fn qwen3_slides_from_a_layer_on_only_when_told_to() {
    let by_depth = edited("qwen3", |config| without(config, "layer_types")).unwrap();
    assert_eq!(by_depth.layers, [Span::Full, Span::Sliding, Span::Sliding]);
    let off = edited("qwen3", |config| config["use_sliding_window"] = false.into()).unwrap();
    assert_eq!((off.window, off.layers), (None, vec![Span::Full; 3]));
}

#[test]
fn gemma2_caps_of_null_are_off_and_unmentioned_ones_are_the_defaults() {
    let caps = |config: ModelConfig| (config.attention_scale.cap, config.logit_cap);
    let off = edited("gemma2", |config| {
        config["attn_logit_softcapping"] = Value::Null;
        config["final_logit_softcapping"] = Value::Null;
    });
    assert_eq!(caps(off.unwrap()), (None, None));
    let unmentioned = edited("gemma2", |config| {
        without(config, "attn_logit_softcapping");
        without(config, "final_logit_softcapping");
        without(config, "layer_types");
    });
    let unmentioned = unmentioned.unwrap();
    assert_eq!(
        unmentioned.layers,
        [Span::Sliding, Span::Full, Span::Sliding, Span::Full]
    );
    assert_eq!(caps(unmentioned), (Some(50.0), Some(30.0)));
}

#[test]
fn the_context_of_longrope_is_the_one_before_the_extension() {
    let model = edited("phi3-longrope", |_| ()).unwrap();
    assert_eq!(model.max_positions, 256);
    let RopeScaling::Long { factors, magnitude } = model.rope_full.scaling else {
        panic!("longrope");
    };
    assert_eq!(factors, [1.0, 1.05, 1.1, 1.3, 1.7, 2.5]);
    let expected = (1.0 + 4f64.ln() / 256f64.ln()).sqrt();
    assert!((magnitude - expected).abs() < 1e-12);
}

#[test]
fn the_older_spelling_of_longrope_is_the_same_model() {
    let new = edited("phi3-longrope", |_| ()).unwrap();
    for name in ["su", "longrope"] {
        let old = edited("phi3-longrope", |config| {
            let mut scaling = config["rope_parameters"].take();
            for key in [
                "rope_type",
                "rope_theta",
                "partial_rotary_factor",
                "original_max_position_embeddings",
            ] {
                without(&mut scaling, key);
            }
            scaling["type"] = name.into();
            config["rope_scaling"] = scaling;
            config["rope_theta"] = json!(10000.0);
            config["partial_rotary_factor"] = json!(0.75);
        });
        assert_eq!(old.unwrap(), new);
    }
}

#[test]
fn rotary_settings_that_do_not_fit_are_named() {
    let refuse = |edit: fn(&mut Value)| edited("phi3-longrope", edit).unwrap_err().to_string();
    insta::assert_snapshot!(
        refuse(|config| config["rope_parameters"]["rope_type"] = "dynamic".into()),
        @r#"config.json: `rope_parameters.rope_type` = "dynamic" is not supported: expected `default` or `longrope`"#
    );
    insta::assert_snapshot!(
        refuse(|config| config["rope_parameters"]["short_factor"] = json!([1.0, 2.0])),
        @"config.json: `rope_parameters.short_factor` = [1.0,2.0] is not supported: expected a list of 6 positive numbers"
    );
    insta::assert_snapshot!(
        refuse(|config| {
            config["rope_parameters"] = json!({"rope_type": "default", "partial_rotary_factor": 0.3});
            config["hidden_size"] = 40.into();
        }),
        @"config.json: `partial_rotary_factor` = 0.3 is not supported: expected a factor that rotates an even number of a head's 10 dimensions, not 3"
    );
    insta::assert_snapshot!(
        refuse(|config| config["lm_head_bias"] = true.into()),
        @"config.json: `lm_head_bias` = true is not supported: expected it to be absent or off, because this backend lacks it"
    );
}
