//! What is particular to the files of Gemma 2, Mistral, Phi-3 and Qwen 3.

use serde_json::{Value, json};

use super::gguf_writer::GgufWriter;
use super::tiny_models::{FEED_FORWARD, HEAD, HIDDEN, gemma2, llama, phi3, qwen3, values};
use super::{Bench, WeightType};

fn imported(file: &GgufWriter) -> Bench {
    let bench = Bench::new(&file.bytes());
    bench.import(WeightType::F32).expect("the file is good");
    bench
}

/// Every weight that is not the embedding, the last norm, the head or one of `matrices`, as GGUF values minus `offset`.
fn check_vectors(bench: &Bench, names: &[(&str, u64)], offset: f32) {
    for &(name, length) in names {
        let expected: Vec<f32> = values(length).iter().map(|value| value - offset).collect();
        let name = format!("model.layers.0.{name}.weight");
        assert_eq!(bench.weight(&name), (vec![length as usize], expected), "{name}");
    }
}

fn check_config(bench: &Bench, expected: &[(&str, Value)]) {
    let config = bench.json("config.json");
    for (key, value) in expected {
        assert_eq!(config[key], *value, "{key}");
    }
}

#[test]
fn gemma2_keeps_its_caps_and_norms_without_the_one_that_gguf_adds() {
    let bench = imported(&gemma2());
    let norms = [
        ("input_layernorm", HIDDEN),
        ("post_attention_layernorm", HIDDEN),
        ("pre_feedforward_layernorm", HIDDEN),
        ("post_feedforward_layernorm", HIDDEN),
    ];
    check_vectors(&bench, &norms, 1.0);
    check_config(
        &bench,
        &[
            ("architectures", json!(["Gemma2ForCausalLM"])),
            ("attn_logit_softcapping", json!(20.0)),
            ("final_logit_softcapping", json!(10.0)),
            ("layer_types", json!(["sliding_attention"])),
            ("query_pre_attn_scalar", json!(4)),
            ("sliding_window", json!(16)),
            ("tie_word_embeddings", json!(true)),
        ],
    );
}

#[test]
fn a_gemma2_file_without_caps_has_those_of_its_family() {
    let early = gemma2()
        .without("gemma2.attn_logit_softcapping")
        .without("gemma2.final_logit_softcapping");
    check_config(
        &imported(&early),
        &[
            ("attn_logit_softcapping", json!(50.0)),
            ("final_logit_softcapping", json!(30.0)),
        ],
    );
}

#[test]
fn a_llama_file_with_a_window_is_a_mistral() {
    let window = |size| imported(&llama().u32("llama.attention.sliding_window", size));
    check_config(
        &window(12),
        &[
            ("architectures", json!(["MistralForCausalLM"])),
            ("model_type", json!("mistral")),
            ("sliding_window", json!(12)),
        ],
    );
    // 0 is how files say "none"; a window as long as the context hides nothing.
    for size in [0, 64] {
        check_config(&window(size), &[("architectures", json!(["LlamaForCausalLM"]))]);
    }
}

#[test]
fn qwen3_norms_of_queries_and_keys_are_kept() {
    let bench = imported(&qwen3());
    check_vectors(
        &bench,
        &[("self_attn.q_norm", HEAD), ("self_attn.k_norm", HEAD)],
        0.0,
    );
    check_config(
        &bench,
        &[
            ("architectures", json!(["Qwen3ForCausalLM"])),
            ("head_dim", json!(4)),
            ("use_sliding_window", json!(false)),
        ],
    );
}

#[test]
fn phi3_projections_stay_stacked() {
    let bench = imported(&phi3());
    for (name, rows) in [
        ("self_attn.qkv_proj", 4 * HEAD),
        ("mlp.gate_up_proj", 2 * FEED_FORWARD),
    ] {
        let (shape, found) = bench.weight(&format!("model.layers.0.{name}.weight"));
        assert_eq!(shape, [rows as usize, HIDDEN as usize]);
        assert_eq!(found, values(rows * HIDDEN));
    }
}

#[test]
fn phi3_tables_become_longrope_in_the_spelling_of_both_transformers() {
    let bench = imported(&phi3());
    check_config(
        &bench,
        &[
            ("partial_rotary_factor", json!(0.5)),
            ("original_max_position_embeddings", json!(16)),
            ("max_position_embeddings", json!(64)),
            ("sliding_window", Value::Null),
            (
                "rope_parameters",
                json!({
                    "rope_type": "longrope", "rope_theta": 10000.0, "partial_rotary_factor": 0.5,
                    "short_factor": [1.5], "long_factor": [4.0], "original_max_position_embeddings": 16
                }),
            ),
            (
                "rope_scaling",
                json!({ "type": "longrope", "short_factor": [1.5], "long_factor": [4.0] }),
            ),
        ],
    );
}

#[test]
fn the_magnitude_of_longrope_is_written_down_only_where_it_is_not_the_derived_one() {
    let stated = |magnitude: f32| {
        let file = phi3().f32("phi3.rope.scaling.attn_factor", magnitude);
        imported(&file).json("config.json")["rope_parameters"]["attention_factor"].clone()
    };
    // sqrt(1 + ln(64 / 16) / ln 16)
    assert_eq!(stated(1.5f32.sqrt()), Value::Null);
    assert_eq!(stated(1.25), json!(1.25));
}

#[test]
fn a_phi3_file_from_before_windows_were_written_down_has_the_known_one() {
    let early = phi3().without("phi3.attention.sliding_window");
    check_config(&imported(&early), &[("sliding_window", Value::Null)]);
    let short = early.u32("phi3.context_length", 4096);
    check_config(&imported(&short), &[("sliding_window", json!(2047))]);
}

#[test]
fn tables_of_longrope_that_make_no_sense_are_refused() {
    let lone = phi3().without_tensor("rope_factors_long.weight").bytes();
    insta::assert_snapshot!(Bench::refuse(&lone), @"the GGUF file has no tensor `rope_factors_long.weight`, which a phi3 model needs");
    let long = phi3()
        .tensor("rope_factors_short.weight", &[2], &[1.0, 1.0])
        .bytes();
    insta::assert_snapshot!(Bench::refuse(&long), @"tensor `rope_factors_short.weight` has shape [2], the metadata implies [1]");
    let zero = phi3().tensor("rope_factors_short.weight", &[1], &[0.0]).bytes();
    insta::assert_snapshot!(Bench::refuse(&zero), @"the GGUF file is corrupt: tensor `rope_factors_short.weight` holds 0, which is no positive factor");
}

#[test]
fn sizes_of_heads_that_no_model_has_are_refused() {
    let odd = phi3().u32("phi3.rope.dimension_count", 3).bytes();
    insta::assert_snapshot!(Bench::refuse(&odd), @"cannot import this phi3 model: its attention has 2 query heads and 1 key-value heads of widths 4 (keys), 4 (values) and 3 (rotated)");
    let wide = phi3()
        .u32("phi3.attention.key_length", 8)
        .u32("phi3.attention.value_length", 8);
    insta::assert_snapshot!(Bench::refuse(&wide.bytes()), @"cannot import this phi3 model: its 2 heads of width 8 do not make up the hidden size 8");
    let partly = llama().u32("llama.rope.dimension_count", 2).bytes();
    insta::assert_snapshot!(Bench::refuse(&partly), @"cannot import this llama model: its attention has 2 query heads and 1 key-value heads of widths 4 (keys), 4 (values) and 2 (rotated)");
}
