//! Attention over whole sequences, differentiable: what training and log-probabilities use.

use tch::{Device, Kind, Tensor};

use crate::model::Projected;

/// Causal attention of `[batch, time, heads, head_dim]`; returns `[batch, time, heads * head_dim]`.
///
/// `window` is the mask of [`window_mask`] where the layer needs one. Padding belongs at the right end: causality then
/// hides it from every real token.
pub fn causal(projected: &Projected, scale: f64, window: Option<&Tensor>) -> Tensor {
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
    let attended =
        Tensor::scaled_dot_product_attention(&q, &k, &v, window, 0.0, window.is_none(), scale, false);
    attended.transpose(1, 2).flatten(2, 3)
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
