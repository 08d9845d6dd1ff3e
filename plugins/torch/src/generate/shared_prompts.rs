//! Attention of the decode rows to their prompts: samples of one problem read the same keys, in one product.
//!
//! Rows of a prompt are put into tiles of a fixed size, each tile attends by itself, so its shape does not depend on
//! how many samples are alive.

use tch::{Kind, Tensor};

use super::attend::{Attended, HIDDEN, attend};
use super::prompt_cache::PromptCache;
use crate::config::{ModelConfig, Span};
use crate::model::Model;

/// Query rows (samples times query heads per key head) that a tile should have: one block of the attention kernel.
const TILE_QUERIES: i64 = 32;
/// Most samples per tile, so that models with few heads per key don't compute mostly padding.
const TILE_SAMPLES: i64 = 16;

/// One prompt and the decode rows that continue it.
pub(super) struct Readers<'a> {
    pub(super) prompt: &'a PromptCache,
    /// Row and the position of the token that it processes in this step.
    pub(super) rows: Vec<(i64, i64)>,
    /// Whether some token of these samples may come to lie a window or more behind the prompt's start.
    pub(super) outgrows_window: bool,
}

/// One step's arrangement of rows into tiles.
pub(super) struct SharedStep<'a> {
    groups: Vec<Tiled<'a>>,
    /// Row of each place in the tiles.
    gather: Tensor,
    /// Place of each row in the tiles; rows without a prompt point one past the end.
    scatter: Tensor,
    samples_per_tile: i64,
}

struct Tiled<'a> {
    prompt: &'a PromptCache,
    first_place: i64,
    tiles: i64,
    /// First position that a sliding layer reads, and the mask there.
    window: Option<(i64, Tensor)>,
}

impl<'a> SharedStep<'a> {
    /// Arranges `readers`; nothing when none of the rows has a prompt to read.
    pub(super) fn plan(model: &Model, row_count: i64, readers: Vec<Readers<'a>>) -> Option<Self> {
        let group = model.config.group_size();
        let samples_per_tile = (TILE_QUERIES / group).clamp(1, TILE_SAMPLES);
        let (mut gather, mut groups) = (Vec::new(), Vec::new());
        let mut scatter = vec![-1; row_count as usize];
        for Readers {
            prompt,
            mut rows,
            outgrows_window,
        } in readers
        {
            if prompt.len() == 0 || rows.is_empty() {
                continue;
            }
            let first_place = gather.len() as i64;
            for (place, &(row, _)) in rows.iter().enumerate() {
                scatter[row as usize] = first_place + place as i64;
            }
            let tiles = (rows.len() as i64 + samples_per_tile - 1) / samples_per_tile;
            rows.resize((tiles * samples_per_tile) as usize, rows[0]);
            gather.extend(rows.iter().map(|&(row, _)| row));
            let window = model.config.window.filter(|_| outgrows_window).map(|window| {
                let start = (prompt.len() - window + 1).max(0);
                let mask = window_mask(&rows, start, prompt.len(), window, group);
                (
                    start,
                    mask.view([tiles, 1, samples_per_tile * group, -1])
                        .to_device(model.device()),
                )
            });
            groups.push(Tiled {
                prompt,
                first_place,
                tiles,
                window,
            });
        }
        if groups.is_empty() {
            return None;
        }
        let past_the_end = gather.len() as i64;
        scatter
            .iter_mut()
            .filter(|place| **place < 0)
            .for_each(|place| *place = past_the_end);
        let upload = |indices: &[i64]| Tensor::from_slice(indices).to_device(model.device());
        Some(Self {
            groups,
            gather: upload(&gather),
            scatter: upload(&scatter),
            samples_per_tile,
        })
    }

    /// Attends `q [rows, heads, head_dim]` in `layer`; rows without a prompt get a log-sum-exp of "hidden".
    pub(super) fn attend(&self, model: &Model, layer: usize, q: &Tensor) -> Attended {
        let ModelConfig {
            heads,
            kv_heads,
            head_dim,
            attention_scale,
            ..
        } = model.config;
        let (samples, group) = (self.samples_per_tile, model.config.group_size());
        let arranged = q.index_select(0, &self.gather);
        let (mut outs, mut lses) = (Vec::new(), Vec::new());
        for tiled in &self.groups {
            let tiles = tiled.tiles;
            let q = arranged.narrow(0, tiled.first_place, tiles * samples);
            let q = q
                .view([tiles, samples, kv_heads, group, head_dim])
                .transpose(1, 2);
            let q = q.reshape([tiles, kv_heads, samples * group, head_dim]);
            let window = tiled
                .window
                .as_ref()
                .filter(|_| model.layers[layer].span == Span::Sliding);
            let (k, v) = tiled.prompt.layer(layer, window.map_or(0, |(start, _)| *start));
            let repeat = |x: Tensor| x.unsqueeze(0).expand([tiles, -1, -1, -1], false);
            let mask = window.map(|(_, mask)| mask);
            let Attended { out, lse } = attend(&q, &repeat(k), &repeat(v), mask, attention_scale);
            let out = out
                .reshape([tiles, kv_heads, samples, group, head_dim])
                .transpose(1, 2);
            outs.push(out.reshape([tiles * samples, heads, head_dim]));
            let lse = lse.reshape([tiles, kv_heads, samples, group]).transpose(1, 2);
            lses.push(lse.reshape([tiles * samples, heads]).to_kind(Kind::Float));
        }
        outs.push(Tensor::zeros([1, heads, head_dim], (q.kind(), q.device())));
        lses.push(Tensor::full(
            [1, heads],
            f64::from(HIDDEN),
            (Kind::Float, q.device()),
        ));
        Attended {
            out: Tensor::cat(&outs, 0).index_select(0, &self.scatter),
            lse: Tensor::cat(&lses, 0).index_select(0, &self.scatter),
        }
    }
}

/// Which of the prompt's keys `start..len` each row still sees: `[rows, group, len - start]`.
fn window_mask(rows: &[(i64, i64)], start: i64, len: i64, window: i64, group: i64) -> Tensor {
    let mut mask = Vec::new();
    for &(_, position) in rows {
        for _ in 0..group {
            mask.extend((start..len).map(|key| if key > position - window { 0.0 } else { HIDDEN }));
        }
    }
    Tensor::from_slice(&mask)
}
