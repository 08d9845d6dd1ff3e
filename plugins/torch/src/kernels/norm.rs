//! Root-mean-square norms and residual sums of single rows.

use super::bf16::{round, rounded, widen};
use super::shared::f32;
use crate::model::Norm;

/// A [frozen](Norm::frozen) norm, whose weight is f32 and whole, as threads share it.
#[derive(Clone, Copy)]
pub(super) struct RowNorm<'a> {
    weight: &'a [f32],
    eps: f32,
}

impl<'a> From<&'a Norm> for RowNorm<'a> {
    fn from(norm: &'a Norm) -> Self {
        Self {
            weight: f32(&norm.weight),
            eps: norm.eps as f32,
        }
    }
}

/// `out = norm(x)`.
#[inline]
#[target_feature(enable = "avx512bf16,avx512vl")]
pub(super) fn norm(norm: RowNorm<'_>, x: &[u16], out: &mut [u16]) {
    let factor = factor(norm, x);
    for ((out, x), weight) in out.iter_mut().zip(x).zip(norm.weight) {
        *out = round(widen(*x) * factor * weight);
    }
}

/// The same in place.
#[inline]
#[target_feature(enable = "avx512bf16,avx512vl")]
pub(super) fn norm_in_place(norm: RowNorm<'_>, x: &mut [u16]) {
    let factor = factor(norm, x);
    for (x, weight) in x.iter_mut().zip(norm.weight) {
        *x = round(widen(*x) * factor * weight);
    }
}

/// `x += norm(added)`, or `x += added` without one.
#[inline]
#[target_feature(enable = "avx512bf16,avx512vl")]
pub(super) fn add(x: &mut [u16], added: &[u16], norm: Option<RowNorm<'_>>) {
    match norm {
        Some(norm) => {
            let factor = factor(norm, added);
            for ((x, added), weight) in x.iter_mut().zip(added).zip(norm.weight) {
                *x = round(widen(*x) + rounded(widen(*added) * factor * weight));
            }
        }
        None => {
            for (x, added) in x.iter_mut().zip(added) {
                *x = round(widen(*x) + widen(*added));
            }
        }
    }
}

/// What every number of the row is multiplied with.
#[inline(always)]
fn factor(norm: RowNorm<'_>, x: &[u16]) -> f32 {
    let mean = sum_of_squares(x) / x.len() as f32;
    1.0 / (mean + norm.eps).sqrt()
}

/// In sixteen sums side by side.
#[inline(always)]
fn sum_of_squares(x: &[u16]) -> f32 {
    let mut sums = [0.0f32; 16];
    let mut vectors = x.chunks_exact(16);
    for vector in &mut vectors {
        for (sum, x) in sums.iter_mut().zip(vector) {
            *sum = widen(*x).mul_add(widen(*x), *sum);
        }
    }
    for (sum, x) in sums.iter_mut().zip(vectors.remainder()) {
        *sum = widen(*x).mul_add(widen(*x), *sum);
    }
    sums.iter().sum()
}

#[cfg(test)]
mod tests {
    use tch::{Device, Kind, Tensor};

    use super::*;
    use crate::kernels::has_instructions;
    use crate::kernels::shared::bf16;

    /// Whether two rows differ by at most one unit of the last place.
    fn close(found: &[u16], expected: &Tensor) -> bool {
        let pairs = found.iter().zip(bf16(expected));
        pairs.into_iter().all(|(a, b)| a.abs_diff(*b) <= 1)
    }

    #[test]
    #[expect(unsafe_code, reason = "the instructions are checked for")]
    fn norms_and_sums_are_those_of_libtorchs_operations() {
        if !has_instructions() {
            return; // Nothing of this runs on such a CPU.
        }
        tch::manual_seed(3);
        for width in [640, 48, 7] {
            let random = || Tensor::randn([width], (Kind::BFloat16, Device::Cpu));
            let [x, added, weight] = [random(), random(), random()];
            let stored = Norm {
                name: String::new(),
                weight,
                offset: 1.0,
                eps: 1e-6,
            };
            let frozen = stored.frozen();
            let of_row = RowNorm::from(&frozen);
            let mut out = vec![0; width as usize];
            // SAFETY: checked above.
            unsafe { norm(of_row, bf16(&x), &mut out) };
            assert!(close(&out, &stored.forward(&x)));
            let mut out = bf16(&x).to_vec();
            // SAFETY: checked above.
            unsafe { norm_in_place(of_row, &mut out) };
            assert!(close(&out, &stored.forward(&x)));
            for after in [None, Some(of_row)] {
                let mut out = bf16(&x).to_vec();
                // SAFETY: checked above.
                unsafe { add(&mut out, bf16(&added), after) };
                let added = after.map_or_else(|| added.shallow_clone(), |_| stored.forward(&added));
                let wide = |tensor: &Tensor| tensor.to_kind(Kind::Float);
                let out: Vec<f32> = out.into_iter().map(widen).collect();
                let error = (Tensor::from_slice(&out) - (wide(&x) + wide(&added))).abs().max();
                // One unit of the largest sums that there may be, twice: the summand's and the sum's.
                assert!(error.double_value(&[]) <= 0.0625, "{error}");
            }
        }
    }
}
