//! Attention of the decode rows to their prompts: rows that share a chunk of the prompt tree read it together.
//!
//! The rows of a chunk are put into tiles of a fixed size. Each tile attends to its chunk by itself, so what a row gets does
//! not depend on who else reads the chunk; a row's parts are then joined through their log-sum-exp, first chunk first.

use std::collections::BTreeMap;

use tch::{Kind, Tensor};

use super::attend::{Attended, HIDDEN, attend};
use super::prompt_tree::{CHUNK, PromptPath, PromptTree};
use crate::config::{ModelConfig, Span};
use crate::model::Model;
use crate::transfer::upload;

/// Query rows (samples times query heads per key head) that a tile should have: one block of the attention kernel.
const TILE_QUERIES: i64 = 32;
/// Most samples per tile, so that models with few heads per key don't compute mostly padding.
const TILE_SAMPLES: i64 = 16;

/// A decode row and the prompt that it continues.
pub(super) struct Reader<'a> {
    pub(super) row: i64,
    /// Position of the token that the row processes in this step.
    pub(super) position: i64,
    pub(super) path: &'a PromptPath,
    /// Whether some token of this sample may come to lie a window or more behind the prompt's start.
    pub(super) outgrows_window: bool,
}

/// One step's arrangement of rows into tiles.
pub(super) struct SharedStep {
    /// Place in the tree of each tile's chunk.
    chunks: Tensor,
    /// Row of each place in the tiles.
    gather: Tensor,
    /// Place in the tiles of each row's part, `[parts * rows]`; anything where `absent` says so.
    scatter: Tensor,
    /// `[parts, rows, 1]`: 1 where a row has no such part.
    absent: Tensor,
    /// Chunks of the longest prompt.
    parts: i64,
    samples_per_tile: i64,
    /// `[tiles, 1, 1, CHUNK]`.
    full: Tensor,
    /// `[tiles, 1, queries, CHUNK]`, or `full`.
    sliding: Tensor,
}

/// The rows that read one chunk, each with the position that it processes.
struct ChunkReaders {
    part: usize,
    rows: Vec<(i64, i64)>,
}

impl SharedStep {
    /// Arranges `readers`; nothing when none of the rows has a prompt to read.
    pub(super) fn plan(
        model: &Model,
        row_count: i64,
        tree: &PromptTree,
        readers: &[Reader<'_>],
    ) -> Option<Self> {
        let mut by_chunk = BTreeMap::<usize, ChunkReaders>::new();
        for reader in readers {
            for (part, &place) in reader.path.places().iter().enumerate() {
                let chunk = by_chunk.entry(place).or_insert(ChunkReaders {
                    part,
                    rows: Vec::new(),
                });
                chunk.rows.push((reader.row, reader.position));
            }
        }
        let parts = by_chunk.values().map(|chunk| chunk.part as i64 + 1).max()?;
        let group = model.config.group_size();
        let samples_per_tile = (TILE_QUERIES / group).clamp(1, TILE_SAMPLES);
        let (mut chunks, mut gather) = (Vec::new(), Vec::new());
        let mut scatter = vec![0; (parts * row_count) as usize];
        let mut absent = vec![true; scatter.len()];
        let window = model.config.window;
        let window = window.filter(|_| readers.iter().any(|reader| reader.outgrows_window));
        let (mut full, mut sliding) = (Vec::new(), Vec::new());
        for (place, ChunkReaders { part, mut rows }) in by_chunk {
            for (index, &(row, _)) in rows.iter().enumerate() {
                let of_row = part * row_count as usize + row as usize;
                scatter[of_row] = gather.len() as i64 + index as i64;
                absent[of_row] = false;
            }
            let tiles = (rows.len() as i64 + samples_per_tile - 1) / samples_per_tile;
            rows.resize((tiles * samples_per_tile) as usize, rows[0]);
            gather.extend(rows.iter().map(|&(row, _)| row));
            chunks.resize(chunks.len() + tiles as usize, place as i64);
            let (start, len) = (part as i64 * CHUNK, tree.len(place));
            let score = |seen| if seen { 0.0 } else { HIDDEN };
            for _ in 0..tiles {
                full.extend((0..CHUNK).map(|key| score(key < len)));
            }
            let Some(window) = window else { continue };
            for &(_, position) in &rows {
                for _ in 0..group {
                    sliding.extend((0..CHUNK).map(|key| score(key < len && start + key > position - window)));
                }
            }
        }
        let tiles = chunks.len() as i64;
        let mask = |scores: &[f32]| upload(scores, model.device()).view([tiles, 1, -1, CHUNK]);
        let full = mask(&full);
        Some(Self {
            chunks: upload(&chunks, model.device()),
            gather: upload(&gather, model.device()),
            scatter: upload(&scatter, model.device()),
            absent: upload(&absent, model.device()).view([parts, row_count, 1]),
            parts,
            samples_per_tile,
            sliding: window.map_or_else(|| full.shallow_clone(), |_| mask(&sliding)),
            full,
        })
    }

    /// Attends `q [rows, heads, head_dim]` in `layer`: one part per chunk of the longest prompt. A row that has no such chunk
    /// gets a log-sum-exp of "hidden".
    pub(super) fn attend(&self, model: &Model, tree: &PromptTree, layer: usize, q: &Tensor) -> Vec<Attended> {
        let ModelConfig {
            heads,
            kv_heads,
            head_dim,
            attention_scale,
            ..
        } = model.config;
        let (samples, group) = (self.samples_per_tile, model.config.group_size());
        let q = q.index_select(0, &self.gather);
        let q = q.view([-1, samples, kv_heads, group, head_dim]).transpose(1, 2);
        let q = q.reshape([-1, kv_heads, samples * group, head_dim]);
        let (k, v) = tree.keys_and_values(layer, &self.chunks);
        let mask = if model.layers[layer].span == Span::Full {
            &self.full
        } else {
            &self.sliding
        };
        let Attended { out, lse } = attend(&q, &k, &v, Some(mask), attention_scale);
        let out = out
            .reshape([-1, kv_heads, samples, group, head_dim])
            .transpose(1, 2);
        let out = out.reshape([-1, heads, head_dim]).index_select(0, &self.scatter);
        let out = out.view([self.parts, -1, heads, head_dim]);
        let lse = lse.reshape([-1, kv_heads, samples, group]).transpose(1, 2);
        let lse = lse
            .reshape([-1, heads])
            .to_kind(Kind::Float)
            .index_select(0, &self.scatter);
        let lse = lse
            .view([self.parts, -1, heads])
            .masked_fill(&self.absent, f64::from(HIDDEN));
        (0..self.parts)
            .map(|part| Attended {
                out: out.get(part),
                lse: lse.get(part),
            })
            .collect()
    }
}
