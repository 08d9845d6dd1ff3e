//! Attention of rows to chunks of prompts: the rows that read a chunk do so in one product.
#![expect(unsafe_code, reason = "tasks write to one set of partial results")]

use std::cell::RefCell;
use std::ops::Range;

use super::bf16::{exp, round, tanh};
use super::heads::{BLOCK, offset};
use super::panel::{WIDTH, pack, pack_transposed};
use super::product::{PANEL, Sums, multiply, store};
use super::shared::Shared;
use super::team::Team;
use crate::config::{AttentionScale, ModelConfig, Span};
use crate::generate::passes::{QUERIES, Read};

/// Attention of every row to single chunks, not yet joined: `[parts, rows, heads]`, `out` also `[…, head_dim]`.
#[derive(Default)]
pub(super) struct Partials {
    pub(super) out: Vec<f32>,
    /// The largest score, `-inf` where the row sees no key of the part.
    pub(super) largest: Vec<f32>,
    /// Sum of `e^(score - largest)`.
    pub(super) mass: Vec<f32>,
}

impl Partials {
    /// Makes room, with nothing seen by anyone.
    pub(super) fn reset(&mut self, parts: usize, rows: usize, config: &ModelConfig) {
        let numbers = parts * rows * config.heads as usize;
        self.largest.clear();
        self.largest.resize(numbers, f32::NEG_INFINITY);
        self.mass.resize(numbers, 0.0);
        self.out.resize(numbers * config.head_dim as usize, 0.0);
    }
}

/// One layer's attention to chunks.
pub(super) struct ChunkAttention<'a> {
    pub(super) config: &'a ModelConfig,
    pub(super) span: Span,
    /// Rows of the pass.
    pub(super) rows: usize,
    /// `[rows, heads, head_dim]`.
    pub(super) queries: &'a [u16],
    /// `[places, kv_heads, BLOCK, head_dim]` each.
    pub(super) keys: &'a [u16],
    pub(super) values: &'a [u16],
}

thread_local! {
    /// Weights of a task's query rows, `[queries, BLOCK]`.
    static WEIGHTS: RefCell<Vec<u16>> = const { RefCell::new(Vec::new()) };
}

impl ChunkAttention<'_> {
    /// Fills in what `reads` say; everything else in `partials` stays.
    #[target_feature(enable = "avx512bf16,avx512vl")]
    pub(super) fn attend(&self, team: Team, reads: &[Read], partials: &mut Partials) {
        let kv_heads = self.config.kv_heads as usize;
        let out = Shared::of(&mut partials.out);
        let largest = Shared::of(&mut partials.largest);
        let mass = Shared::of(&mut partials.mass);
        let queries = QUERIES * self.config.head_dim as usize;
        team.run(reads.len() * kv_heads, queries, &|task| {
            self.attend_to(&reads[task / kv_heads], task % kv_heads, &out, &largest, &mass);
        });
    }

    #[target_feature(enable = "avx512bf16,avx512vl")]
    fn attend_to(
        &self,
        read: &Read,
        kv_head: usize,
        out: &Shared<'_, f32>,
        largest: &Shared<'_, f32>,
        mass: &Shared<'_, f32>,
    ) {
        let (heads, width) = (self.config.heads as usize, self.config.head_dim as usize);
        let group = heads / self.config.kv_heads as usize;
        let queries = read.readers.len() * group;
        let reader = |query: usize| &read.readers[query / group];
        let head = |query: usize| kv_head * group + query % group;
        let partial = |query: usize| (read.part * self.rows + reader(query).row) * heads + head(query);
        let row = |query: usize| &self.queries[(reader(query).row * heads + head(query)) * width..][..width];
        let cached = |cache| -> &[u16] {
            let cache: &[u16] = cache;
            &cache[offset(self.config, read.place, kv_head, 0)..][..read.len * width]
        };
        PANEL.with_borrow_mut(|panel| {
            WEIGHTS.with_borrow_mut(|weights| {
                weights.resize(queries * BLOCK, 0);
                pack_transposed(cached(self.keys), width, panel);
                multiply(queries, row, panel, &[], |query, sums| {
                    let seen = match self.span {
                        Span::Full => &reader(query).full,
                        Span::Sliding => &reader(query).sliding,
                    };
                    let weights = &mut weights[query * BLOCK..][..BLOCK];
                    let found = weigh(sums, seen, self.config.attention_scale, weights);
                    // SAFETY: no other task has this part of this row and head.
                    unsafe {
                        largest.part(partial(query), 1)[0] = found.0;
                        mass.part(partial(query), 1)[0] = found.1;
                    }
                });
                let used = read.len.next_multiple_of(2);
                for first in (0..width).step_by(WIDTH) {
                    pack(cached(self.values), width, first, panel);
                    let weights = |query: usize| &weights[query * BLOCK..][..used];
                    multiply(queries, weights, panel, &[], |query, sums| {
                        let columns = WIDTH.min(width - first);
                        // SAFETY: no other task has this part of this row and head.
                        store(sums, unsafe { out.part(partial(query) * width + first, columns) });
                    });
                }
            });
        });
    }
}

/// Turns the scores of one query against a chunk's keys into weights, relative to the largest score of those `seen`. Returns
/// that and the sum of the weights.
#[inline]
#[target_feature(enable = "avx512bf16,avx512vl")]
fn weigh(sums: &Sums, seen: &Range<usize>, scale: AttentionScale, weights: &mut [u16]) -> (f32, f32) {
    let mut scores = [0.0f32; BLOCK];
    store(sums, &mut scores);
    scale_scores(&mut scores, scale);
    for (key, score) in scores.iter_mut().enumerate() {
        *score = if key >= seen.start && key < seen.end {
            *score
        } else {
            f32::NEG_INFINITY
        };
    }
    let largest = largest(&scores);
    if largest == f32::NEG_INFINITY {
        weights.fill(0);
        return (largest, 0.0);
    }
    let mut sums = [0.0f32; 16];
    for (scores, weights) in scores.chunks_exact(16).zip(weights.chunks_exact_mut(16)) {
        for ((score, weight), sum) in scores.iter().zip(weights).zip(&mut sums) {
            let mass = exp(score - largest);
            *weight = round(mass);
            *sum += mass;
        }
    }
    (largest, sums.iter().sum())
}

/// What becomes of scores before the softmax.
#[inline(always)]
pub(super) fn scale_scores(scores: &mut [f32], scale: AttentionScale) {
    let factor = scale.factor as f32;
    match scale.cap {
        None => scores.iter_mut().for_each(|score| *score *= factor),
        Some(cap) => {
            let cap = cap as f32;
            for score in scores {
                *score = tanh(*score * factor / cap) * cap;
            }
        }
    }
}

/// The largest of `numbers`, `-inf` where there are none.
#[inline(always)]
pub(super) fn largest(numbers: &[f32]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; 16];
    for numbers in numbers.chunks(16) {
        for (lane, number) in lanes.iter_mut().zip(numbers) {
            *lane = if *number > *lane { *number } else { *lane };
        }
    }
    lanes.into_iter().fold(f32::NEG_INFINITY, f32::max)
}
