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

/// A byte-level vocabulary: `Ġ` is how it spells a space.
pub(super) fn qwen2() -> GgufWriter {
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
    let mut file = decoder("qwen2", tokens.len() as u64 + 3)
        .text("tokenizer.ggml.model", "gpt2")
        .text("tokenizer.ggml.pre", "qwen2")
        .texts("tokenizer.ggml.tokens", &tokens)
        .texts("tokenizer.ggml.merges", &["a b", "\u{120} ab"])
        .i32s("tokenizer.ggml.token_type", &[3, 1, 1, 1, 1, 1, 1, 1, 4])
        .u32("tokenizer.ggml.eos_token_id", 0)
        .text("tokenizer.chat_template", "{{ messages }}");
    for (name, length) in [
        ("blk.0.attn_q.bias", 2 * HEAD),
        ("blk.0.attn_k.bias", HEAD),
        ("blk.0.attn_v.bias", HEAD),
    ] {
        file = file.tensor(name, &[length], &values(length));
    }
    file
}
