//! `tokenizer_config.json` and `generation_config.json`.

use serde_json::{Map, Value, json};

use super::super::error::ImportError;
use super::super::gguf::Metadata;
use super::vocabulary::{SpecialIds, Vocabulary};

/// The fields of `tokenizer_config.json`: special tokens, what is added to a sequence, the chat template.
///
/// # Errors
/// [`ImportError::BadValue`] when the chat template is no string.
pub(in super::super) fn tokenizer_config(
    metadata: &Metadata,
    vocabulary: &Vocabulary,
    context: &Value,
) -> Result<Map<String, Value>, ImportError> {
    let mut fields = Map::new();
    let mut set = |key: &str, value: Value| fields.insert(key.to_owned(), value);
    set("tokenizer_class", json!("PreTrainedTokenizerFast"));
    set("clean_up_tokenization_spaces", json!(false));
    set("model_max_length", context.clone());
    set("add_bos_token", json!(vocabulary.leading().is_some()));
    set("add_eos_token", json!(vocabulary.trailing().is_some()));
    let special = vocabulary.special();
    for (key, id) in [
        ("bos_token", special.bos),
        ("eos_token", special.eos),
        ("unk_token", special.unk),
        ("pad_token", special.pad),
    ] {
        if let Some(id) = id {
            set(key, json!(vocabulary.token(id)));
        }
    }
    if let Some(template) = metadata.text("tokenizer.chat_template")? {
        set("chat_template", json!(template));
    }
    Ok(fields)
}

/// The fields of `generation_config.json`: where generation starts, stops and pads.
///
/// Generation stops at the end of a turn too, where the file names one.
pub(in super::super) fn generation_config(special: SpecialIds) -> Map<String, Value> {
    let mut stops: Vec<u32> = special.eos.into_iter().chain(special.eot).collect();
    stops.dedup();
    let eos = match stops.as_slice() {
        [] => Value::Null,
        [one] => json!(one),
        several => json!(several),
    };
    [
        ("bos_token_id", json!(special.bos)),
        ("eos_token_id", eos),
        ("pad_token_id", json!(special.pad)),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_null())
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}
