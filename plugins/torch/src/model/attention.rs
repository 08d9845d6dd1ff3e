//! Attention over whole sequences, differentiable: what training and log-probabilities use.

use tch::{Device, Kind, Tensor};

use crate::config::AttentionScale;
use crate::model::Projected;

/// Causal attention of `[batch, time, heads, head_dim]`; returns `[batch, time, heads * head_dim]`.
///
/// `window` is the mask of [`window_mask`] where the layer needs one. Padding belongs at the right end: causality then
/// hides it from every real token.
pub fn causal(projected: &Projected, scale: AttentionScale, window: Option<&Tensor>) -> Tensor {
    let q = projected.q.transpose(1, 2);
    let group = projected.q.size()[2] / projected.k.size()[2];
    let widen = |x: &Tensor| {
        let x = x.transpose(1, 2);
        if group == 1 {
            x
        } else {
            x.repeat_interleave_self_int(group, 1, None)
        }
    };
    let (k, v) = (widen(&projected.k), widen(&projected.v));
    let attended = attend_to(&q, &k, &v, window, scale);
    attended.transpose(1, 2).flatten(2, 3)
}

/// Attention of `q [batch, heads, m, head_dim]` to as many heads of `k` and `v`, under an additive `mask` or, without one,
/// causal (then there are as many keys as queries).
pub(crate) fn attend_to(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    mask: Option<&Tensor>,
    scale: AttentionScale,
) -> Tensor {
    if scale.cap.is_none() {
        return Tensor::scaled_dot_product_attention(q, k, v, mask, 0.0, mask.is_none(), scale.factor, false);
    }
    let scores = scores(q, k, scale);
    let seen = match mask {
        Some(mask) => scores + mask,
        None => {
            let ahead = Tensor::ones([q.size()[2], k.size()[2]], (Kind::Bool, q.device())).triu(1);
            scores.masked_fill(&ahead, f64::NEG_INFINITY)
        }
    };
    seen.softmax(-1, Kind::Float).to_kind(q.kind()).matmul(v)
}

/// Scores of `q […, m, head_dim]` against `k […, keys, head_dim]`, f32, scaled and capped.
pub(crate) fn scores(q: &Tensor, k: &Tensor, scale: AttentionScale) -> Tensor {
    let scores = q.matmul(&k.transpose(-2, -1)).to_kind(Kind::Float) * scale.factor;
    match scale.cap {
        Some(cap) => (scores / cap).tanh() * cap,
        None => scores,
    }
}

/// Additive mask `[time, time]` of a layer that sees the last `window` positions, or nothing when that is all of them.
pub fn window_mask(time: i64, window: i64, kind: Kind, device: Device) -> Option<Tensor> {
    if time <= window {
        return None;
    }
    let positions = Tensor::arange(time, (Kind::Int64, device));
    let distance = positions.unsqueeze(1) - positions.unsqueeze(0);
    let hidden = distance.lt(0).logical_or(&distance.ge(window));
    Some(Tensor::zeros([time, time], (kind, device)).masked_fill(&hidden, f64::NEG_INFINITY))
}
