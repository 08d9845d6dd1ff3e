//! The decoder over a [`Batch`]: from embeddings to the states that predict targets.

use tch::{Device, Kind, Tensor};

use crate::config::{AttentionScale, ModelConfig, Span};
use crate::model::attention::attend_to;
use crate::model::{Model, Projected};
use crate::train::batch::Batch;

/// Final, normalised states `[targets, hidden]` at the rows that predict a target, from scaled embeddings
/// `[rows, hidden]`.
///
/// After the last attention only those rows matter, so the last MLP and the final norm see no others.
pub fn states(model: &Model, embedded: &Tensor, batch: &Batch) -> Tensor {
    let config = &model.config;
    let angles = model.ropes(batch.shared + batch.own).at(&batch.positions);
    let sight = Sight::new(batch, config, model.kind(), model.device());
    let mut x = embedded.shallow_clone();
    for (index, layer) in model.layers.iter().enumerate() {
        let projected = layer.project(&x, angles.of(layer.span), config);
        let attended = sight.attend(&projected, layer.span, batch, config.attention_scale);
        let last = index + 1 == model.layers.len();
        x = if last {
            let pick = |rows: &Tensor| rows.index_select(0, &batch.predicting);
            layer.finish(&pick(&x), &pick(&attended), config)
        } else {
            layer.finish(&x, &attended, config)
        };
    }
    model.norm.forward(&x)
}

/// Additive masks of a pass; where there is none, plain causality does.
struct Sight {
    prefix_sliding: Option<Tensor>,
    own_full: Option<Tensor>,
    own_sliding: Option<Tensor>,
}

impl Sight {
    fn new(batch: &Batch, config: &ModelConfig, kind: Kind, device: Device) -> Self {
        let all = batch.shared + batch.own;
        let window = |time| config.window.filter(|&window| window < time);
        let own_full = (batch.shared > 0).then(|| mask(batch.shared, batch.own, None, kind, device));
        let own_sliding = match window(all) {
            Some(window) => Some(mask(batch.shared, batch.own, Some(window), kind, device)),
            None => own_full.as_ref().map(Tensor::shallow_clone),
        };
        Self {
            prefix_sliding: window(batch.shared)
                .map(|window| mask(0, batch.shared, Some(window), kind, device)),
            own_full,
            own_sliding,
        }
    }

    /// Attention of every row to what it may see, `[rows, heads * head_dim]`.
    fn attend(&self, projected: &Projected, span: Span, batch: &Batch, scale: AttentionScale) -> Tensor {
        let group = projected.q.size()[1] / projected.k.size()[1];
        let prefix = |x: &Tensor| x.narrow(0, 0, batch.shared).unsqueeze(0).transpose(1, 2);
        let own = |x: &Tensor| {
            let size = x.size();
            let rows = x.narrow(0, batch.shared, batch.count * batch.own);
            rows.view([batch.count, batch.own, size[1], size[2]])
                .transpose(1, 2)
        };
        let wide = |x: Tensor| match group {
            1 => x,
            _ => x.repeat_interleave_self_int(group, 1, None),
        };
        let attention = |q: &Tensor, k: Tensor, v: Tensor, mask: Option<&Tensor>| {
            let (k, v) = (wide(k), wide(v));
            attend_to(q, &k, &v, mask, scale)
                .transpose(1, 2)
                .flatten(2, 3)
                .flatten(0, 1)
        };
        let Projected { q, k, v } = projected;
        let (prefix_mask, own_mask) = match span {
            Span::Full => (None, &self.own_full),
            Span::Sliding => (self.prefix_sliding.as_ref(), &self.own_sliding),
        };
        if batch.shared == 0 {
            return attention(&own(q), own(k), own(v), own_mask.as_ref());
        }
        let seen = |x: &Tensor| {
            let shared = prefix(x);
            let heads = shared.size();
            let shared = shared.expand([batch.count, heads[1], heads[2], heads[3]], false);
            Tensor::cat(&[shared, own(x)], 2)
        };
        let shared = attention(&prefix(q), prefix(k), prefix(v), prefix_mask);
        let own = attention(&own(q), seen(k), seen(v), own_mask.as_ref());
        Tensor::cat(&[shared, own], 0)
    }
}

/// Mask `[time, before + time]` of rows that follow `before` others: causal, and within `window` where there is one.
fn mask(before: i64, time: i64, window: Option<i64>, kind: Kind, device: Device) -> Tensor {
    let row = Tensor::arange_start(before, before + time, (Kind::Int64, device)).unsqueeze(1);
    let distance = row - Tensor::arange(before + time, (Kind::Int64, device)).unsqueeze(0);
    let ahead = distance.lt(0);
    let hidden = match window {
        Some(window) => ahead.logical_or(&distance.ge(window)),
        None => ahead,
    };
    Tensor::zeros([time, before + time], (kind, device)).masked_fill(&hidden, f64::NEG_INFINITY)
}
