//! Products of bf16 matrices: `y = x W^T + b`, summed in f32 and rounded once.
#![expect(unsafe_code, reason = "loads and stores of vectors take pointers")]

use std::arch::x86_64::*;
use std::cell::RefCell;
use std::slice::Chunks;

use super::bf16::widen;
use super::panel::{WIDTH, pack_transposed};
use super::shared::{Shared, bf16};
use super::team::Team;
use crate::model::Linear;

/// Rows of a tile: with four vectors of columns its sums fill 24 of the 32 registers.
const HEIGHT: usize = 6;

/// Vectors of f32 in a panel's width.
const VECTORS: usize = WIDTH / 16;

/// Most panels that a thread takes at once.
const STRETCH: usize = 16;

/// Numbers of a line of the cache.
const LINE: usize = 32;

thread_local! {
    /// The panel that this thread works on.
    pub(super) static PANEL: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
}

/// `x [rows, inputs]` through a projection into `out [rows, outputs]`.
#[target_feature(enable = "avx512bf16,avx512vl")]
pub(super) fn project(team: Team, x: &[u16], linear: &Linear, out: &mut [u16]) {
    let bias = linear.bias.as_ref().map(bf16);
    product(
        team,
        x,
        bf16(&linear.weight),
        bias,
        linear.weight.size()[1] as usize,
        &Shared::of(out),
    );
}

/// `x [rows, k]` times the transpose of `weights [outputs, k]`, plus `bias [outputs]`.
#[target_feature(enable = "avx512bf16,avx512vl")]
pub(super) fn product(
    team: Team,
    x: &[u16],
    weights: &[u16],
    bias: Option<&[u16]>,
    k: usize,
    out: &Shared<'_, u16>,
) {
    let outputs = weights.len() / k;
    let rows = x.len() / k;
    let panels = outputs.div_ceil(WIDTH);
    let stretch = panels.div_ceil(team.threads()).clamp(1, STRETCH);
    team.run(panels.div_ceil(stretch), stretch * rows * k, &|task| {
        for first in (task * stretch..panels.min((task + 1) * stretch)).map(|panel| panel * WIDTH) {
            let width = WIDTH.min(outputs - first);
            let mut start = [0.0f32; WIDTH];
            if let Some(bias) = bias {
                let bias = &bias[first..first + width];
                start
                    .iter_mut()
                    .zip(bias)
                    .for_each(|(start, bias)| *start = widen(*bias));
            }
            let (here, behind) = weights[first * k..].split_at(width * k);
            PANEL.with_borrow_mut(|panel| {
                pack_transposed(here, k, panel);
                let next = &behind[..behind.len().min(WIDTH * k)];
                multiply(
                    rows,
                    |row| &x[row * k..(row + 1) * k],
                    panel,
                    next,
                    |row, sums| {
                        // SAFETY: row and columns are this task's alone.
                        let place = unsafe { out.part(row * outputs + first, width) };
                        store_rounded(sums, &start, place);
                    },
                );
            });
        }
    });
}

/// Sums of a row over a panel's columns.
pub(super) type Sums = [__m512; VECTORS];

/// Multiplies `rows` rows with a panel; `take` gets each row's sums. Meanwhile `next` is fetched into the cache: what will
/// be rearranged then comes from memory in rows far apart, which the CPU doesn't foresee.
#[inline]
#[target_feature(enable = "avx512bf16,avx512vl")]
pub(super) fn multiply<'x>(
    rows: usize,
    row: impl Fn(usize) -> &'x [u16],
    panel: &[u32],
    next: &[u16],
    mut take: impl FnMut(usize, &Sums),
) {
    let mut first = 0;
    let mut lines = next.chunks(LINE);
    while first + HEIGHT <= rows {
        let sums = tile::<HEIGHT>(
            [0, 1, 2, 3, 4, 5].map(|index| row(first + index)),
            panel,
            &mut lines,
        );
        (first..).zip(&sums).for_each(|(row, sums)| take(row, sums));
        first += HEIGHT;
    }
    while first + 2 <= rows {
        let sums = tile::<2>([row(first), row(first + 1)], panel, &mut lines);
        (first..).zip(&sums).for_each(|(row, sums)| take(row, sums));
        first += 2;
    }
    if first < rows {
        take(first, &tile::<1>([row(first)], panel, &mut lines)[0]);
    }
}

/// Each row's products with the columns of a panel. Terms are summed in order of the pairs, whatever `ROWS` is.
#[inline]
#[target_feature(enable = "avx512bf16,avx512vl")]
fn tile<const ROWS: usize>(rows: [&[u16]; ROWS], panel: &[u32], next: &mut Chunks<'_, u16>) -> [Sums; ROWS] {
    let pairs = panel.len() / WIDTH;
    assert!(
        rows.iter().all(|row| row.len() == 2 * pairs),
        "as many numbers as the panel has rows"
    );
    let mut sums = [[_mm512_setzero_ps(); VECTORS]; ROWS];
    let pointers = rows.map(|row| row.as_ptr().cast::<i32>());
    for pair in 0..pairs {
        if let Some(line) = next.next() {
            _mm_prefetch::<_MM_HINT_T1>(line.as_ptr().cast());
        }
        // SAFETY: a panel has `WIDTH` numbers per pair, each row two; `pair` is below their number.
        unsafe {
            let columns = panel.as_ptr().add(pair * WIDTH);
            let columns: [__m512bh; VECTORS] =
                std::array::from_fn(|vector| bits(_mm512_loadu_si512(columns.add(16 * vector).cast())));
            for (sums, row) in sums.iter_mut().zip(pointers) {
                let both = bits(_mm512_set1_epi32(row.add(pair).read_unaligned()));
                for (sum, columns) in sums.iter_mut().zip(columns) {
                    *sum = _mm512_dpbf16_ps(*sum, both, columns);
                }
            }
        }
    }
    sums
}

/// A vector's bits as pairs of bf16.
#[inline]
#[target_feature(enable = "avx512bf16,avx512vl")]
pub(super) fn bits(vector: __m512i) -> __m512bh {
    // SAFETY: both are 512 bits without invalid values.
    unsafe { std::mem::transmute(vector) }
}

/// Writes `sums + start`, rounded to bf16, as far as `out` goes.
#[inline]
#[target_feature(enable = "avx512bf16,avx512vl")]
fn store_rounded(sums: &Sums, start: &[f32; WIDTH], out: &mut [u16]) {
    for ((sum, start), out) in sums.iter().zip(start.chunks_exact(16)).zip(out.chunks_mut(16)) {
        // SAFETY: `start` has sixteen numbers here; the mask writes as many as `out` has; the vectors are 256 bits both.
        unsafe {
            let sum = _mm512_add_ps(*sum, _mm512_loadu_ps(start.as_ptr()));
            let rounded: __m256i = std::mem::transmute(_mm512_cvtneps_pbh(sum));
            let mask = u16::MAX >> (16 - out.len());
            _mm256_mask_storeu_epi16(out.as_mut_ptr().cast(), mask, rounded);
        }
    }
}

/// Writes `sums` in f32, as far as `out` goes.
#[inline]
#[target_feature(enable = "avx512bf16,avx512vl")]
pub(super) fn store(sums: &Sums, out: &mut [f32]) {
    for (sum, out) in sums.iter().zip(out.chunks_mut(16)) {
        let mask = u16::MAX >> (16 - out.len());
        // SAFETY: the mask writes as many numbers as `out` has.
        unsafe { _mm512_mask_storeu_ps(out.as_mut_ptr(), mask, *sum) };
    }
}

#[cfg(test)]
mod tests {
    use tch::{Device, Kind, Tensor};

    use super::*;
    use crate::kernels::has_instructions;

    #[test]
    fn products_are_those_of_wide_numbers_rounded_once() {
        if !has_instructions() {
            return; // Nothing of this runs on such a CPU.
        }
        tch::manual_seed(1);
        let team = Team::of_libtorch().unwrap();
        for (rows, outputs, k) in [(64, 200, 96), (1, 64, 640), (13, 3, 34), (7, 1100, 2)] {
            let random = |shape: [i64; 2]| Tensor::randn(shape, (Kind::BFloat16, Device::Cpu));
            let (x, weight) = (random([rows, k]), random([outputs, k]));
            let bias = Tensor::randn([outputs], (Kind::BFloat16, Device::Cpu));
            let wide = [&x, &weight, &bias].map(|tensor| tensor.to_kind(Kind::Double));
            let expected = wide[0].linear(&wide[1], Some(&wide[2]));
            let linear = Linear {
                parts: vec![],
                weight,
                bias: Some(bias),
                adapter: None,
            };
            let mut out = vec![0; (rows * outputs) as usize];
            // SAFETY: checked above.
            unsafe { project(team, bf16(&x), &linear, &mut out) };
            let found: Vec<f32> = out.into_iter().map(widen).collect();
            let error = (Tensor::from_slice(&found).view([rows, outputs]) - &expected).abs();
            // Half a unit of the eighth bit, and what f32 loses on the way.
            let bound = expected.abs() / 256.0 + 1e-4;
            assert!(
                error.le_tensor(&bound).all().int64_value(&[]) == 1,
                "{rows} rows, {k} terms"
            );
        }
    }

    #[test]
    fn a_row_is_the_same_whatever_the_number_of_rows() {
        if !has_instructions() {
            return; // Nothing of this runs on such a CPU.
        }
        tch::manual_seed(2);
        let team = Team::of_libtorch().unwrap();
        let random = |shape: [i64; 2]| Tensor::randn(shape, (Kind::BFloat16, Device::Cpu));
        let (x, weight) = (random([15, 640]), random([130, 640]));
        let run = |rows: usize| {
            let mut out = vec![0; rows * 130];
            // SAFETY: checked above.
            unsafe {
                product(
                    team,
                    &bf16(&x)[..rows * 640],
                    bf16(&weight),
                    None,
                    640,
                    &Shared::of(&mut out),
                )
            };
            out
        };
        let all = run(15);
        (1..15).for_each(|rows| assert_eq!(run(rows), all[..rows * 130]));
    }
}
