//! Attention that also returns the log-sum-exp of its scores, which is what joining two sets of keys needs.

use tch::{Device, Kind, Tensor};

/// Added to the score of a hidden key. Finite, so that a row whose keys are all hidden stays free of NaN; its
/// log-sum-exp is then so low that [`Attended::join`] gives it weight zero.
pub(super) const HIDDEN: f32 = -1e30;

/// The result of attending to some of the keys.
pub(super) struct Attended {
    /// Weighted values, `[…, head_dim]`.
    pub(super) out: Tensor,
    /// Log-sum-exp of the scores, f32, `[…]`.
    pub(super) lse: Tensor,
}

/// Attends `q [batch, heads, m, head_dim]` to `k`, `v` `[batch, heads, keys, head_dim]` (may be expanded views).
///
/// `mask` is additive f32, broadcast to `[batch, heads, m, keys]`.
pub(super) fn attend(q: &Tensor, k: &Tensor, v: &Tensor, mask: Option<&Tensor>, scale: f64) -> Attended {
    if q.device() == Device::Cpu {
        let (out, lse) =
            Tensor::internal_scaled_dot_product_flash_attention_for_cpu(q, k, v, 0.0, false, mask, scale);
        return Attended { out, lse };
    }
    let scores = q.matmul(&k.transpose(-2, -1)).to_kind(Kind::Float) * scale;
    let scores = match mask {
        Some(mask) => scores + mask,
        None => scores,
    };
    let lse = scores.logsumexp(-1, true);
    let weights = (scores - &lse).exp().to_kind(q.kind());
    Attended {
        out: weights.matmul(v),
        lse: lse.squeeze_dim(-1),
    }
}

/// Joins attention over disjoint sets of keys: `out [rows, heads, head_dim]`, `lse [rows, heads]` each.
///
/// Sums in the order of `parts`, so that parts of weight zero at the end change no bit.
pub(super) fn join(parts: &[Attended]) -> Tensor {
    let kind = parts[0].out.kind();
    let lse: Vec<&Tensor> = parts.iter().map(|part| &part.lse).collect();
    let weights = Tensor::stack(&lse, 0).softmax(0, Kind::Float).unsqueeze(-1);
    let mut sum = parts[0].out.to_kind(Kind::Float) * weights.get(0);
    for (index, part) in parts.iter().enumerate().skip(1) {
        sum += part.out.to_kind(Kind::Float) * weights.get(index as i64);
    }
    sum.to_kind(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joining_two_halves_equals_attending_to_all() {
        tch::manual_seed(1);
        let random = |keys: i64| Tensor::randn([2, 1, keys, 16], (Kind::Float, Device::Cpu));
        let (q, k, v) = (random(3), random(40), random(40));
        let whole = attend(&q, &k, &v, None, 0.25).out;
        let part = |start, length| {
            let part = attend(
                &q,
                &k.narrow(2, start, length),
                &v.narrow(2, start, length),
                None,
                0.25,
            );
            Attended {
                out: part.out.squeeze_dim(1),
                lse: part.lse.squeeze_dim(1),
            }
        };
        let joined = join(&[part(0, 11), part(11, 29)]);
        let error = (joined - whole.squeeze_dim(1)).abs().max().double_value(&[]);
        assert!(error < 1e-6, "{error:e}");
    }

    #[test]
    fn a_part_whose_keys_are_all_hidden_changes_no_bit() {
        tch::manual_seed(2);
        let random = |keys: i64| Tensor::randn([2, 1, keys, 16], (Kind::BFloat16, Device::Cpu));
        let (q, k, v) = (random(3), random(40), random(40));
        let hidden = Tensor::full([2, 1, 1, 40], f64::from(HIDDEN), (Kind::Float, Device::Cpu));
        let part = |mask: Option<&Tensor>| {
            let part = attend(&q, &k, &v, mask, 0.25);
            Attended {
                out: part.out.squeeze_dim(1),
                lse: part.lse.squeeze_dim(1),
            }
        };
        assert_eq!(join(&[part(None), part(Some(&hidden))]), join(&[part(None)]));
    }
}
