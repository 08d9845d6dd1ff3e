//! The layout of `tokenizer.json`.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use super::added_tokens::{AddedToken, added_tokens};
use super::merges::Merge;
use super::vocabulary::Vocabulary;

/// A `tokenizer.json`, borrowed from the vocabulary so that a quarter of a million tokens are not copied.
#[derive(Debug, Serialize)]
pub(in super::super) struct Document<'a> {
    version: &'static str,
    truncation: Option<()>,
    padding: Option<()>,
    added_tokens: Vec<AddedToken<'a>>,
    normalizer: Value,
    pre_tokenizer: Value,
    post_processor: Value,
    decoder: Value,
    model: Model<'a>,
}

/// The parts in which the two kinds of tokenizer differ.
pub(super) struct Parts<'a, 'f> {
    pub(super) normalizer: Value,
    pub(super) pre_tokenizer: Value,
    pub(super) decoder: Value,
    pub(super) unk_token: Option<&'a str>,
    /// Bytes without a token of their own become `<0xNN>` tokens.
    pub(super) byte_fallback: bool,
    /// A word that is a token is taken whole, whatever the merges say.
    pub(super) ignore_merges: bool,
    pub(super) merges: Vec<Merge<'a>>,
    /// Whether spaces that follow an added token belong to it.
    pub(super) swallows_spaces: &'f dyn Fn(&str) -> bool,
}

#[derive(Debug, Serialize)]
struct Model<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    dropout: Option<()>,
    unk_token: Option<&'a str>,
    continuing_subword_prefix: Option<&'static str>,
    end_of_word_suffix: Option<&'static str>,
    fuse_unk: bool,
    byte_fallback: bool,
    ignore_merges: bool,
    vocab: Ids<'a>,
    merges: Vec<Merge<'a>>,
}

/// Tokens as a JSON object from token to id.
#[derive(Debug)]
struct Ids<'a>(&'a [String]);

impl Serialize for Ids<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (id, token) in (0_u32..).zip(self.0) {
            map.serialize_entry(token, &id)?;
        }
        map.end()
    }
}

impl<'a> Document<'a> {
    /// Puts `parts` and what follows from `vocabulary` together.
    pub(super) fn new(vocabulary: &'a Vocabulary, parts: Parts<'a, '_>) -> Self {
        Self {
            version: "1.0",
            truncation: None,
            padding: None,
            added_tokens: added_tokens(vocabulary, parts.swallows_spaces),
            normalizer: parts.normalizer,
            pre_tokenizer: parts.pre_tokenizer,
            post_processor: post_processor(vocabulary),
            decoder: parts.decoder,
            model: Model {
                kind: "BPE",
                dropout: None,
                unk_token: parts.unk_token,
                continuing_subword_prefix: None,
                end_of_word_suffix: None,
                fuse_unk: parts.byte_fallback,
                byte_fallback: parts.byte_fallback,
                ignore_merges: parts.ignore_merges,
                vocab: Ids(vocabulary.tokens()),
                merges: parts.merges,
            },
        }
    }
}

/// The template that puts `<bos>` before and `<eos>` after a sequence, where the file asks for it.
fn post_processor(vocabulary: &Vocabulary) -> Value {
    let (leading, trailing) = (vocabulary.leading(), vocabulary.trailing());
    if leading.is_none() && trailing.is_none() {
        return Value::Null;
    }
    let special = |id: Option<u32>, type_id: u32| {
        id.map(|id| json!({ "SpecialToken": { "id": vocabulary.token(id), "type_id": type_id } }))
    };
    let sequence = |name: &str, type_id: u32| {
        let text = json!({ "Sequence": { "id": name, "type_id": type_id } });
        special(leading, type_id)
            .into_iter()
            .chain([text])
            .chain(special(trailing, type_id))
            .collect::<Vec<_>>()
    };
    let special_tokens: Map<String, Value> = [leading, trailing]
        .into_iter()
        .flatten()
        .map(|id| {
            let token = vocabulary.token(id);
            (
                token.to_owned(),
                json!({ "id": token, "ids": [id], "tokens": [token] }),
            )
        })
        .collect();
    let pair: Vec<Value> = [sequence("A", 0), sequence("B", 1)].concat();
    json!({
        "type": "TemplateProcessing",
        "single": sequence("A", 0),
        "pair": pair,
        "special_tokens": special_tokens,
    })
}
