//! The model's own tokenizer, from its Hugging Face directory.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use restem_em::TokenizerError;
use serde_json::Value;

use crate::DataError;
use crate::model_config::{read_json, read_text, token_text};

/// `tokenizer.json` with the special tokens that the directory's configuration names.
#[derive(Debug)]
pub struct HfTokenizer {
    tokenizer: tokenizers::Tokenizer,
    front: Vec<u32>,
    bos: Option<u32>,
    eos: Vec<u32>,
    vocabulary: usize,
    /// Tokens of [`ANCHOR`], where a text at the beginning of a sequence is not what it is behind another text.
    anchor: Option<Vec<u32>>,
}

/// What stands in front of a continuation while it is encoded or decoded: SentencePiece's tokenizers may put a space in front of
/// the first word of a sequence, and take one away from there.
const ANCHOR: &str = "\n";

impl HfTokenizer {
    /// The tokenizer in `dir`, for the model there.
    ///
    /// # Errors
    /// As for [`HfTokenizer::of_model`].
    pub fn from_dir(dir: &Path) -> Result<Self, DataError> {
        Self::of_model(dir, dir)
    }

    /// The tokenizer in `dir` for the model in `model`, which are two where an adapter came with a tokenizer and its base has the
    /// model's configuration.
    ///
    /// Reads `tokenizer.json`, `tokenizer_config.json`, `generation_config.json` and `config.json`; only the first must exist.
    ///
    /// A sequence ends at any of the tokens that `generation_config.json`, `config.json` and `tokenizer_config.json` call
    /// end-of-sequence. Special tokens in front of a text are those that the tokenizer's post-processor puts there;
    /// `add_bos_token` adds or removes BOS. What a post-processor puts behind a text is left out: prompts are continued.
    ///
    /// # Errors
    /// [`DataError`] when a file is missing, broken, or names tokens that aren't there.
    pub fn of_model(dir: &Path, model: &Path) -> Result<Self, DataError> {
        let path = dir.join("tokenizer.json");
        let broken = |reason: String, hint: &str| DataError::Model {
            path: path.clone(),
            reason,
            hint: hint.to_owned(),
        };
        let text = read_text(&path)?.ok_or_else(|| {
            let hint = if dir.join("tokenizer.model").exists() {
                "the directory has only a SentencePiece `tokenizer.model`: load it with transformers' AutoTokenizer and save it again"
            } else {
                "name a directory in Hugging Face's layout (config.json, model.safetensors, tokenizer.json)"
            };
            broken("there is no such file".to_owned(), hint)
        })?;
        let again = "fetch the model's files again, or save them with a current transformers";
        let mut tokenizer = parse(&text).map_err(|reason| broken(reason, again))?;
        // Either would change prompts behind our back.
        tokenizer.with_padding(None);
        tokenizer
            .with_truncation(None)
            .map_err(|error| broken(error.to_string(), again))?;

        let config = read_json(&dir.join("tokenizer_config.json"))?;
        let id = |value: &Value| token_text(value).and_then(|text| tokenizer.token_to_id(text));
        let bos = id(&config["bos_token"]);
        let mut eos = declared_eos(dir)?;
        if model != dir {
            eos.extend(declared_eos(model)?);
        }
        eos.extend(id(&config["eos_token"]));
        if let Some(stray) = eos.iter().find(|id| tokenizer.id_to_token(**id).is_none()) {
            return Err(broken(
                format!(
                    "end-of-sequence token {stray} of the model's configuration is not in its vocabulary"
                ),
                "tokenizer and configuration are of different models: fetch both again",
            ));
        }
        let mut seen = Vec::new();
        eos.retain(|id| {
            !seen.contains(id) && {
                seen.push(*id);
                true
            }
        });

        let mut front = front_tokens(&tokenizer).map_err(|reason| broken(reason, again))?;
        match (config["add_bos_token"].as_bool(), bos) {
            (Some(true), Some(bos)) if !front.contains(&bos) => front.insert(0, bos),
            (Some(false), Some(bos)) => front.retain(|id| *id != bos),
            _ => {}
        }
        let vocabulary = tokenizer.get_vocab_size(true);
        let found = Self {
            tokenizer,
            front,
            bos,
            eos,
            vocabulary,
            anchor: None,
        };
        Ok(found.anchored())
    }

    fn anchored(mut self) -> Self {
        let Ok(anchor) = self.ids(ANCHOR) else { return self };
        if self.text(&anchor).is_ok_and(|text| text == ANCHOR) {
            let same = ["a", " a"].iter().all(|text| {
                let behind = self.ids_behind(&anchor, text);
                behind.is_none_or(|ids| {
                    self.ids(text).is_ok_and(|first| first == ids)
                        && self.text(&ids).is_ok_and(|decoded| decoded == *text)
                })
            });
            self.anchor = (!same).then_some(anchor);
        }
        self
    }

    fn ids(&self, text: &str) -> Result<Vec<u32>, TokenizerError> {
        let encoding = self.tokenizer.encode_fast(text, false);
        let encoding = encoding.map_err(|error| TokenizerError(error.to_string()))?;
        Ok(encoding.get_ids().to_vec())
    }

    fn text(&self, tokens: &[u32]) -> Result<String, TokenizerError> {
        let text = self.tokenizer.decode(tokens, true);
        text.map_err(|error| TokenizerError(error.to_string()))
    }

    /// The tokens of `text` behind the anchor, if it does not melt into it.
    fn ids_behind(&self, anchor: &[u32], text: &str) -> Option<Vec<u32>> {
        let all = self.ids(&format!("{ANCHOR}{text}")).ok()?;
        Some(all.strip_prefix(anchor)?.to_vec())
    }

    /// The text of `tokens` behind the anchor, if it does not melt into it.
    fn text_behind(&self, anchor: &[u32], tokens: &[u32]) -> Option<String> {
        let all = self.text(&[anchor, tokens].concat()).ok()?;
        Some(all.strip_prefix(ANCHOR)?.to_owned())
    }

    /// The beginning-of-sequence token that `tokenizer_config.json` names.
    #[must_use]
    pub fn bos(&self) -> Option<u32> {
        self.bos
    }

    /// Tokens in the vocabulary, added ones included.
    #[must_use]
    pub fn vocabulary(&self) -> usize {
        self.vocabulary
    }
}

impl restem_em::Tokenizer for HfTokenizer {
    fn encode(&self, text: &str, special: bool) -> Result<Vec<u32>, TokenizerError> {
        if special {
            return Ok([&self.front[..], &self.ids(text)?].concat());
        }
        let anchor = self.anchor.as_ref();
        match anchor.and_then(|anchor| self.ids_behind(anchor, text)) {
            Some(ids) => Ok(ids),
            None => self.ids(text),
        }
    }

    fn decode(&self, tokens: &[u32]) -> Result<String, TokenizerError> {
        if let Some(stray) = tokens
            .iter()
            .find(|id| self.tokenizer.id_to_token(**id).is_none())
        {
            return Err(TokenizerError(format!(
                "token {stray} is not in the vocabulary of {} tokens; is this tokenizer the model's?",
                self.vocabulary
            )));
        }
        let anchor = self.anchor.as_ref();
        match anchor.and_then(|anchor| self.text_behind(anchor, tokens)) {
            Some(text) => Ok(text),
            None => self.text(tokens),
        }
    }

    fn end_of_sequence(&self) -> &[u32] {
        &self.eos
    }
}

/// Parses a tokenizer; the library panics on some inconsistent files, which is the file's fault and told as such.
fn parse(text: &str) -> Result<tokenizers::Tokenizer, String> {
    match catch_unwind(AssertUnwindSafe(|| tokenizers::Tokenizer::from_bytes(text))) {
        Ok(Ok(tokenizer)) => Ok(tokenizer),
        Ok(Err(error)) => Err(format!("the file is no tokenizer: {error}")),
        Err(_) => Err("the file is no consistent tokenizer".to_owned()),
    }
}

/// What the post-processor puts in front of a text.
fn front_tokens(tokenizer: &tokenizers::Tokenizer) -> Result<Vec<u32>, String> {
    let ids = |special| {
        let encoding = tokenizer
            .encode_fast("a", special)
            .map_err(|error| error.to_string())?;
        Ok::<Vec<u32>, String>(encoding.get_ids().to_vec())
    };
    let (plain, full) = (ids(false)?, ids(true)?);
    let at = if plain.is_empty() {
        Some(0)
    } else {
        full.windows(plain.len()).position(|window| window == plain)
    };
    at.map(|at| full[..at].to_vec())
        .ok_or_else(|| "the post-processor changes the text's own tokens".to_owned())
}

/// `eos_token_id` of the model's configuration: a number or a list of them.
fn declared_eos(dir: &Path) -> Result<Vec<u32>, DataError> {
    let mut ids = Vec::new();
    for name in ["generation_config.json", "config.json"] {
        let path = dir.join(name);
        let config = read_json(&path)?;
        let declared = &config["eos_token_id"];
        for value in declared
            .as_array()
            .map_or(std::slice::from_ref(declared), Vec::as_slice)
        {
            match value.as_u64().map(u32::try_from) {
                Some(Ok(id)) => ids.push(id),
                _ if value.is_null() => {}
                _ => {
                    return Err(DataError::Model {
                        path,
                        reason: format!("`eos_token_id` holds {value}, token ids are expected"),
                        hint: "fetch the model's files again".to_owned(),
                    });
                }
            }
        }
    }
    Ok(ids)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use restem_em::Tokenizer as _;
    use serde_json::json;
    use tempfile::TempDir;

    use super::*;

    /// As Llama 2's, Mistral's and Phi-3's: a space in front of a sequence's first word, and none in the text.
    fn with_space_prefix() -> Value {
        json!({
            "version": "1.0",
            "normalizer": {"type": "Sequence", "normalizers": [
                {"type": "Prepend", "prepend": "▁"},
                {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}
            ]},
            "decoder": {"type": "Sequence", "decoders": [
                {"type": "Replace", "pattern": {"String": "▁"}, "content": " "},
                {"type": "ByteFallback"},
                {"type": "Fuse"},
                {"type": "Strip", "content": " ", "start": 1, "stop": 0}
            ]},
            "model": {
                "type": "BPE", "byte_fallback": true, "unk_token": "<unk>",
                "vocab": {"<unk>": 0, "<0x0A>": 1, "▁": 2, "a": 3, "5": 4, "▁a": 5, "▁▁": 6, "▁5": 7},
                "merges": ["▁ ▁", "▁ a", "▁ 5"]
            }
        })
    }

    #[test]
    fn a_continuation_keeps_the_spaces_that_it_begins_with_and_gets_none() {
        let dir = TempDir::new().unwrap();
        fs::write(dir.path().join("tokenizer.json"), with_space_prefix().to_string()).unwrap();
        let tokenizer = HfTokenizer::from_dir(dir.path()).unwrap();
        assert_eq!(tokenizer.encode("5", true).unwrap(), [7]);
        for (text, tokens) in [
            ("5", &[4][..]),
            (" 5", &[7]),
            ("   a", &[6, 5]),
            ("\n5", &[1, 4]),
            ("", &[]),
        ] {
            assert_eq!(tokenizer.encode(text, false).unwrap(), tokens, "{text:?}");
            assert_eq!(tokenizer.decode(tokens).unwrap(), text);
        }
    }

    fn tiny() -> Value {
        json!({
            "version": "1.0",
            "added_tokens": [
                {"id": 0, "content": "<s>", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false},
                {"id": 1, "content": "</s>", "special": true, "single_word": false, "lstrip": false, "rstrip": false, "normalized": false}
            ],
            "pre_tokenizer": {"type": "WhitespaceSplit"},
            "post_processor": {
                "type": "TemplateProcessing",
                "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, {"SpecialToken": {"id": "</s>", "type_id": 0}}],
                "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
                "special_tokens": {"<s>": {"id": "<s>", "ids": [0], "tokens": ["<s>"]}, "</s>": {"id": "</s>", "ids": [1], "tokens": ["</s>"]}}
            },
            "truncation": {"direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0},
            "model": {"type": "WordLevel", "vocab": {"<s>": 0, "</s>": 1, "<unk>": 2, "a": 3, "b": 4, "c": 5}, "unk_token": "<unk>"}
        })
    }

    fn directory(files: &[(&str, Value)]) -> TempDir {
        let dir = tempfile::tempdir().unwrap();
        for (name, content) in files {
            fs::write(dir.path().join(name), content.to_string()).unwrap();
        }
        dir
    }

    fn error(files: &[(&str, Value)]) -> String {
        let dir = directory(files);
        let error = HfTokenizer::from_dir(dir.path()).unwrap_err().to_string();
        error.replace(&dir.path().display().to_string(), "DIR")
    }

    #[test]
    fn text_becomes_tokens_with_bos_in_front_and_nothing_behind_or_cut_off() {
        let dir = directory(&[("tokenizer.json", tiny())]);
        let tokenizer = HfTokenizer::from_dir(dir.path()).unwrap();
        assert_eq!(tokenizer.encode("a b c", true).unwrap(), [0, 3, 4, 5]);
        assert_eq!(tokenizer.encode("a b c", false).unwrap(), [3, 4, 5]);
        assert_eq!(tokenizer.encode("", true).unwrap(), [0]);
        assert_eq!(tokenizer.decode(&[0, 3, 5, 1]).unwrap(), "a c");
        assert!(tokenizer.end_of_sequence().is_empty());
        assert_eq!(tokenizer.vocabulary(), 6);
    }

    #[test]
    fn every_declared_end_counts_once() {
        let dir = directory(&[
            ("tokenizer.json", tiny()),
            ("generation_config.json", json!({"eos_token_id": [1, 5]})),
            ("config.json", json!({"eos_token_id": 1})),
            (
                "tokenizer_config.json",
                json!({"bos_token": "<s>", "eos_token": {"content": "b"}}),
            ),
        ]);
        let tokenizer = HfTokenizer::from_dir(dir.path()).unwrap();
        assert_eq!(tokenizer.end_of_sequence(), [1, 5, 4]);
        assert_eq!(tokenizer.bos(), Some(0));
    }

    #[test]
    fn an_adapters_sequences_end_where_those_of_its_base_do() {
        let adapter = directory(&[
            ("tokenizer.json", tiny()),
            ("tokenizer_config.json", json!({"eos_token": "b"})),
        ]);
        let base = directory(&[("config.json", json!({"eos_token_id": [1, 4]}))]);
        let tokenizer = HfTokenizer::of_model(adapter.path(), base.path()).unwrap();
        assert_eq!(tokenizer.end_of_sequence(), [1, 4]);
    }

    #[test]
    fn add_bos_token_has_the_last_word() {
        let config = |add: bool| json!({"bos_token": "<s>", "add_bos_token": add});
        let dir = directory(&[
            ("tokenizer.json", tiny()),
            ("tokenizer_config.json", config(false)),
        ]);
        assert_eq!(
            HfTokenizer::from_dir(dir.path())
                .unwrap()
                .encode("a", true)
                .unwrap(),
            [3]
        );
        let mut bare = tiny();
        bare["post_processor"] = Value::Null;
        let dir = directory(&[("tokenizer.json", bare), ("tokenizer_config.json", config(true))]);
        assert_eq!(
            HfTokenizer::from_dir(dir.path())
                .unwrap()
                .encode("a", true)
                .unwrap(),
            [0, 3]
        );
    }

    #[test]
    fn unknown_tokens_are_not_decoded() {
        let dir = directory(&[("tokenizer.json", tiny())]);
        let error = HfTokenizer::from_dir(dir.path())
            .unwrap()
            .decode(&[3, 77])
            .unwrap_err();
        insta::assert_snapshot!(error, @r#"token 77 is not in the vocabulary of 6 tokens; is this tokenizer the model's?"#);
    }

    #[test]
    fn missing_and_broken_files_say_what_to_do() {
        insta::assert_snapshot!(error(&[]), @r#"
DIR/tokenizer.json: there is no such file
  hint: name a directory in Hugging Face's layout (config.json, model.safetensors, tokenizer.json)
"#);
        insta::assert_snapshot!(error(&[("tokenizer.model", json!(0))]), @r#"
DIR/tokenizer.json: there is no such file
  hint: the directory has only a SentencePiece `tokenizer.model`: load it with transformers' AutoTokenizer and save it again
"#);
        insta::assert_snapshot!(error(&[("tokenizer.json", json!([1, 2]))]), @r#"
DIR/tokenizer.json: the file is no tokenizer: invalid type: sequence, expected struct Tokenizer at line 1 column 1
  hint: fetch the model's files again, or save them with a current transformers
"#);
        insta::assert_snapshot!(error(&[("tokenizer.json", tiny()), ("config.json", json!({"eos_token_id": "x"}))]), @r#"
DIR/config.json: `eos_token_id` holds "x", token ids are expected
  hint: fetch the model's files again
"#);
        insta::assert_snapshot!(error(&[("tokenizer.json", tiny()), ("config.json", json!({"eos_token_id": 900}))]), @r#"
DIR/tokenizer.json: end-of-sequence token 900 of the model's configuration is not in its vocabulary
  hint: tokenizer and configuration are of different models: fetch both again
"#);
    }

    #[test]
    fn a_truncated_file_is_an_error_wherever_it_is_cut() {
        let whole = tiny().to_string();
        for end in (0..whole.len()).step_by(97) {
            let dir = tempfile::tempdir().unwrap();
            fs::write(dir.path().join("tokenizer.json"), &whole[..end]).unwrap();
            assert!(HfTokenizer::from_dir(dir.path()).is_err());
        }
    }
}
