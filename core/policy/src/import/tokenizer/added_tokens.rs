//! Tokens that are cut out of the text before anything else happens to it.

use serde::Serialize;

use super::vocabulary::Vocabulary;

/// An entry of `added_tokens` in `tokenizer.json`.
#[derive(Debug, Serialize)]
pub(super) struct AddedToken<'a> {
    id: u32,
    content: &'a str,
    single_word: bool,
    lstrip: bool,
    rstrip: bool,
    normalized: bool,
    special: bool,
}

/// The added tokens of `vocabulary` by id: control tokens are special, user-defined ones are text. Spaces that follow belong
/// to those that `swallows`.
pub(super) fn added_tokens<'a>(
    vocabulary: &'a Vocabulary,
    swallows: &dyn Fn(&str) -> bool,
) -> Vec<AddedToken<'a>> {
    let of = |ids: &[u32], special: bool| {
        ids.iter()
            .map(|&id| AddedToken {
                id,
                content: vocabulary.token(id),
                single_word: false,
                lstrip: false,
                rstrip: swallows(vocabulary.token(id)),
                normalized: false,
                special,
            })
            .collect::<Vec<_>>()
    };
    let mut tokens = of(vocabulary.control(), true);
    tokens.extend(of(vocabulary.user_defined(), false));
    tokens.sort_by_key(|token| token.id);
    tokens
}
