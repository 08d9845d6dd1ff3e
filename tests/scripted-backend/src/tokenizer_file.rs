//! `tokenizer.json`: [`ByteTokenizer`](crate::ByteTokenizer) for those who read Hugging Face directories.

use std::path::Path;

use restem_policy_abi::BackendError;
use serde_json::{Map, Value, json};

use crate::tokenizer::{BEGIN, BEGIN_TEXT, END, END_TEXT};

/// Writes it.
pub(crate) fn write(dir: &Path) -> Result<(), BackendError> {
    let path = dir.join("tokenizer.json");
    std::fs::write(&path, tokenizer().to_string())
        .map_err(|error| BackendError::io(format!("cannot write {}: {error}", path.display())))
}

/// A byte-level BPE without merges: each byte stays a token.
fn tokenizer() -> Value {
    let added = |id: u32, content: &str| {
        json!({
            "id": id, "content": content, "special": true,
            "single_word": false, "lstrip": false, "rstrip": false, "normalized": false,
        })
    };
    let bytes =
        json!({"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false});
    let vocabulary: Map<String, Value> = byte_names()
        .into_iter()
        .enumerate()
        .map(|(byte, name)| (name.to_string(), byte.into()))
        .collect();
    let begin = json!({"SpecialToken": {"id": BEGIN_TEXT, "type_id": 0}});
    let text = |id: &str, kind: u32| json!({"Sequence": {"id": id, "type_id": kind}});
    json!({
        "version": "1.0",
        "added_tokens": [added(END, END_TEXT), added(BEGIN, BEGIN_TEXT)],
        "pre_tokenizer": bytes,
        "decoder": bytes,
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [begin, text("A", 0)],
            "pair": [begin, text("A", 0), text("B", 1)],
            "special_tokens": {BEGIN_TEXT: {"id": BEGIN_TEXT, "ids": [BEGIN], "tokens": [BEGIN_TEXT]}},
        },
        "model": {"type": "BPE", "vocab": vocabulary, "merges": []},
    })
}

/// How byte-level tokenizers write each byte: printable Latin-1 as itself, the rest from U+0100 on.
fn byte_names() -> [char; 256] {
    let mut next = '\u{100}'..;
    std::array::from_fn(|byte| {
        let byte = byte as u8;
        let printable = matches!(byte, 33..=126 | 161..=172 | 174..=255);
        if printable {
            char::from(byte)
        } else {
            next.next().unwrap_or(char::REPLACEMENT_CHARACTER)
        }
    })
}
