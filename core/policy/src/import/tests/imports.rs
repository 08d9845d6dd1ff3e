//! What a good file becomes.

use serde_json::json;

use super::gguf_writer::GgufWriter;
use super::tiny_models::{HEAD, HIDDEN, gemma3, llama, qwen2, values};
use super::{Bench, ImportError, WeightType};

fn imported(file: &GgufWriter) -> Bench {
    let bench = Bench::new(&file.bytes());
    bench.import(WeightType::F32).expect("the file is good");
    bench
}

#[test]
fn an_import_writes_the_five_files_of_a_hugging_face_directory() {
    let bench = imported(&gemma3());
    let mut names: Vec<_> = std::fs::read_dir(bench.out())
        .expect("the directory is there")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .into_string()
                .expect("a name")
        })
        .collect();
    names.sort();
    assert_eq!(
        names,
        [
            "config.json",
            "generation_config.json",
            "model.safetensors",
            "tokenizer.json",
            "tokenizer_config.json"
        ]
    );
}

#[test]
fn gemma3_norms_are_stored_without_the_one_that_gguf_adds() {
    let bench = imported(&gemma3());
    let expected: Vec<f32> = values(HIDDEN).iter().map(|value| value - 1.0).collect();
    for name in [
        "model.norm.weight",
        "model.layers.0.input_layernorm.weight",
        "model.layers.0.post_attention_layernorm.weight",
        "model.layers.0.pre_feedforward_layernorm.weight",
        "model.layers.0.post_feedforward_layernorm.weight",
    ] {
        assert_eq!(
            bench.weight(name),
            (vec![HIDDEN as usize], expected.clone()),
            "{name}"
        );
    }
    let (shape, head) = bench.weight("model.layers.0.self_attn.q_norm.weight");
    assert_eq!(
        (shape, head),
        (vec![HEAD as usize], expected[..HEAD as usize].to_vec())
    );
    let (shape, query) = bench.weight("model.layers.0.self_attn.q_proj.weight");
    assert_eq!((shape, query), (vec![8, 8], values(64)));
}

#[test]
fn gemma3_configuration_names_windows_bases_and_the_tied_head() {
    let config = imported(&gemma3().u32("gemma3.block_count", 1)).json("config.json");
    for (key, expected) in [
        ("architectures", json!(["Gemma3ForCausalLM"])),
        ("model_type", json!("gemma3_text")),
        ("rms_norm_eps", json!(1e-6)),
        ("sliding_window", json!(16)),
        ("layer_types", json!(["sliding_attention"])),
        ("rope_theta", json!(1e6)),
        ("rope_local_base_freq", json!(1e4)),
        ("query_pre_attn_scalar", json!(4)),
        ("tie_word_embeddings", json!(true)),
        ("bos_token_id", json!(2)),
        ("eos_token_id", json!(1)),
        ("pad_token_id", json!(0)),
        ("vocab_size", json!(15)),
        ("dtype", json!("float32")),
    ] {
        assert_eq!(config[key], expected, "{key}");
    }
    assert_eq!(
        config["rope_parameters"]["full_attention"]["rope_theta"],
        json!(1e6)
    );
    assert_eq!(
        config["rope_parameters"]["sliding_attention"]["rope_theta"],
        json!(1e4)
    );
}

#[test]
fn llama_query_and_key_rows_go_back_from_pairs_to_halves() {
    let bench = imported(&llama());
    let (shape, query) = bench.weight("model.layers.0.self_attn.q_proj.weight");
    assert_eq!(shape, [8, 8]);
    let rows: Vec<f32> = query.chunks(8).map(|row| (row[0] - 1.0) * 8.0).collect();
    // GGUF rows 0..4 of a head are (first half 0, second half 0, first half 1, second half 1).
    assert_eq!(rows, [0.0, 2.0, 1.0, 3.0, 4.0, 6.0, 5.0, 7.0]);
    let (_, value) = bench.weight("model.layers.0.self_attn.v_proj.weight");
    assert_eq!(value, values(32));
    assert_eq!(bench.weight("lm_head.weight").0, [15, 8]);
    let config = bench.json("config.json");
    assert_eq!(config["tie_word_embeddings"], json!(false));
    assert_eq!(config["rope_theta"], json!(500_000.0));
    assert_eq!(config["rope_scaling"], json!(null));
}

#[test]
fn llama3_rope_factors_become_the_parameters_they_were_made_from() {
    // A head of width 4 and base 500000: one short wave, one wave longer than the original context.
    let scaled = llama().tensor("rope_freqs.weight", &[2], &[1.0, 1.0]);
    assert_eq!(imported(&scaled).json("config.json")["rope_scaling"], json!(null));
    let base = 1e9;
    let scaled = llama()
        .f32("llama.rope.freq_base", base)
        .tensor("rope_freqs.weight", &[2], &[1.0, 32.0]);
    assert_eq!(
        imported(&scaled).json("config.json")["rope_scaling"],
        json!({
            "rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
            "original_max_position_embeddings": 8192
        })
    );
}

#[test]
fn linear_rope_scaling_is_kept_and_other_kinds_are_refused() {
    let linear = llama()
        .text("llama.rope.scaling.type", "linear")
        .f32("llama.rope.scaling.factor", 8.0);
    let config = imported(&linear).json("config.json");
    assert_eq!(
        config["rope_scaling"],
        json!({ "rope_type": "linear", "factor": 8.0 })
    );
    let yarn = llama().text("llama.rope.scaling.type", "yarn").bytes();
    insta::assert_snapshot!(Bench::refuse(&yarn), @r#"cannot import this llama model: its rotary embedding is scaled by "yarn""#);
}

#[test]
fn qwen2_biases_and_a_padded_embedding_are_kept() {
    let bench = imported(&qwen2());
    assert_eq!(
        bench.weight("model.layers.0.self_attn.q_proj.bias"),
        (vec![8], values(8))
    );
    let config = bench.json("config.json");
    assert_eq!(config["vocab_size"], json!(12));
    assert_eq!(config["use_sliding_window"], json!(false));
    let tokenizer = bench.json("tokenizer_config.json");
    assert_eq!(tokenizer["chat_template"], json!("{{ messages }}"));
    assert_eq!(bench.json("generation_config.json"), json!({ "eos_token_id": 0 }));
}

#[test]
fn quantised_blocks_are_undone() {
    // Q8_0: a scale as f16 (0x3800 is 0.5), then 32 signed bytes.
    let mut row = vec![0x00, 0x38];
    row.extend((0..32_i8).map(|value| (value - 16) as u8));
    let wide = gemma3().u32("gemma3.feed_forward_length", 32);
    let file = ["ffn_gate", "ffn_up"].into_iter().fold(wide, |file, name| {
        file.tensor(
            &format!("blk.0.{name}.weight"),
            &[32, HIDDEN],
            &values(32 * HIDDEN),
        )
    });
    let file = file.raw_tensor(
        "blk.0.ffn_down.weight",
        &[HIDDEN, 32],
        8,
        row.repeat(HIDDEN as usize),
        None,
    );
    let (shape, down) = imported(&file).weight("model.layers.0.mlp.down_proj.weight");
    assert_eq!(shape, [8, 32]);
    let expected: Vec<f32> = (0..32).map(|value| (value as f32 - 16.0) / 2.0).collect();
    assert!(down.chunks(32).all(|row| row == expected));
}

#[test]
fn bf16_is_the_default_and_rounds_to_nearest_even() {
    assert_eq!(WeightType::default(), WeightType::Bf16);
    let between = f32::from_bits(0x3f80_8000);
    let norm: Vec<f32> = std::iter::repeat_n(between, HIDDEN as usize).collect();
    let bench = Bench::new(&llama().tensor("output_norm.weight", &[HIDDEN], &norm).bytes());
    let report = bench.import(WeightType::Bf16).expect("the file is good");
    let bytes = std::fs::read(bench.out().join("model.safetensors")).expect("weights");
    assert_eq!(report.bytes, bytes.len() as u64);
    let tensors = safetensors::SafeTensors::deserialize(&bytes).expect("valid safetensors");
    let norm = tensors.tensor("model.norm.weight").expect("the weight is there");
    assert_eq!(norm.data(), [0x80, 0x3f].repeat(8));
    assert_eq!(bench.json("config.json")["dtype"], json!("bfloat16"));
}

#[test]
fn the_report_and_the_progress_add_up() {
    let bench = Bench::new(&qwen2().text("general.license", "apache-2.0").bytes());
    let mut last = None;
    let report = super::import_gguf(
        &bench.directory.path().join("model.gguf"),
        &bench.out(),
        &super::ImportOptions::default(),
        &mut |progress| last = Some(progress),
    )
    .expect("the file is good");
    let last = last.expect("progress was reported");
    assert_eq!(
        (last.tensors_done, last.bytes_done),
        (last.tensors_total, last.bytes_total)
    );
    assert_eq!(last.bytes_total, report.parameters * 2);
    assert_eq!(
        (report.tensors, report.vocabulary, report.chat_template),
        (14, 9, true)
    );
    assert_eq!(report.license.as_deref(), Some("apache-2.0"));
}

#[test]
fn an_occupied_directory_is_refused_and_left_alone() {
    let bench = imported(&qwen2());
    let before = bench.json("config.json");
    let error = bench.import(WeightType::F32).expect_err("it is there already");
    assert!(matches!(error, ImportError::OutputExists { .. }));
    let error = error
        .to_string()
        .replace(bench.out().to_str().expect("a path"), "OUT");
    insta::assert_snapshot!(error, @"`OUT` already exists and is not an empty directory: choose another output directory, or remove this one first");
    assert_eq!(bench.json("config.json"), before);
}

#[test]
fn an_empty_directory_is_filled() {
    let bench = Bench::new(&qwen2().bytes());
    std::fs::create_dir(bench.out()).expect("an empty directory");
    bench.import(WeightType::Bf16).expect("the file is good");
    assert_eq!(bench.json("config.json")["model_type"], json!("qwen2"));
}
