//! Keys and values of a prompt, computed once and shared by all of its samples.
//!
//! A prompt runs through the model by itself in chunks of a fixed size, so what comes out is a function of its tokens
//! only. Chunks that the prompt before had too (few-shot examples) are copied instead of computed, with the same bits.

use tch::{Kind, Tensor};

use super::attend::{HIDDEN, attend};
use crate::config::Span;
use crate::model::{Model, Projected, Ropes};

/// Tokens that run through the model at once. Shorter remainders are padded to it.
pub(super) const CHUNK: i64 = 64;

/// Keys and values of `tokens` in every layer.
pub(super) struct PromptCache {
    tokens: Vec<i64>,
    /// Per layer, `[kv_heads, capacity, head_dim]` each.
    layers: Vec<(Tensor, Tensor)>,
}

impl PromptCache {
    /// Runs `tokens` through `model`, reusing leading chunks of `before`.
    pub(super) fn fill(model: &Model, ropes: &Ropes, tokens: &[i64], before: Option<&Self>) -> Self {
        let capacity = (tokens.len() as i64 + CHUNK - 1) / CHUNK * CHUNK;
        let shape = [model.config.kv_heads, capacity, model.config.head_dim];
        let empty = || Tensor::zeros(shape, (model.kind(), model.device()));
        let layers = model.layers.iter().map(|_| (empty(), empty())).collect();
        let mut cache = Self {
            tokens: tokens.to_vec(),
            layers,
        };
        let reused = before.map_or(0, |before| cache.copy_common_chunks(before));
        for start in (reused..capacity).step_by(CHUNK as usize) {
            cache.run_chunk(model, ropes, start);
        }
        cache
    }

    /// Another handle on the same keys and values.
    pub(super) fn share(&self) -> Self {
        let share = |(k, v): &(Tensor, Tensor)| (k.shallow_clone(), v.shallow_clone());
        Self {
            tokens: self.tokens.clone(),
            layers: self.layers.iter().map(share).collect(),
        }
    }

    /// Number of tokens.
    pub(super) fn len(&self) -> i64 {
        self.tokens.len() as i64
    }

    /// Keys and values of `layer` from position `start` on: `[kv_heads, len - start, head_dim]` each.
    pub(super) fn layer(&self, layer: usize, start: i64) -> (Tensor, Tensor) {
        let (k, v) = &self.layers[layer];
        let part = |x: &Tensor| x.narrow(1, start, self.len() - start);
        (part(k), part(v))
    }

    /// Copies the whole chunks that both token sequences begin with; returns how many positions that are.
    fn copy_common_chunks(&mut self, before: &Self) -> i64 {
        let same = self
            .tokens
            .iter()
            .zip(&before.tokens)
            .take_while(|(a, b)| a == b)
            .count();
        let common = same as i64 / CHUNK * CHUNK;
        if common > 0 {
            for ((k, v), (k_before, v_before)) in self.layers.iter().zip(&before.layers) {
                k.narrow(1, 0, common).copy_(&k_before.narrow(1, 0, common));
                v.narrow(1, 0, common).copy_(&v_before.narrow(1, 0, common));
            }
        }
        common
    }

    fn run_chunk(&self, model: &Model, ropes: &Ropes, start: i64) {
        let chunk: Vec<i64> = (start..start + CHUNK)
            .map(|position| self.tokens.get(position as usize).copied().unwrap_or(0))
            .collect();
        let place = (Kind::Int64, model.device());
        let mut x = model.embed(&Tensor::from_slice(&chunk).to_device(model.device()));
        let angles = ropes.at(&Tensor::arange_start(start, start + CHUNK, place));
        let full = chunk_mask(start, None).to_device(model.device());
        let sliding = match model.config.window {
            Some(window) if start + CHUNK > window => {
                chunk_mask(start, Some(window)).to_device(model.device())
            }
            _ => full.shallow_clone(),
        };
        for (index, layer) in model.layers.iter().enumerate() {
            let Projected { q, k, v } = layer.project(&x, angles.of(layer.span), &model.config);
            let (keys, values) = &self.layers[index];
            keys.narrow(1, start, CHUNK).copy_(&k.transpose(0, 1));
            values.narrow(1, start, CHUNK).copy_(&v.transpose(0, 1));
            if index + 1 == model.layers.len() {
                break; // Nothing reads the last layer's output here.
            }
            let [kv_heads, group] = [model.config.kv_heads, model.config.group_size()];
            let q = q.view([CHUNK, kv_heads, group, -1]).permute([1, 2, 0, 3]);
            let seen = |x: &Tensor| {
                x.narrow(1, 0, start + CHUNK)
                    .unsqueeze(1)
                    .expand([-1, group, -1, -1], false)
            };
            let mask = if layer.span == Span::Full { &full } else { &sliding };
            let scale = model.config.attention_scale;
            let attended = attend(&q, &seen(keys), &seen(values), Some(mask), scale).out;
            let attended = attended.permute([2, 0, 1, 3]).reshape([CHUNK, -1]);
            x = layer.finish(&x, &attended, &model.config);
        }
    }
}

/// Additive mask `[1, 1, CHUNK, start + CHUNK]`: causal, and within `window` where there is one.
fn chunk_mask(start: i64, window: Option<i64>) -> Tensor {
    let keys = start + CHUNK;
    let mut mask = Vec::with_capacity((CHUNK * keys) as usize);
    for query in start..start + CHUNK {
        let first = window.map_or(0, |window| query - window + 1);
        mask.extend((0..keys).map(|key| {
            if (first..=query).contains(&key) {
                0.0
            } else {
                HIDDEN
            }
        }));
    }
    Tensor::from_slice(&mask).view([1, 1, CHUNK, keys])
}
