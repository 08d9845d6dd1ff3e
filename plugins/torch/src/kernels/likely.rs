//! What choosing a token needs of a row of logits, read once from memory: the normaliser and the most likely tokens.
#![expect(
    unsafe_code,
    reason = "the instructions are checked for at run time; rows are written side by side"
)]

use tch::Tensor;

use super::Kernels;
use super::bf16::{exp, widen};
use super::shared::{Shared, bf16};
use crate::generate::choose::Likely;

/// Logits per group: only groups whose largest is among the `k` largest are looked at again.
const GROUP: usize = 64;

/// Logits whose masses are summed in f32, before they join a sum in f64.
const STRETCH: usize = 4096;

impl Kernels {
    /// The `counts[row]` most likely tokens of each of the first rows of `logits [rows, vocab]` in bf16.
    pub(crate) fn likely(&self, logits: &Tensor, counts: &[usize]) -> Vec<Likely> {
        let (vocab, logits) = (logits.size()[1] as usize, bf16(logits));
        let mut found = vec![Likely::default(); counts.len()];
        let places = Shared::of(&mut found);
        self.team.run(counts.len(), vocab, &|row| {
            // SAFETY: `Kernels` exist only where the CPU has these instructions; no other task has this row.
            unsafe {
                places.part(row, 1)[0] = of_row(&logits[row * vocab..][..vocab], counts[row].min(vocab));
            }
        });
        found
    }
}

#[target_feature(enable = "avx512bf16,avx512vl")]
fn of_row(logits: &[u16], count: usize) -> Likely {
    // Loops, since closures of iterators are not compiled for these instructions where they are not inlined.
    let mut tops = Vec::with_capacity(logits.len().div_ceil(GROUP));
    let mut top = f32::NEG_INFINITY;
    for logits in logits.chunks(GROUP) {
        let largest = largest(logits);
        tops.push(largest);
        top = top.max(largest);
    }
    let mut sum = 0.0;
    for logits in logits.chunks(STRETCH) {
        sum += f64::from(mass(logits, top));
    }
    Likely {
        tokens: most_likely(logits, &tops, count),
        normaliser: top + sum.ln() as f32,
    }
}

/// At least `count` groups have a largest logit that reaches the `count`-th largest of these, so at least as many tokens do,
/// and no token below it is among the `count` most likely.
#[inline(always)]
fn most_likely(logits: &[u16], tops: &[f32], count: usize) -> Vec<(i64, f32)> {
    if count == 0 {
        return Vec::new();
    }
    let least = if count <= tops.len() {
        let mut sorted = tops.to_vec();
        *sorted.select_nth_unstable_by(count - 1, |a, b| b.total_cmp(a)).1
    } else {
        f32::NEG_INFINITY
    };
    let mut found = Vec::new();
    for (group, _) in tops.iter().enumerate().filter(|(_, top)| **top >= least) {
        let first = group * GROUP;
        let logits = &logits[first..logits.len().min(first + GROUP)];
        for (token, logit) in (first as i64..)
            .zip(logits)
            .map(|(token, logit)| (token, widen(*logit)))
        {
            if logit >= least || logit.is_nan() {
                found.push((token, logit));
            }
        }
    }
    found.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    found.truncate(count);
    found
}

#[inline(always)]
fn largest(logits: &[u16]) -> f32 {
    let mut lanes = [f32::NEG_INFINITY; 16];
    for logits in logits.chunks(16) {
        for (lane, logit) in lanes.iter_mut().zip(logits) {
            let logit = widen(*logit);
            *lane = if logit > *lane { logit } else { *lane };
        }
    }
    lanes.into_iter().fold(f32::NEG_INFINITY, f32::max)
}

#[inline(always)]
fn mass(logits: &[u16], top: f32) -> f32 {
    let mut lanes = [0.0f32; 16];
    let mut vectors = logits.chunks_exact(16);
    for logits in &mut vectors {
        for (lane, logit) in lanes.iter_mut().zip(logits) {
            *lane += exp(widen(*logit) - top);
        }
    }
    for (lane, logit) in lanes.iter_mut().zip(vectors.remainder()) {
        *lane += exp(widen(*logit) - top);
    }
    lanes.iter().sum()
}

#[cfg(test)]
mod tests {
    use tch::{Device, Kind};

    use super::*;
    use crate::kernels::has_instructions;

    #[test]
    fn the_most_likely_are_those_of_a_full_sort_and_equal_ones_come_in_order() {
        if !has_instructions() {
            return; // Nothing of this runs on such a CPU.
        }
        tch::manual_seed(6);
        for vocab in [5, 64, 1000, 70_000] {
            // So few values that many tokens share one.
            let logits = (Tensor::randn([vocab], (Kind::BFloat16, Device::Cpu)) * 4).round();
            let numbers = bf16(&logits);
            let mut sorted: Vec<(i64, f32)> = (0..).zip(numbers.iter().map(|x| widen(*x))).collect();
            sorted.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            let normaliser = logits
                .to_kind(Kind::Double)
                .logsumexp(-1, false)
                .double_value(&[]);
            for count in [0, 1, 40, 2000] {
                let count = count.min(vocab as usize);
                // SAFETY: checked above.
                let likely = unsafe { of_row(numbers, count) };
                assert_eq!(likely.tokens, sorted[..count], "{count} of {vocab}");
                assert!((f64::from(likely.normaliser) - normaliser).abs() < 2e-6 * normaliser.abs());
            }
        }
    }

    #[test]
    fn what_is_no_number_does_not_hide_the_others() {
        if !has_instructions() {
            return; // Nothing of this runs on such a CPU.
        }
        let logits = [0x7FC0, 0x3F80, 0x4000];
        // SAFETY: checked above.
        let likely = unsafe { of_row(&logits, 2) };
        assert_eq!(likely.tokens.len(), 2);
        assert!(likely.tokens[0].1.is_nan());
    }
}
