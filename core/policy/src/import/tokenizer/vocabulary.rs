//! The tokens of a file, their kinds, and the ids with a meaning of their own.

use std::collections::HashMap;

use super::super::error::ImportError;
use super::super::gguf::Metadata;
use super::{Kind, byte_level};

/// Most tokens accepted; the largest real vocabularies have a quarter of a million.
const TOKENS_LIMIT: u64 = 1 << 22;

/// llama.cpp's number for a control token, such as `<bos>`.
const CONTROL: i64 = 3;
/// llama.cpp's number for a user-defined token: matched whole, yet ordinary text.
const USER_DEFINED: i64 = 4;

/// Ids that the metadata names.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in super::super) struct SpecialIds {
    /// Beginning of a sequence.
    pub(in super::super) bos: Option<u32>,
    /// End of a sequence.
    pub(in super::super) eos: Option<u32>,
    /// End of a turn of a chat, where the file states one.
    pub(in super::super) eot: Option<u32>,
    /// Unknown token.
    pub(in super::super) unk: Option<u32>,
    /// Padding.
    pub(in super::super) pad: Option<u32>,
}

impl SpecialIds {
    fn read(metadata: &Metadata, tokens: usize) -> Result<Self, ImportError> {
        let id = |name: &str| -> Result<Option<u32>, ImportError> {
            let key = format!("tokenizer.ggml.{name}_token_id");
            match metadata.integer(&key)? {
                None => Ok(None),
                // llama.cpp writes "none" as -1 in the field's own width.
                Some(id) if id == u64::from(u32::MAX) => Ok(None),
                Some(id) if id < tokens as u64 => Ok(Some(id as u32)),
                Some(id) => Err(ImportError::BadValue {
                    key,
                    expected: format!("below the number of tokens, {tokens}"),
                    found: id.to_string(),
                }),
            }
        };
        Ok(Self {
            bos: id("bos")?,
            eos: id("eos")?,
            eot: id("eot")?,
            unk: id("unknown")?,
            pad: id("padding")?,
        })
    }
}

/// The tokens of a file by id.
#[derive(Debug)]
pub(in super::super) struct Vocabulary {
    kind: Kind,
    tokens: Vec<String>,
    ids: HashMap<String, u32>,
    control: Vec<u32>,
    user_defined: Vec<u32>,
    special: SpecialIds,
    add_bos: bool,
    add_eos: bool,
}

impl Vocabulary {
    /// Reads the vocabulary, which may have at most `rows` tokens, one per row of the embedding matrix.
    ///
    /// # Errors
    /// Missing or inconsistent arrays, a token that comes twice, ids out of range, `add_bos_token` without a `<bos>`.
    pub(in super::super) fn read(metadata: &Metadata, rows: u64) -> Result<Self, ImportError> {
        let kind = Kind::of(metadata)?;
        let spelled = metadata.require_texts("tokenizer.ggml.tokens")?;
        let limit = rows.min(TOKENS_LIMIT);
        if spelled.is_empty() || spelled.len() as u64 > limit {
            return Err(ImportError::BadValue {
                key: "tokenizer.ggml.tokens".into(),
                expected: format!("an array of 1 to {limit} strings, as the embedding has {rows} rows"),
                found: format!("an array of {} strings", spelled.len()),
            });
        }
        let types = metadata
            .integers("tokenizer.ggml.token_type", spelled.len())?
            .unwrap_or_default();
        let special = SpecialIds::read(metadata, spelled.len())?;
        let of_type = |wanted: i64| -> Vec<u32> {
            (0_u32..)
                .zip(types)
                .filter(|(_, found)| **found == wanted)
                .map(|(id, _)| id)
                .collect()
        };
        let mut control = of_type(CONTROL);
        control.extend(
            [special.bos, special.eos, special.eot, special.unk, special.pad]
                .into_iter()
                .flatten(),
        );
        control.sort_unstable();
        control.dedup();
        let mut user_defined = of_type(USER_DEFINED);
        user_defined.retain(|id| control.binary_search(id).is_err());

        let mut tokens = spelled.to_vec();
        if kind == Kind::SentencePiece {
            // Runs of spaces are marked user-defined and written as spaces; text reaches the pieces with U+2581.
            user_defined.retain(|&id| {
                let token = &mut tokens[id as usize];
                let spaces = !token.is_empty() && token.bytes().all(|byte| byte == b' ');
                if spaces {
                    *token = "\u{2581}".repeat(token.len());
                }
                !spaces
            });
        }
        let mut ids = HashMap::with_capacity(tokens.len());
        for (id, token) in (0_u32..).zip(&tokens) {
            if let Some(earlier) = ids.insert(token.clone(), id) {
                return Err(ImportError::Malformed {
                    what: format!("tokens {earlier} and {id} are both {token:?}"),
                });
            }
        }
        let add_bos = match metadata.flag("tokenizer.ggml.add_bos_token")? {
            Some(flag) => flag,
            None => {
                adds_bos_by_default(kind, metadata, ids.contains_key(byte_level::OF_LLAMA3))?
                    && special.bos.is_some()
            }
        };
        let add_eos = metadata.flag("tokenizer.ggml.add_eos_token")?.unwrap_or(false);
        for (flag, id, name) in [(add_bos, special.bos, "bos"), (add_eos, special.eos, "eos")] {
            if flag && id.is_none() {
                return Err(ImportError::MissingKey {
                    key: format!("tokenizer.ggml.{name}_token_id"),
                });
            }
        }
        Ok(Self {
            kind,
            tokens,
            ids,
            control,
            user_defined,
            special,
            add_bos,
            add_eos,
        })
    }

    /// Which kind of tokenizer these are the tokens of.
    pub(in super::super) fn kind(&self) -> Kind {
        self.kind
    }

    /// Number of tokens.
    pub(in super::super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// The ids that the metadata names.
    pub(in super::super) fn special(&self) -> SpecialIds {
        self.special
    }

    /// All tokens by id.
    pub(super) fn tokens(&self) -> &[String] {
        &self.tokens
    }

    /// The text of token `id`, which must come from this vocabulary.
    pub(super) fn token(&self, id: u32) -> &str {
        &self.tokens[id as usize]
    }

    /// The id of `token`.
    pub(super) fn id(&self, token: &str) -> Option<u32> {
        self.ids.get(token).copied()
    }

    /// Tokens that never come from text: control tokens and those with an id of their own, ascending.
    pub(super) fn control(&self) -> &[u32] {
        &self.control
    }

    /// Tokens that are cut out of the text whole, ascending.
    pub(super) fn user_defined(&self) -> &[u32] {
        &self.user_defined
    }

    /// Put before every sequence.
    pub(super) fn leading(&self) -> Option<u32> {
        self.special.bos.filter(|_| self.add_bos)
    }

    /// Put after every sequence.
    pub(super) fn trailing(&self) -> Option<u32> {
        self.special.eos.filter(|_| self.add_eos)
    }
}

/// What llama.cpp does for a file that does not say.
fn adds_bos_by_default(kind: Kind, metadata: &Metadata, llama3: bool) -> Result<bool, ImportError> {
    Ok(match kind {
        Kind::SentencePiece => true,
        Kind::ByteLevel => matches!(
            byte_level::words(metadata, llama3)?,
            Some("llama3" | "llama-v3" | "llama-bpe" | "tekken")
        ),
    })
}
