//! Attention of a sample to what it wrote itself, joined with its attention to the chunks of its prompt.
#![expect(unsafe_code, reason = "loads of vectors take pointers")]

use std::arch::x86_64::*;
use std::cell::RefCell;
use std::ops::Range;

use super::attention::{Partials, largest, scale_scores};
use super::bf16::{exp, round, widen};
use super::heads::{BLOCK, offset};
use super::product::bits;
use crate::config::ModelConfig;

/// One row's view of its layer's caches and partial results.
pub(super) struct OwnKeys<'a> {
    pub(super) config: &'a ModelConfig,
    /// `[blocks, kv_heads, BLOCK, head_dim]` each.
    pub(super) keys: &'a [u16],
    pub(super) values: &'a [u16],
    /// The row's first block; the others follow.
    pub(super) block: usize,
    /// Which of its own keys it sees.
    pub(super) seen: Range<usize>,
}

thread_local! {
    /// Scores or weights of one head's own keys.
    static SCORES: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
    /// A head's weighted values.
    static SUM: RefCell<Vec<f32>> = const { RefCell::new(Vec::new()) };
}

impl OwnKeys<'_> {
    /// Attention of `row` of a pass with `rows` rows, `[heads * head_dim]`: to the `parts` of `partials`, first to last, then to
    /// its own keys.
    #[target_feature(enable = "avx512bf16,avx512vl")]
    pub(super) fn join(
        &self,
        queries: &[u16],
        partials: &Partials,
        parts: usize,
        (row, rows): (usize, usize),
        out: &mut [u16],
    ) {
        let (heads, width) = (self.config.heads as usize, self.config.head_dim as usize);
        let group = heads / self.config.kv_heads as usize;
        SCORES.with_borrow_mut(|scores| {
            SUM.with_borrow_mut(|sum| {
                for head in 0..heads {
                    let query = &queries[head * width..][..width];
                    self.score(head / group, query, scores);
                    scale_scores(scores, self.config.attention_scale);
                    let places = (0..parts).map(|part| (part * rows + row) * heads + head);
                    let seen = places.filter(|&place| partials.largest[place] != f32::NEG_INFINITY);
                    let of_parts = seen.clone().map(|place| partials.largest[place]);
                    let top = of_parts.fold(largest(scores), f32::max);
                    let mut mass = 0.0;
                    sum.clear();
                    sum.resize(width, 0.0);
                    for place in seen {
                        let weight = exp(partials.largest[place] - top);
                        mass += weight * partials.mass[place];
                        let part = &partials.out[place * width..][..width];
                        for (sum, part) in sum.iter_mut().zip(part) {
                            *sum = part.mul_add(weight, *sum);
                        }
                    }
                    for score in scores.iter_mut() {
                        *score = exp(*score - top);
                    }
                    mass += scores.iter().sum::<f32>();
                    self.add_values(head / group, scores, sum);
                    let share = 1.0 / mass;
                    let out = &mut out[head * width..][..width];
                    for (out, sum) in out.iter_mut().zip(sum.iter()) {
                        *out = round(sum * share);
                    }
                }
            });
        });
    }

    /// The keys that are seen, block by block: the number of each block and which of its keys.
    fn blocks(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        let Range { start, end } = self.seen;
        let blocks = if start < end {
            start / BLOCK..end.div_ceil(BLOCK)
        } else {
            0..0
        };
        let first = self.block;
        blocks.map(move |block| {
            let from = block * BLOCK;
            (
                first + block,
                start.max(from) - from..end.min(from + BLOCK) - from,
            )
        })
    }

    /// Unscaled scores of a query against the keys that are seen.
    #[inline]
    #[target_feature(enable = "avx512bf16,avx512vl")]
    fn score(&self, kv_head: usize, query: &[u16], scores: &mut Vec<f32>) {
        let width = query.len();
        scores.clear();
        for (block, keys) in self.blocks() {
            let keys = &self.keys[offset(self.config, block, kv_head, keys.start)..][..keys.len() * width];
            for key in keys.chunks_exact(width) {
                scores.push(dot(query, key));
            }
        }
    }

    /// Adds the weighted values of the keys that are seen.
    #[inline]
    #[target_feature(enable = "avx512bf16,avx512vl")]
    fn add_values(&self, kv_head: usize, weights: &[f32], sum: &mut [f32]) {
        let width = sum.len();
        let mut weights = weights;
        for (block, keys) in self.blocks() {
            let values =
                &self.values[offset(self.config, block, kv_head, keys.start)..][..keys.len() * width];
            let (of_block, rest) = weights.split_at(keys.len());
            weights = rest;
            let (mut fours, mut of_fours) = (values.chunks_exact(4 * width), of_block.chunks_exact(4));
            for (values, weights) in (&mut fours).zip(&mut of_fours) {
                let [a, b, c, d] = [0, 1, 2, 3].map(|row| &values[row * width..][..width]);
                for index in 0..width {
                    let mut own = widen(a[index]) * weights[0];
                    own = widen(b[index]).mul_add(weights[1], own);
                    own = widen(c[index]).mul_add(weights[2], own);
                    own = widen(d[index]).mul_add(weights[3], own);
                    sum[index] += own;
                }
            }
            let ones = fours.remainder().chunks_exact(width);
            for (value, weight) in ones.zip(of_fours.remainder()) {
                for (sum, value) in sum.iter_mut().zip(value) {
                    *sum = widen(*value).mul_add(*weight, *sum);
                }
            }
        }
    }
}

/// Inner product.
#[inline]
#[target_feature(enable = "avx512bf16,avx512vl")]
fn dot(a: &[u16], b: &[u16]) -> f32 {
    let mut sum = _mm512_setzero_ps();
    for (a, b) in a.chunks(32).zip(b.chunks(32)) {
        let mask = u32::MAX >> (32 - a.len().min(b.len()));
        // SAFETY: the mask reads as many numbers as both slices have.
        let [a, b] = [a, b].map(|x| unsafe { _mm512_maskz_loadu_epi16(mask, x.as_ptr().cast()) });
        sum = _mm512_dpbf16_ps(sum, bits(a), bits(b));
    }
    _mm512_reduce_add_ps(sum)
}
