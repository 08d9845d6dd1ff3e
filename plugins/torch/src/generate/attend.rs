//! Attention that also returns the log-sum-exp of its scores, which is what joining two sets of keys needs.

use tch::{Device, Kind, Tensor};

use crate::config::AttentionScale;
use crate::elementwise::{blocks_at_once, in_whole_vectors};
use crate::model::attention::scores;

/// Added to the score of a hidden key. Finite, so that a row whose keys are all hidden stays free of NaN; its
/// log-sum-exp is then so low that [`Attended::join`] gives it weight zero.
pub(super) const HIDDEN: f32 = -1e30;

/// Heads that attend together at most where scores are capped.
const GROUP: i64 = 16;

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
pub(super) fn attend(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    mask: Option<&Tensor>,
    scale: AttentionScale,
) -> Attended {
    match (q.device(), scale.cap) {
        (Device::Cpu, None) => {
            let (out, lse) = Tensor::internal_scaled_dot_product_flash_attention_for_cpu(
                q,
                k,
                v,
                0.0,
                false,
                mask,
                scale.factor,
            );
            Attended { out, lse }
        }
        (Device::Cpu, Some(_)) => attend_in_groups(q, k, v, mask, scale),
        _ => attend_at_once(q, k, v, mask, scale),
    }
}

/// [`attend_at_once`] for a fixed number of heads of the batch at a time, the last group padded.
///
/// How libtorch cuts up a batch of small products depends on their number, which here depends on the company of a
/// sample: groups of one size make a head's result its own.
fn attend_in_groups(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    mask: Option<&Tensor>,
    scale: AttentionScale,
) -> Attended {
    let size = q.size();
    let (batch, heads) = (size[0], size[1]);
    let all = batch * heads;
    let flat = |x: &Tensor| x.reshape([all, x.size()[2], x.size()[3]]);
    let (q, k, v) = (flat(q), flat(k), flat(v));
    let mask = mask.map(|mask| flat(&mask.expand([batch, heads, -1, -1], false)));
    let at_once = blocks_at_once(GROUP, q.size()[1] * k.size()[1]);
    let (mut outs, mut lses) = (Vec::new(), Vec::new());
    for first in (0..all).step_by(at_once as usize) {
        let count = at_once.min(all - first);
        let group = |x: &Tensor| match x.narrow(0, first, count) {
            whole if count == at_once => whole,
            rest => rest.constant_pad_nd([0, 0, 0, 0, 0, at_once - count]),
        };
        let mask = mask.as_ref().map(group);
        let Attended { out, lse } = attend_at_once(&group(&q), &group(&k), &group(&v), mask.as_ref(), scale);
        outs.push(out.narrow(0, 0, count));
        lses.push(lse.narrow(0, 0, count));
    }
    Attended {
        out: Tensor::cat(&outs, 0).reshape(&size[..]),
        lse: Tensor::cat(&lses, 0).reshape(&size[..3]),
    }
}

fn attend_at_once(
    q: &Tensor,
    k: &Tensor,
    v: &Tensor,
    mask: Option<&Tensor>,
    scale: AttentionScale,
) -> Attended {
    let scores = scores(q, k, scale);
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
    let weights = weights(&Tensor::stack(&lse, 0)).unsqueeze(-1);
    let mut sum = parts[0].out.to_kind(Kind::Float) * weights.get(0);
    for (index, part) in parts.iter().enumerate().skip(1) {
        sum += part.out.to_kind(Kind::Float) * weights.get(index as i64);
    }
    sum.to_kind(kind)
}

/// Softmax over the first dimension of `lse [parts, …]`; what lies where changes no bit.
fn weights(lse: &Tensor) -> Tensor {
    let (size, flat) = (lse.size(), lse.flatten(1, -1));
    let count = flat.size()[1];
    let padded = flat.constant_pad_nd([0, in_whole_vectors(count) - count]);
    padded
        .softmax(0, Kind::Float)
        .narrow(1, 0, count)
        .reshape(&size[..])
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: AttentionScale = AttentionScale {
        factor: 0.25,
        cap: None,
    };
    const CAPPED: AttentionScale = AttentionScale {
        cap: Some(1.5),
        ..PLAIN
    };

    #[test]
    fn equal_rows_are_joined_to_equal_bits_wherever_they_lie() {
        let before = tch::get_num_threads();
        let row = |size: &[i64]| Tensor::randn(size, (Kind::Float, Device::Cpu));
        let parts: Vec<(Tensor, Tensor)> = (0..3).map(|_| (row(&[1, 14, 8]), row(&[1, 14]))).collect();
        for (threads, rows) in [(2, 8), (3, 8), (3, 64)] {
            tch::set_num_threads(threads);
            let repeated = parts.iter().map(|(out, lse)| Attended {
                out: out.repeat([rows, 1, 1]),
                lse: lse.repeat([rows, 1]),
            });
            let joined = join(&repeated.collect::<Vec<_>>());
            let first = joined.narrow(0, 0, 1).expand_as(&joined);
            assert!(joined.equal(&first), "{threads} threads, {rows} rows");
        }
        tch::set_num_threads(before);
    }

    #[test]
    fn joining_two_halves_equals_attending_to_all() {
        tch::manual_seed(1);
        let random = |keys: i64| Tensor::randn([2, 1, keys, 16], (Kind::Float, Device::Cpu));
        let (q, k, v) = (random(3), random(40), random(40));
        for scale in [PLAIN, CAPPED] {
            let whole = attend(&q, &k, &v, None, scale).out;
            let part = |start, length| {
                let part = attend(
                    &q,
                    &k.narrow(2, start, length),
                    &v.narrow(2, start, length),
                    None,
                    scale,
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
    }

    #[test]
    fn a_cap_far_above_the_scores_is_none() {
        tch::manual_seed(3);
        let random = |keys: i64| Tensor::randn([3, 2, keys, 16], (Kind::Float, Device::Cpu));
        let (q, k, v) = (random(3), random(40), random(40));
        let mask = Tensor::zeros([3, 1, 1, 40], (Kind::Float, Device::Cpu));
        let capped = AttentionScale {
            cap: Some(1e4),
            ..PLAIN
        };
        let [one, other] = [PLAIN, capped].map(|scale| attend(&q, &k, &v, Some(&mask), scale));
        assert!(one.out.allclose(&other.out, 1e-4, 1e-5, false));
        assert!(one.lse.allclose(&other.lse, 1e-4, 1e-5, false));
    }

    #[test]
    fn capped_heads_do_not_notice_how_many_others_there_are() {
        tch::manual_seed(4);
        for kind in [Kind::Float, Kind::BFloat16] {
            for (queries, keys) in [(2, 64), (32, 137), (64, 320)] {
                let random = |count: i64| Tensor::randn([9, 4, count, 256], (kind, Device::Cpu));
                let (q, k, v) = (random(queries), random(keys), random(keys));
                let together = attend(&q, &k, &v, None, CAPPED);
                for (first, count) in [(0, 1), (3, 1), (2, 4), (1, 7)] {
                    let part = |x: &Tensor| x.narrow(0, first, count);
                    let alone = attend(&part(&q), &part(&k), &part(&v), None, CAPPED);
                    assert_eq!(alone.out, part(&together.out), "{kind:?} {queries} {keys}");
                    assert_eq!(alone.lse, part(&together.lse), "{kind:?} {queries} {keys}");
                }
            }
        }
    }

    #[test]
    fn a_part_whose_keys_are_all_hidden_changes_no_bit() {
        tch::manual_seed(2);
        let random = |keys: i64| Tensor::randn([2, 1, keys, 16], (Kind::BFloat16, Device::Cpu));
        let (q, k, v) = (random(3), random(40), random(40));
        let hidden = Tensor::full([2, 1, 1, 40], f64::from(HIDDEN), (Kind::Float, Device::Cpu));
        for scale in [PLAIN, CAPPED] {
            let part = |mask: Option<&Tensor>| {
                let part = attend(&q, &k, &v, mask, scale);
                Attended {
                    out: part.out.squeeze_dim(1),
                    lse: part.lse.squeeze_dim(1),
                }
            };
            assert_eq!(join(&[part(None), part(Some(&hidden))]), join(&[part(None)]));
        }
    }
}
