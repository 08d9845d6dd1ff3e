//! The smallest models of each architecture, with values that tell where they came from.

use super::gguf_writer::GgufWriter;

pub(super) const HIDDEN: u64 = 8;
pub(super) const HEAD: u64 = 4;
pub(super) const FEED_FORWARD: u64 = 6;

/// Pieces of the SentencePiece models: "ab", "abc" and a run of two spaces can be merged.
pub(super) const PIECES: [&str; 15] = [
    "<pad>", "<eos>", "<bos>", "<unk>", "\n", "  ", "<0x0A>", "<0xC3>", "<0xA9>", "\u{2581}", "a", "b", "c",
    "ab", "abc",
];
const PIECE_TYPES: [i32; 15] = [3, 3, 3, 2, 4, 4, 6, 6, 6, 1, 1, 1, 1, 1, 1];

/// `count` different values near one.
pub(super) fn values(count: u64) -> Vec<f32> {
    (0..count).map(|index| 1.0 + index as f32 / 64.0).collect()
}

fn decoder(architecture: &str, vocabulary: u64) -> GgufWriter {
    let key = |name: &str| format!("{architecture}.{name}");
    let mut file = GgufWriter::new()
        .text("general.architecture", architecture)
        .text("general.name", "Tiny")
        .u32(&key("context_length"), 64)
        .u32(&key("embedding_length"), HIDDEN as u32)
        .u32(&key("block_count"), 1)
        .u32(&key("feed_forward_length"), FEED_FORWARD as u32)
        .u32(&key("attention.head_count"), 2)
        .u32(&key("attention.head_count_kv"), 1)
        .f32(&key("attention.layer_norm_rms_epsilon"), 1e-6);
    for (name, shape) in [
        ("token_embd.weight", vec![vocabulary, HIDDEN]),
        ("output_norm.weight", vec![HIDDEN]),
        ("blk.0.attn_norm.weight", vec![HIDDEN]),
        ("blk.0.ffn_norm.weight", vec![HIDDEN]),
        ("blk.0.attn_q.weight", vec![2 * HEAD, HIDDEN]),
        ("blk.0.attn_k.weight", vec![HEAD, HIDDEN]),
        ("blk.0.attn_v.weight", vec![HEAD, HIDDEN]),
        ("blk.0.attn_output.weight", vec![HIDDEN, 2 * HEAD]),
        ("blk.0.ffn_gate.weight", vec![FEED_FORWARD, HIDDEN]),
        ("blk.0.ffn_up.weight", vec![FEED_FORWARD, HIDDEN]),
        ("blk.0.ffn_down.weight", vec![HIDDEN, FEED_FORWARD]),
    ] {
        file = file.tensor(name, &shape, &values(shape.iter().product()));
    }
    file
}

/// SentencePiece metadata with [`PIECES`].
fn with_pieces(file: GgufWriter) -> GgufWriter {
    let scores: Vec<f32> = (0..PIECES.len()).map(|index| -(index as f32)).collect();
    file.text("tokenizer.ggml.model", "llama")
        .texts("tokenizer.ggml.tokens", &PIECES)
        .f32s("tokenizer.ggml.scores", &scores)
        .i32s("tokenizer.ggml.token_type", &PIECE_TYPES)
        .u32("tokenizer.ggml.padding_token_id", 0)
        .u32("tokenizer.ggml.eos_token_id", 1)
        .u32("tokenizer.ggml.bos_token_id", 2)
        .u32("tokenizer.ggml.unknown_token_id", 3)
}

pub(super) fn gemma3() -> GgufWriter {
    let mut file = with_pieces(decoder("gemma3", PIECES.len() as u64))
        .u32("gemma3.attention.key_length", HEAD as u32)
        .u32("gemma3.attention.value_length", HEAD as u32)
        .u32("gemma3.attention.sliding_window", 16)
        .f32("gemma3.rope.freq_base", 1e6)
        .flag("tokenizer.ggml.add_bos_token", true)
        .flag("tokenizer.ggml.add_space_prefix", false);
    for (name, length) in [
        ("blk.0.post_attention_norm.weight", HIDDEN),
        ("blk.0.post_ffw_norm.weight", HIDDEN),
        ("blk.0.attn_q_norm.weight", HEAD),
        ("blk.0.attn_k_norm.weight", HEAD),
    ] {
        file = file.tensor(name, &[length], &values(length));
    }
    file
}

pub(super) fn llama() -> GgufWriter {
    with_pieces(decoder("llama", PIECES.len() as u64))
        .u32("llama.rope.dimension_count", HEAD as u32)
        .f32("llama.rope.freq_base", 500_000.0)
        .tensor(
            "output.weight",
            &[PIECES.len() as u64, HIDDEN],
            &values(PIECES.len() as u64 * HIDDEN),
        )
}

/// Gemma 2: Gemma 3 without norms of queries and keys.
pub(super) fn gemma2() -> GgufWriter {
    let mut file = with_pieces(decoder("gemma2", PIECES.len() as u64))
        .u32("gemma2.attention.key_length", HEAD as u32)
        .u32("gemma2.attention.value_length", HEAD as u32)
        .u32("gemma2.attention.sliding_window", 16)
        .f32("gemma2.attn_logit_softcapping", 20.0)
        .f32("gemma2.final_logit_softcapping", 10.0)
        .flag("tokenizer.ggml.add_bos_token", true)
        .flag("tokenizer.ggml.add_space_prefix", false);
    for name in ["blk.0.post_attention_norm.weight", "blk.0.post_ffw_norm.weight"] {
        file = file.tensor(name, &[HIDDEN], &values(HIDDEN));
    }
    file
}

/// Phi-3 with stacked projections and half of each head rotated.
pub(super) fn phi3() -> GgufWriter {
    let mut file = with_pieces(decoder("phi3", PIECES.len() as u64))
        .u32("phi3.rope.dimension_count", HEAD as u32 / 2)
        .u32("phi3.rope.scaling.original_context_length", 16)
        .u32("phi3.attention.sliding_window", 0)
        .tensor("rope_factors_short.weight", &[1], &[1.5])
        .tensor("rope_factors_long.weight", &[1], &[4.0]);
    for name in ["attn_q", "attn_k", "attn_v", "ffn_gate"] {
        file = file.without_tensor(&format!("blk.0.{name}.weight"));
    }
    for (name, shape) in [
        ("blk.0.attn_qkv.weight", [4 * HEAD, HIDDEN]),
        ("blk.0.ffn_up.weight", [2 * FEED_FORWARD, HIDDEN]),
        ("output.weight", [PIECES.len() as u64, HIDDEN]),
    ] {
        file = file.tensor(name, &shape, &values(shape.iter().product()));
    }
    file
}

pub(super) fn qwen3() -> GgufWriter {
    let mut file =
        with_bytes(decoder("qwen3", BYTE_TOKENS + 3)).u32("qwen3.attention.key_length", HEAD as u32);
    for name in ["blk.0.attn_q_norm.weight", "blk.0.attn_k_norm.weight"] {
        file = file.tensor(name, &[HEAD], &values(HEAD));
    }
    file
}

pub(super) fn qwen2() -> GgufWriter {
    let mut file = with_bytes(decoder("qwen2", BYTE_TOKENS + 3));
    for (name, length) in [
        ("blk.0.attn_q.bias", 2 * HEAD),
        ("blk.0.attn_k.bias", HEAD),
        ("blk.0.attn_v.bias", HEAD),
    ] {
        file = file.tensor(name, &[length], &values(length));
    }
    file
}

/// Tokens of the byte-level vocabulary.
const BYTE_TOKENS: u64 = 9;

/// A byte-level vocabulary: `Ġ` is how it spells a space.
fn with_bytes(file: GgufWriter) -> GgufWriter {
    let tokens = [
        "<|end|>",
        "a",
        "b",
        "ab",
        "\u{120}",
        "\u{120}ab",
        "1",
        "2",
        "<tool>",
    ];
    file.text("tokenizer.ggml.model", "gpt2")
        .text("tokenizer.ggml.pre", "qwen2")
        .texts("tokenizer.ggml.tokens", &tokens)
        .texts("tokenizer.ggml.merges", &["a b", "\u{120} ab"])
        .i32s("tokenizer.ggml.token_type", &[3, 1, 1, 1, 1, 1, 1, 1, 4])
        .u32("tokenizer.ggml.eos_token_id", 0)
        .text("tokenizer.chat_template", "{{ messages }}")
}
