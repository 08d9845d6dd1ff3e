//! What the kernels compute in one go: a step of the samples, or a chunk of a prompt.

use std::collections::BTreeMap;
use std::ops::Range;

use tch::Tensor;

use super::prompt_tree::{CHUNK, PromptPath, PromptTree};
use crate::config::ModelConfig;

/// Query rows that read a chunk together should be about so many: enough to make rearranging its keys and values cheap.
pub(crate) const QUERIES: usize = 64;

/// What a pass computes.
pub(crate) struct Pass {
    pub(crate) rows: Vec<PassRow>,
    /// Who attends to which chunks of prompts.
    pub(crate) reads: Vec<Read>,
    /// Chunks of the longest prompt.
    pub(crate) parts: usize,
}

/// A token to be processed.
pub(crate) struct PassRow {
    pub(crate) token: i64,
    pub(crate) position: i64,
    pub(crate) slot: Slot,
}

/// Where a row's keys and values go.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Slot {
    /// Into a chunk of a prompt, to which the row attends by a [`Read`].
    Prompt { place: usize, index: usize },
    /// Behind the `length` keys that its sample has in the cache's row `row`.
    Own { row: usize, length: usize },
}

/// Rows that attend to one chunk together.
pub(crate) struct Read {
    /// The chunk's place in the cache.
    pub(crate) place: usize,
    /// Which chunk of their prompts it is.
    pub(crate) part: usize,
    /// Its keys.
    pub(crate) len: usize,
    pub(crate) readers: Vec<Reader>,
}

/// A row, and the keys of a chunk that it sees in layers of both kinds.
pub(crate) struct Reader {
    pub(crate) row: usize,
    pub(crate) full: Range<usize>,
    pub(crate) sliding: Range<usize>,
}

/// Caches of all layers, keys and values.
#[derive(Clone, Copy)]
pub(crate) struct Caches<'a> {
    /// `[places, kv_heads, 64, head_dim]` each.
    pub(crate) prompts: &'a [(Tensor, Tensor)],
    /// `[rows, blocks, kv_heads, 64, head_dim]` each; none where no row writes there.
    pub(crate) own: &'a [(Tensor, Tensor)],
}

/// A sample's next token.
pub(super) struct Step<'a> {
    pub(super) row: PassRow,
    /// The prompt that it continues.
    pub(super) path: Option<&'a PromptPath>,
}

/// The next token of every sample in `steps`.
pub(super) fn of_samples(config: &ModelConfig, tree: &PromptTree, steps: Vec<Step<'_>>) -> Pass {
    let mut by_chunk = BTreeMap::<(usize, usize), Vec<Reader>>::new();
    for (row, step) in steps.iter().enumerate() {
        let places = step.path.map_or(&[][..], PromptPath::places);
        for (part, &place) in places.iter().enumerate() {
            let reader = reader(config, row, step.row.position, part, tree.len(place));
            by_chunk.entry((part, place)).or_default().push(reader);
        }
    }
    let rows = steps.into_iter().map(|step| step.row).collect();
    pass(config, tree, rows, by_chunk)
}

/// The `tokens` of the chunk at `place`, which follows those of `path`.
pub(super) fn of_chunk(
    config: &ModelConfig,
    tree: &PromptTree,
    path: &[usize],
    place: usize,
    tokens: &[i64],
) -> Pass {
    let start = path.len() as i64 * CHUNK;
    let rows: Vec<PassRow> = (0..)
        .zip(tokens)
        .map(|(index, &token)| PassRow {
            token,
            position: start + index as i64,
            slot: Slot::Prompt { place, index },
        })
        .collect();
    let chunks = path.iter().copied().chain([place]).enumerate();
    let by_chunk = chunks.map(|(part, place)| {
        let readers = rows.iter().enumerate();
        let reader = |(row, of): (usize, &PassRow)| reader(config, row, of.position, part, tree.len(place));
        ((part, place), readers.map(reader).collect())
    });
    let by_chunk = by_chunk.collect();
    pass(config, tree, rows, by_chunk)
}

/// What a token at `position` sees of the chunk number `part`, which has `len` keys.
fn reader(config: &ModelConfig, row: usize, position: i64, part: usize, len: i64) -> Reader {
    let start = part as i64 * CHUNK;
    let end = len.min(position + 1 - start);
    let first = config.window.map_or(0, |window| position + 1 - window - start);
    Reader {
        row,
        full: 0..end as usize,
        sliding: first.clamp(0, end) as usize..end as usize,
    }
}

/// Cuts what reads a chunk into tasks.
fn pass(
    config: &ModelConfig,
    tree: &PromptTree,
    rows: Vec<PassRow>,
    by_chunk: BTreeMap<(usize, usize), Vec<Reader>>,
) -> Pass {
    let parts = by_chunk.keys().map(|(part, _)| part + 1).max().unwrap_or(0);
    let readers_at_once = (QUERIES / config.group_size() as usize).max(1);
    let mut reads = Vec::new();
    for ((part, place), readers) in by_chunk {
        let mut readers = readers.into_iter().peekable();
        while readers.peek().is_some() {
            reads.push(Read {
                place,
                part,
                len: tree.len(place) as usize,
                readers: readers.by_ref().take(readers_at_once).collect(),
            });
        }
    }
    Pass { rows, reads, parts }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    fn gemma() -> ModelConfig {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens/gemma3");
        let config = ModelConfig::read(&directory).unwrap();
        ModelConfig {
            window: Some(70),
            ..config
        }
    }

    #[test]
    fn a_token_sees_what_came_before_it_and_in_sliding_layers_its_window() {
        let config = gemma();
        let seen = |position, part, len| {
            let Reader { full, sliding, .. } = reader(&config, 0, position, part, len);
            (full, sliding)
        };
        assert_eq!(seen(10, 0, 64), (0..11, 0..11));
        assert_eq!(seen(69, 0, 64), (0..64, 0..64));
        assert_eq!(seen(70, 0, 64), (0..64, 1..64));
        assert_eq!(seen(200, 0, 64), (0..64, 64..64));
        assert_eq!(seen(200, 2, 30), (0..30, 3..30));
    }
}
