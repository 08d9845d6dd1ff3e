//! One forward pass of some rows: layer after layer, each in ten steps that all threads share.
#![expect(
    unsafe_code,
    reason = "the instructions are checked for at run time; rows are written side by side"
)]

use tch::Tensor;

use super::attention::{ChunkAttention, Partials};
use super::bf16::{round, rounded, tanh, widen};
use super::heads::{BLOCK, Destination, split};
use super::norm::RowNorm;
use super::own_keys::OwnKeys;
use super::product::project;
use super::shared::{Shared, bf16, writable};
use super::team::Team;
use super::{Buffers, Kernels, activation, norm, product};
use crate::config::{ModelConfig, Span};
use crate::generate::passes::{Caches, Pass, PassRow, Slot};
use crate::model::{Layer, Model, Norm, Ropes};

/// Rows that a thread takes at once where each is little work.
const ROWS_AT_ONCE: usize = 4;

impl Kernels {
    /// Runs all layers of the [frozen](Model::frozen) `model`. The last layer stops when keys and values are written, unless
    /// `to_the_end`; then `self` holds each row's normalised output for [`Kernels::logits`].
    pub(crate) fn forward(
        &mut self,
        model: &Model,
        ropes: &Ropes,
        caches: Caches<'_>,
        pass: &Pass,
        to_the_end: bool,
    ) {
        // SAFETY: `Kernels` exist only where the CPU has these instructions.
        unsafe {
            forward(
                self.team,
                &mut self.buffers,
                model,
                ropes,
                caches,
                pass,
                to_the_end,
            )
        }
    }

    /// Logits of the rows of the last pass, into the first rows of `out [rows, vocab]`.
    pub(crate) fn logits(&self, model: &Model, out: &Tensor) {
        // SAFETY: as above; nobody else has a slice of `out`.
        unsafe { logits(self.team, &self.buffers, model, &writable(out)) }
    }
}

#[target_feature(enable = "avx512bf16,avx512vl")]
fn forward(
    team: Team,
    buffers: &mut Buffers,
    model: &Model,
    ropes: &Ropes,
    caches: Caches<'_>,
    pass: &Pass,
    to_the_end: bool,
) {
    let config = &model.config;
    buffers.resize(config, pass.rows.len());
    buffers.partials.reset(pass.parts, pass.rows.len(), config);
    embed(model, &pass.rows, &mut buffers.residual);
    let hidden = config.hidden_size as usize;
    let first = RowNorm::from(&model.layers[0].attention_norm);
    let residual = &buffers.residual;
    each_row(team, hidden, &mut buffers.normed, |row, out| {
        norm::norm(first, &residual[row * hidden..][..hidden], out);
    });
    for (index, layer) in model.layers.iter().enumerate() {
        project(team, &buffers.normed, &layer.qkv, &mut buffers.stacked);
        write_heads(
            team,
            buffers,
            layer,
            config,
            ropes,
            LayerCache::of(caches, index),
            &pass.rows,
        );
        let next = match model.layers.get(index + 1) {
            Some(next) => &next.attention_norm,
            None if to_the_end => &model.norm,
            None => return,
        };
        attend(team, buffers, layer, config, LayerCache::of(caches, index), pass);
        project(team, &buffers.attended, &layer.out, &mut buffers.added);
        sum(
            team,
            buffers,
            hidden,
            layer.attention_out_norm.as_ref(),
            &layer.mlp_norm,
        );
        project(team, &buffers.normed, &layer.gate_up, &mut buffers.gate_up);
        let (mlp, gate_up) = (config.mlp_size as usize, &buffers.gate_up);
        each_row(team, mlp, &mut buffers.gated, |row, out| {
            activation::gate(config.activation, &gate_up[row * 2 * mlp..][..2 * mlp], out);
        });
        project(team, &buffers.gated, &layer.down, &mut buffers.added);
        sum(team, buffers, hidden, layer.mlp_out_norm.as_ref(), next);
    }
}

#[target_feature(enable = "avx512bf16,avx512vl")]
fn logits(team: Team, buffers: &Buffers, model: &Model, out: &Shared<'_, u16>) {
    let (hidden, vocab) = (
        model.config.hidden_size as usize,
        model.config.vocab_size as usize,
    );
    let (weight, bias) = match &model.head {
        Some(head) => (&head.weight, head.bias.as_ref().map(bf16)),
        None => (&model.embedding, None),
    };
    product::product(team, &buffers.normed, bf16(weight), bias, hidden, out);
    if let Some(cap) = model.config.logit_cap {
        let cap = cap as f32;
        team.run(buffers.normed.len() / hidden, vocab, &|row| {
            // SAFETY: each task has a row of its own.
            for logit in unsafe { out.part(row * vocab, vocab) } {
                let tangent = rounded(tanh(rounded(widen(*logit) / cap)));
                *logit = round(tangent * cap);
            }
        });
    }
}

impl Buffers {
    fn resize(&mut self, config: &ModelConfig, rows: usize) {
        let [hidden, mlp, heads, kv_heads, width] = [
            config.hidden_size,
            config.mlp_size,
            config.heads,
            config.kv_heads,
            config.head_dim,
        ]
        .map(|size| size as usize);
        for (buffer, size) in [
            (&mut self.residual, hidden),
            (&mut self.normed, hidden),
            (&mut self.added, hidden),
            (&mut self.stacked, (heads + 2 * kv_heads) * width),
            (&mut self.queries, heads * width),
            (&mut self.attended, heads * width),
            (&mut self.gate_up, 2 * mlp),
            (&mut self.gated, mlp),
        ] {
            buffer.resize(rows * size, 0);
        }
    }
}

/// One layer's keys and values.
#[derive(Clone, Copy)]
struct LayerCache<'a> {
    prompts: &'a (Tensor, Tensor),
    own: Option<&'a (Tensor, Tensor)>,
}

impl<'a> LayerCache<'a> {
    fn of(caches: Caches<'a>, layer: usize) -> Self {
        Self {
            prompts: &caches.prompts[layer],
            own: caches.own.get(layer),
        }
    }

    /// Blocks per row of the samples' own cache.
    fn own_blocks(&self) -> usize {
        self.own.map_or(0, |(keys, _)| keys.size()[1] as usize)
    }
}

/// Calls `work` with each row's number and its `width` numbers of `out`.
#[inline]
#[target_feature(enable = "avx512bf16,avx512vl")]
fn each_row(team: Team, width: usize, out: &mut [u16], work: impl Fn(usize, &mut [u16]) + Sync) {
    let rows = out.len() / width;
    let out = Shared::of(out);
    team.run(rows.div_ceil(ROWS_AT_ONCE), ROWS_AT_ONCE * width, &|task| {
        for row in task * ROWS_AT_ONCE..rows.min((task + 1) * ROWS_AT_ONCE) {
            // SAFETY: each row belongs to one task.
            work(row, unsafe { out.part(row * width, width) });
        }
    });
}

#[target_feature(enable = "avx512bf16,avx512vl")]
fn embed(model: &Model, rows: &[PassRow], out: &mut [u16]) {
    let (hidden, embedding) = (model.config.hidden_size as usize, bf16(&model.embedding));
    // transformers rounds the factor to the compute type first.
    let scale = model.config.embed_scale.map(|scale| rounded(scale as f32));
    for (row, out) in rows.iter().zip(out.chunks_exact_mut(hidden)) {
        out.copy_from_slice(&embedding[row.token as usize * hidden..][..hidden]);
        if let Some(scale) = scale {
            out.iter_mut()
                .for_each(|number| *number = round(widen(*number) * scale));
        }
    }
}

/// Takes the stacked projections apart, row by row.
#[target_feature(enable = "avx512bf16,avx512vl")]
fn write_heads(
    team: Team,
    buffers: &mut Buffers,
    layer: &Layer,
    config: &ModelConfig,
    ropes: &Ropes,
    cache: LayerCache<'_>,
    rows: &[PassRow],
) {
    let width = (config.heads * config.head_dim) as usize;
    let stacked_width = buffers.stacked.len() / rows.len();
    let stacked = Shared::of(&mut buffers.stacked);
    let own_blocks = cache.own_blocks();
    let norms = layer.qk_norm.as_ref().map(|(q, k)| (q.into(), k.into()));
    let (cos, sin) = ropes.of(layer.span).tables();
    let rotated = cos.size()[1] as usize;
    let (cos, sin) = (bf16(cos), bf16(sin));
    // SAFETY: nobody reads a layer's cache while its rows are written.
    let [prompts, own] = [Some(cache.prompts), cache.own]
        .map(|pair| pair.map(|(keys, values)| unsafe { (writable(keys), writable(values)) }));
    let to = |slot: Slot| {
        let (pair, block, index) = match slot {
            Slot::Prompt { place, index } => (&prompts, place, index),
            Slot::Own { row, length } => (&own, row * own_blocks + length / BLOCK, length % BLOCK),
        };
        let (keys, values) = pair.as_ref().expect("a row writes to a cache that there is");
        Destination {
            keys,
            values,
            block,
            index,
        }
    };
    each_row(team, width, &mut buffers.queries, |row, queries| {
        let PassRow { position, slot, .. } = rows[row];
        // SAFETY: each row belongs to one task.
        let stacked = unsafe { stacked.part(row * stacked_width, stacked_width) };
        let angles = [cos, sin].map(|table| &table[position as usize * rotated..][..rotated]);
        split(norms, config, angles.into(), stacked, queries, &to(slot));
    });
}

/// From queries to `attended`.
#[target_feature(enable = "avx512bf16,avx512vl")]
fn attend(
    team: Team,
    buffers: &mut Buffers,
    layer: &Layer,
    config: &ModelConfig,
    cache: LayerCache<'_>,
    pass: &Pass,
) {
    let rows = pass.rows.len();
    let (keys, values) = (bf16(&cache.prompts.0), bf16(&cache.prompts.1));
    let chunks = ChunkAttention {
        config,
        span: layer.span,
        rows,
        queries: &buffers.queries,
        keys,
        values,
    };
    chunks.attend(team, &pass.reads, &mut buffers.partials);
    let window = config.window.filter(|_| layer.span == Span::Sliding);
    let (queries, partials): (&[u16], &Partials) = (&buffers.queries, &buffers.partials);
    let (own_keys, own_values) = cache.own.map_or((&[][..], &[][..]), |(k, v)| (bf16(k), bf16(v)));
    let own_blocks = cache.own_blocks();
    let width = (config.heads * config.head_dim) as usize;
    each_row(team, width, &mut buffers.attended, |row, out| {
        let (block, seen) = match pass.rows[row].slot {
            Slot::Prompt { .. } => (0, 0..0),
            Slot::Own { row, length } => {
                let keys = length + 1;
                let first = window.map_or(0, |window| keys.saturating_sub(window as usize));
                (row * own_blocks, first..keys)
            }
        };
        let own = OwnKeys {
            config,
            keys: own_keys,
            values: own_values,
            block,
            seen,
        };
        own.join(
            &queries[row * width..][..width],
            partials,
            pass.parts,
            (row, rows),
            out,
        );
    });
}

/// Adds what attention or the MLP made of a row to it, and normalises the sum for what comes next.
#[target_feature(enable = "avx512bf16,avx512vl")]
fn sum(team: Team, buffers: &mut Buffers, hidden: usize, after: Option<&Norm>, next: &Norm) {
    let normed = Shared::of(&mut buffers.normed);
    let added = &buffers.added;
    let (after, next) = (after.map(RowNorm::from), RowNorm::from(next));
    each_row(team, hidden, &mut buffers.residual, |row, residual| {
        norm::add(residual, &added[row * hidden..][..hidden], after);
        // SAFETY: each row belongs to one task.
        norm::norm(next, residual, unsafe { normed.part(row * hidden, hidden) });
    });
}
