//! The decoder over a [`Batch`]: from embeddings to the states that predict targets.

use tch::{Device, Kind, Tensor};

use crate::config::{AttentionScale, ModelConfig, Span};
use crate::model::attention::attend_to;
use crate::model::{LayerAngles, Model, Projected};
use crate::train::batch::{Batch, Segment};

/// The decoder with what its layers need to know of a batch.
pub struct Body<'a> {
    model: &'a Model,
    batch: &'a Batch,
    angles: LayerAngles,
    sight: Sight,
}

impl<'a> Body<'a> {
    /// For the rows of `batch`.
    pub fn new(model: &'a Model, batch: &'a Batch) -> Self {
        Self {
            model,
            batch,
            angles: model.ropes(batch.end).at(&batch.positions),
            sight: Sight::new(batch, &model.config, model.kind(), model.device()),
        }
    }

    /// Final, normalised states `[targets, hidden]` at the rows that predict a target, from scaled embeddings
    /// `[rows, hidden]`.
    pub fn states(&self, embedded: &Tensor) -> Tensor {
        let first = embedded.shallow_clone();
        let last = (0..self.model.layers.len()).fold(first, |x, index| self.layer(index, &x));
        self.norm(&last)
    }

    /// The residual stream after layer `index`. After the last attention only rows that predict a target matter, so the last
    /// layer's MLP sees and returns no others.
    pub fn layer(&self, index: usize, x: &Tensor) -> Tensor {
        let (layer, config) = (&self.model.layers[index], &self.model.config);
        let projected = layer.project(x, self.angles.of(layer.span), config);
        let scale = config.attention_scale;
        let attended = self.sight.attend(&projected, layer.span, self.batch, scale);
        if index + 1 == self.model.layers.len() {
            let pick = |rows: &Tensor| rows.index_select(0, &self.batch.predicting);
            layer.finish(&pick(x), &pick(&attended), config)
        } else {
            layer.finish(x, &attended, config)
        }
    }

    /// The final norm.
    pub fn norm(&self, x: &Tensor) -> Tensor {
        self.model.norm.forward(x)
    }
}

/// Additive masks of a pass, per segment, for full and for sliding layers; where there is none, plain causality does. Each is
/// repeated for the query heads that share a key head.
struct Sight(Vec<(Option<Tensor>, Option<Tensor>)>);

impl Sight {
    fn new(batch: &Batch, config: &ModelConfig, kind: Kind, device: Device) -> Self {
        let window = config.window.filter(|&window| window < batch.end);
        let masks = batch.segments.iter().map(|segment| {
            let mask = |window| {
                segment
                    .mask(window, kind, device)
                    .repeat([config.group_size(), 1])
            };
            let full = (!segment.is_causal()).then(|| mask(None));
            let sliding = match window {
                Some(window) => Some(mask(Some(window))),
                None => full.as_ref().map(Tensor::shallow_clone),
            };
            (full, sliding)
        });
        Self(masks.collect())
    }

    /// Attention of every row to what it may see, `[rows, heads * head_dim]`.
    fn attend(&self, projected: &Projected, span: Span, batch: &Batch, scale: AttentionScale) -> Tensor {
        let sizes: Vec<i64> = batch.segments.iter().map(Segment::rows).collect();
        let parts = |x: &Tensor| x.transpose(0, 1).unsqueeze(0).split_with_sizes(&sizes[..], 2);
        let [q, k, v] = [&projected.q, &projected.k, &projected.v].map(parts);
        let each = batch.segments.iter().zip(&self.0).enumerate();
        let attended = each.map(|(index, (segment, (full, sliding)))| {
            let mask = if span == Span::Full { full } else { sliding };
            let seen = |x: &[Tensor]| {
                let ancestors = segment.ancestors.iter().chain([&index]);
                let all: Vec<&Tensor> = ancestors.map(|&index| &x[index]).collect();
                match all[..] {
                    [own] => own.shallow_clone(),
                    _ => Tensor::cat(&all, 2),
                }
            };
            attend(&q[index], &seen(&k), &seen(&v), mask.as_ref(), scale)
        });
        let attended: Vec<Tensor> = attended.collect();
        Tensor::cat(&attended, 2)
            .squeeze_dim(0)
            .transpose(0, 1)
            .flatten(1, 2)
    }
}

/// Attention of `q [1, heads, rows, head_dim]` to `k`, `v` `[1, kv_heads, keys, head_dim]`, in the shape of `q`.
///
/// With a mask, query heads of one key head are rows of one product, and keys are not copied for each of them.
fn attend(q: &Tensor, k: &Tensor, v: &Tensor, mask: Option<&Tensor>, scale: AttentionScale) -> Tensor {
    let (shape, kv_heads) = (q.size(), k.size()[1]);
    let group = shape[1] / kv_heads;
    if group == 1 {
        return attend_to(q, k, v, mask, scale);
    }
    if mask.is_some() {
        let together = q.reshape([1, kv_heads, group * shape[2], shape[3]]);
        return attend_to(&together, k, v, mask, scale).reshape(&shape[..]);
    }
    let widen = |x: &Tensor| x.repeat_interleave_self_int(group, 1, None);
    attend_to(q, &widen(k), &widen(v), None, scale)
}
