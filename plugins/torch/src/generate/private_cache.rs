//! Keys and values of what each sample has written itself, in blocks of a fixed number of keys.
//!
//! Each (row, block) attends by itself with the same shape, whatever the other rows hold; blocks are then joined
//! through their log-sum-exp. A row that needs one block and a row that needs nine don't see each other's length.

use tch::{Kind, Tensor};

use super::attend::{Attended, HIDDEN, attend};
use crate::config::{ModelConfig, Span};
use crate::model::{Model, Projected};
use crate::transfer::upload;

/// Keys per block.
pub(super) const BLOCK: i64 = 64;

/// The cache of all rows.
pub(super) struct PrivateCache {
    rows: i64,
    blocks: i64,
    /// Per layer, `[rows, blocks, kv_heads, BLOCK, head_dim]` each.
    layers: Vec<(Tensor, Tensor)>,
}

/// Where one step writes and what each row may see.
pub(super) struct PrivateStep {
    blocks: i64,
    /// Indices into the flattened `[rows * blocks * kv_heads * BLOCK]`, one per (row, head).
    write: Tensor,
    full: Tensor,
    sliding: Tensor,
}

impl PrivateCache {
    /// With room for nothing yet.
    pub(super) fn new(rows: i64) -> Self {
        Self {
            rows,
            blocks: 0,
            layers: Vec::new(),
        }
    }

    /// Makes room for `blocks` per row, keeping what is there.
    pub(super) fn reserve(&mut self, model: &Model, blocks: i64) {
        if blocks > self.blocks {
            self.grow(model, blocks);
        }
    }

    fn grow(&mut self, model: &Model, blocks: i64) {
        let ModelConfig {
            kv_heads, head_dim, ..
        } = model.config;
        let larger = |old: Option<&Tensor>| {
            let shape = [self.rows, blocks, kv_heads, BLOCK, head_dim];
            let new = Tensor::zeros(shape, (model.kind(), model.device()));
            if let Some(old) = old {
                new.narrow(1, 0, self.blocks).copy_(old);
            }
            new
        };
        // One after the other: old and new keys of all layers together would be twice the memory.
        for (k, v) in &mut self.layers {
            *k = larger(Some(k));
            *v = larger(Some(v));
        }
        let missing = model.layers.len() - self.layers.len();
        self.layers
            .extend((0..missing).map(|_| (larger(None), larger(None))));
        self.blocks = blocks;
    }

    /// Keys and values of every layer, `[rows, blocks, kv_heads, BLOCK, head_dim]` each.
    pub(super) fn layers(&self) -> &[(Tensor, Tensor)] {
        &self.layers
    }

    /// Prepares a step in which row `r` writes its key number `lengths[r]` (0 in rows without a sample).
    pub(super) fn plan(&self, model: &Model, lengths: &[i64]) -> PrivateStep {
        let kv_heads = model.config.kv_heads;
        let blocks = lengths.iter().max().map_or(1, |longest| longest / BLOCK + 1);
        let place = |row: i64, length: i64, head: i64| {
            ((row * self.blocks + length / BLOCK) * kv_heads + head) * BLOCK + length % BLOCK
        };
        let write: Vec<i64> = (0..self.rows)
            .flat_map(|row| (0..kv_heads).map(move |head| place(row, lengths[row as usize], head)))
            .collect();
        let mask = |window: Option<i64>| {
            let mut mask = Vec::with_capacity((self.rows * blocks * kv_heads * BLOCK) as usize);
            for &length in lengths {
                let first = window.map_or(0, |window| length - window + 1);
                for block in 0..blocks {
                    for _ in 0..kv_heads {
                        let keys = block * BLOCK..(block + 1) * BLOCK;
                        mask.extend(keys.map(|key| {
                            if (first..=length).contains(&key) {
                                0.0
                            } else {
                                HIDDEN
                            }
                        }));
                    }
                }
            }
            let shape = [self.rows, blocks * kv_heads, 1, BLOCK];
            upload(&mask, model.device()).view(shape)
        };
        let full = mask(None);
        let sliding = match model.config.window {
            Some(window) if lengths.iter().any(|&length| length >= window) => mask(Some(window)),
            _ => full.shallow_clone(),
        };
        PrivateStep {
            blocks,
            write: upload(&write, model.device()),
            full,
            sliding,
        }
    }

    /// Writes this step's keys and values of `layer`, then attends to everything that the rows have written.
    ///
    /// One part per block, each `[rows, heads, head_dim]` for all decode rows; those without a place in the cache see nothing.
    pub(super) fn attend(
        &self,
        model: &Model,
        layer: usize,
        step: &PrivateStep,
        projected: &Projected,
    ) -> Vec<Attended> {
        let ModelConfig {
            heads,
            kv_heads,
            head_dim,
            ..
        } = model.config;
        let (keys, values) = &self.layers[layer];
        let (rows, blocks, group) = (self.rows, step.blocks, model.config.group_size());
        let write = |cache: &Tensor, new: &Tensor| {
            let _ = cache
                .view([-1, head_dim])
                .index_copy_(0, &step.write, &new.reshape([-1, head_dim]));
        };
        let decoded = projected.q.size()[0];
        let placed = |x: &Tensor| x.narrow(0, 0, rows);
        write(keys, &placed(&projected.k));
        write(values, &placed(&projected.v));
        let live = |cache: &Tensor| cache.narrow(1, 0, blocks).flatten(1, 2);
        let q = placed(&projected.q).view([rows, 1, kv_heads, group, head_dim]);
        let q = q
            .expand([-1, blocks, -1, -1, -1], false)
            .reshape([rows, blocks * kv_heads, group, head_dim]);
        let mask = if model.layers[layer].span == Span::Full {
            &step.full
        } else {
            &step.sliding
        };
        let all = attend(
            &q,
            &live(keys),
            &live(values),
            Some(mask),
            model.config.attention_scale,
        );
        let out = all.out.reshape([rows, blocks, heads, head_dim]);
        let lse = all.lse.reshape([rows, blocks, heads]).to_kind(Kind::Float);
        let all_rows = |out: Tensor, lse: Tensor| match decoded - rows {
            0 => Attended { out, lse },
            without => {
                let hidden = Tensor::full([without, heads], f64::from(HIDDEN), (Kind::Float, out.device()));
                Attended {
                    out: out.constant_pad_nd([0, 0, 0, 0, 0, without]),
                    lse: Tensor::cat(&[lse, hidden], 0),
                }
            }
        };
        (0..blocks)
            .map(|block| all_rows(out.select(1, block), lse.select(1, block)))
            .collect()
    }
}
