//! The rebuilt tokenizers, run by the `tokenizers` library.

use ::tokenizers::Tokenizer;

use super::gguf_writer::GgufWriter;
use super::tiny_models::{gemma3, llama, phi3, qwen2};
use super::{Bench, WeightType};

fn tokenizer(file: &GgufWriter) -> Tokenizer {
    let bench = Bench::new(&file.bytes());
    bench.import(WeightType::Bf16).expect("the file is good");
    Tokenizer::from_file(bench.out().join("tokenizer.json")).expect("the tokenizer loads")
}

fn ids(tokenizer: &Tokenizer, text: &str) -> Vec<u32> {
    tokenizer
        .encode(text, true)
        .expect("it encodes")
        .get_ids()
        .to_vec()
}

#[test]
fn gemma_texts_begin_with_bos_and_merge_in_the_order_of_the_vocabulary() {
    let tokenizer = tokenizer(&gemma3());
    assert_eq!(ids(&tokenizer, "abc"), [2, 14]);
    assert_eq!(ids(&tokenizer, "ab ca"), [2, 13, 9, 12, 10]);
    assert_eq!(tokenizer.encode("ab", false).expect("it encodes").get_ids(), [13]);
}

#[test]
fn gemma_runs_of_spaces_line_ends_and_bytes_have_tokens_of_their_own() {
    let tokenizer = tokenizer(&gemma3());
    assert_eq!(ids(&tokenizer, "a  b\nc"), [2, 10, 5, 11, 4, 12]);
    // "é" is no piece: its two bytes are.
    assert_eq!(ids(&tokenizer, "é"), [2, 7, 8]);
    assert_eq!(
        tokenizer.decode(&[10, 5, 7, 8], true).expect("it decodes"),
        "a  é"
    );
}

#[test]
fn control_tokens_in_the_text_are_themselves_and_decode_to_nothing() {
    let tokenizer = tokenizer(&gemma3());
    assert_eq!(ids(&tokenizer, "a<eos>b"), [2, 10, 1, 11]);
    assert_eq!(tokenizer.decode(&[2, 10, 1], true).expect("it decodes"), "a");
}

#[test]
fn llama_texts_begin_with_bos_and_a_space() {
    let tokenizer = tokenizer(&llama());
    assert_eq!(ids(&tokenizer, "abc"), [2, 9, 14]);
    assert_eq!(tokenizer.decode(&[2, 9, 14], true).expect("it decodes"), "abc");
}

#[test]
fn better_scores_merge_first_in_llama() {
    // "bc" beats "ab" now, although it comes later.
    let mut pieces = super::tiny_models::PIECES.to_vec();
    pieces[14] = "bc";
    let mut scores = vec![-9.0; 15];
    scores[14] = 0.0;
    let file = llama()
        .texts("tokenizer.ggml.tokens", &pieces)
        .f32s("tokenizer.ggml.scores", &scores);
    assert_eq!(ids(&tokenizer(&file), "abc"), [2, 9, 10, 14]);
    assert_eq!(ids(&tokenizer(&file), "ab"), [2, 9, 13]);
}

#[test]
fn byte_level_texts_use_the_listed_merges_and_split_digits() {
    let tokenizer = tokenizer(&qwen2());
    assert_eq!(ids(&tokenizer, "ab ab"), [3, 5]);
    assert_eq!(ids(&tokenizer, "12<tool>a<|end|>"), [6, 7, 8, 1, 0]);
    assert_eq!(
        tokenizer.decode(&[3, 5, 8, 0], true).expect("it decodes"),
        "ab ab<tool>"
    );
}

#[test]
fn words_are_split_as_the_file_says() {
    for pre in [
        "default",
        "gpt-2",
        "llama-bpe",
        "smollm",
        "deepseek-r1-qwen",
        "dbrx",
        "gpt-4o",
        "tekken",
    ] {
        let tokenizer = tokenizer(&qwen2().text("tokenizer.ggml.pre", pre));
        assert_eq!(ids(&tokenizer, "ab ab"), [3, 5], "{pre}");
    }
    let other = qwen2().text("tokenizer.ggml.pre", "viking").bytes();
    insta::assert_snapshot!(Bench::refuse(&other), @"cannot rebuild the tokenizer: `tokenizer.ggml.pre` is `viking`, supported are default, gpt-2, llama-bpe, qwen2, deepseek-r1-qwen, smollm, dbrx, gpt-4o, tekken");
}

#[test]
fn a_file_of_before_words_were_named_is_split_as_its_family_does() {
    let silent = qwen2().without("tokenizer.ggml.pre");
    assert!(
        tokenizer(&silent).get_normalizer().is_some(),
        "Qwen's words are normalised"
    );
}

#[test]
fn one_of_several_files_is_refused_with_what_joins_them() {
    let part = qwen2().u32("split.count", 2).bytes();
    let refused = Bench::refuse(&part);
    assert!(
        refused.ends_with(
            "is one of the 2 files of a model: join them first, with llama.cpp's `llama-gguf-split --merge`"
        ),
        "{refused}"
    );
}

#[test]
fn a_file_that_asks_for_eos_gets_it() {
    let file = gemma3().flag("tokenizer.ggml.add_eos_token", true);
    assert_eq!(ids(&tokenizer(&file), "a"), [2, 10, 1]);
    let file = gemma3().flag("tokenizer.ggml.add_bos_token", false);
    assert_eq!(ids(&tokenizer(&file), "a"), [10]);
}

#[test]
fn other_kinds_of_tokenizer_are_refused_by_name() {
    let file = gemma3().text("tokenizer.ggml.model", "t5").bytes();
    insta::assert_snapshot!(Bench::refuse(&file), @"cannot rebuild the tokenizer: `tokenizer.ggml.model` is `t5`, supported are llama (SentencePiece), gpt2 (byte-level BPE)");
}

#[test]
fn inconsistent_vocabularies_are_refused() {
    let mut pieces = super::tiny_models::PIECES.to_vec();
    pieces[14] = "ab";
    let twice = gemma3().texts("tokenizer.ggml.tokens", &pieces).bytes();
    insta::assert_snapshot!(Bench::refuse(&twice), @r#"the GGUF file is corrupt: tokens 13 and 14 are both "ab""#);
    let short = gemma3().f32s("tokenizer.ggml.scores", &[0.0]).bytes();
    insta::assert_snapshot!(Bench::refuse(&short), @"the GGUF file's metadata `tokenizer.ggml.scores` is an array of 1 floats, expected an array of 15 floats without NaN");
    let nan = gemma3().f32s("tokenizer.ggml.scores", &[f32::NAN; 15]).bytes();
    insta::assert_snapshot!(Bench::refuse(&nan), @"the GGUF file's metadata `tokenizer.ggml.scores` is an array of 15 floats, expected an array of 15 floats without NaN");
    let far = gemma3().u32("tokenizer.ggml.bos_token_id", 15).bytes();
    insta::assert_snapshot!(Bench::refuse(&far), @"the GGUF file's metadata `tokenizer.ggml.bos_token_id` is 15, expected below the number of tokens, 15");
    let many = gemma3().texts("tokenizer.ggml.tokens", &["x"; 16]).bytes();
    insta::assert_snapshot!(Bench::refuse(&many), @"the GGUF file's metadata `tokenizer.ggml.tokens` is an array of 16 strings, expected an array of 1 to 15 strings, as the embedding has 15 rows");
    let merges = qwen2().texts("tokenizer.ggml.merges", &["a 2"]).bytes();
    insta::assert_snapshot!(Bench::refuse(&merges), @r#"the GGUF file is corrupt: merge 0, "a 2", does not join two tokens into a third"#);
    let none = qwen2().without("tokenizer.ggml.merges").bytes();
    insta::assert_snapshot!(Bench::refuse(&none), @"the GGUF file has no metadata `tokenizer.ggml.merges`, which this importer needs");
    let no_bos = gemma3().without("tokenizer.ggml.bos_token_id").bytes();
    insta::assert_snapshot!(Bench::refuse(&no_bos), @"the GGUF file has no metadata `tokenizer.ggml.bos_token_id`, which this importer needs");
}

#[test]
fn spaces_after_phi3s_added_tokens_belong_to_them() {
    let tokenizer = tokenizer(&phi3());
    let text = |text: &str| {
        tokenizer
            .encode(text, false)
            .expect("it encodes")
            .get_ids()
            .to_vec()
    };
    assert_eq!(text("a<eos> b"), [9, 10, 1, 9, 11]);
    // Not those of `<unk>`: the part after it begins with its own space and the one put before.
    assert_eq!(text("a<unk> b"), [9, 10, 3, 5, 11]);
    assert_eq!(text("  a"), [5, 9, 10]);
}
