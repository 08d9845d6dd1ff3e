//! Matrices rearranged so that one load holds the same two rows of sixteen columns: what the pair products want.
//!
//! A panel has [`WIDTH`] columns of a right-hand matrix `[k, columns]`. Number `pair * WIDTH + column` of it holds rows
//! `2 * pair` (low half) and `2 * pair + 1` of that column. Missing columns and rows are zero.
#![expect(unsafe_code, reason = "loads and stores of vectors take pointers")]

use std::arch::x86_64::*;

/// Columns of a panel.
pub(super) const WIDTH: usize = 64;

/// Numbers of a vector of pairs.
const LANES: usize = 16;

/// Rearranges `weights [columns, k]`: a stored projection, or keys. At most [`WIDTH`] columns; `k` is even.
#[target_feature(enable = "avx512bf16,avx512vl")]
pub(super) fn pack_transposed(weights: &[u16], k: usize, panel: &mut Vec<u32>) {
    let columns = weights.len() / k;
    assert!(
        columns <= WIDTH && k.is_multiple_of(2),
        "a panel's columns, in pairs"
    );
    panel.resize(k / 2 * WIDTH, 0);
    for first in (0..WIDTH).step_by(LANES) {
        for start in (0..k).step_by(2 * LANES) {
            let left = (k - start).min(2 * LANES);
            let mask = u32::MAX >> (2 * LANES - left);
            let mut block = [_mm512_setzero_si512(); LANES];
            for (lane, vector) in block.iter_mut().enumerate() {
                if first + lane < columns {
                    let row = &weights[(first + lane) * k + start..][..left];
                    // SAFETY: the mask reads as many numbers as the slice has.
                    *vector = unsafe { _mm512_maskz_loadu_epi16(mask, row.as_ptr().cast()) };
                }
            }
            transpose(&mut block);
            for (pair, vector) in block.into_iter().enumerate().take(left / 2) {
                let place = &mut panel[(start / 2 + pair) * WIDTH + first..][..LANES];
                // SAFETY: the slice has room for the sixteen pairs.
                unsafe { _mm512_storeu_si512(place.as_mut_ptr().cast(), vector) };
            }
        }
    }
}

/// Rearranges columns `first..` (at most [`WIDTH`]) of `values [rows, columns]`.
#[target_feature(enable = "avx512bf16,avx512vl")]
pub(super) fn pack(values: &[u16], columns: usize, first: usize, panel: &mut Vec<u32>) {
    let rows = values.len() / columns;
    let width = WIDTH.min(columns - first);
    panel.clear();
    panel.resize(rows.div_ceil(2) * WIDTH, 0);
    for (pair, packed) in panel.chunks_exact_mut(WIDTH).enumerate() {
        let row = |row: usize| &values[row * columns + first..][..width];
        let low = row(2 * pair);
        if 2 * pair + 1 < rows {
            let high = row(2 * pair + 1);
            for ((packed, low), high) in packed.iter_mut().zip(low).zip(high) {
                *packed = u32::from(*low) | u32::from(*high) << 16;
            }
        } else {
            for (packed, low) in packed.iter_mut().zip(low) {
                *packed = u32::from(*low);
            }
        }
    }
}

/// Turns sixteen vectors of sixteen pairs about their diagonal.
#[inline]
#[target_feature(enable = "avx512bf16,avx512vl")]
fn transpose(block: &mut [__m512i; LANES]) {
    let mut turned = [_mm512_setzero_si512(); LANES];
    for four in 0..4 {
        let [a, b, c, d] = [0, 1, 2, 3].map(|row| block[4 * four + row]);
        let [ab_low, ab_high] = [_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b)];
        let [cd_low, cd_high] = [_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d)];
        turned[4 * four] = _mm512_unpacklo_epi64(ab_low, cd_low);
        turned[4 * four + 1] = _mm512_unpackhi_epi64(ab_low, cd_low);
        turned[4 * four + 2] = _mm512_unpacklo_epi64(ab_high, cd_high);
        turned[4 * four + 3] = _mm512_unpackhi_epi64(ab_high, cd_high);
    }
    for column in 0..4 {
        // Each holds four quarters: one column each of rows 4n to 4n + 3.
        let [a, b, c, d] = [0, 1, 2, 3].map(|four| turned[4 * four + column]);
        let [ab_even, ab_odd] = [
            _mm512_shuffle_i32x4::<0x88>(a, b),
            _mm512_shuffle_i32x4::<0xDD>(a, b),
        ];
        let [cd_even, cd_odd] = [
            _mm512_shuffle_i32x4::<0x88>(c, d),
            _mm512_shuffle_i32x4::<0xDD>(c, d),
        ];
        block[column] = _mm512_shuffle_i32x4::<0x88>(ab_even, cd_even);
        block[8 + column] = _mm512_shuffle_i32x4::<0xDD>(ab_even, cd_even);
        block[4 + column] = _mm512_shuffle_i32x4::<0x88>(ab_odd, cd_odd);
        block[12 + column] = _mm512_shuffle_i32x4::<0xDD>(ab_odd, cd_odd);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernels::has_instructions;

    /// Number `(row, column)` of what was packed.
    fn at(panel: &[u32], row: usize, column: usize) -> u16 {
        (panel[row / 2 * WIDTH + column] >> (16 * (row % 2))) as u16
    }

    #[test]
    fn every_number_finds_its_place_and_the_rest_is_zero() {
        if !has_instructions() {
            return; // Nothing of this runs on such a CPU.
        }
        let mut panel = vec![7; 5];
        for (columns, k) in [(64, 640), (64, 32), (17, 48), (1, 2), (40, 70)] {
            let weights: Vec<u16> = (0..columns * k).map(|number| number as u16 ^ 0x5A5A).collect();
            // SAFETY: checked above.
            unsafe { pack_transposed(&weights, k, &mut panel) };
            for row in 0..k {
                for column in 0..WIDTH {
                    let expected = if column < columns {
                        weights[column * k + row]
                    } else {
                        0
                    };
                    assert_eq!(at(&panel, row, column), expected, "{columns} columns, {k} rows");
                }
            }
        }
        for (rows, columns, first) in [(64, 256, 192), (33, 80, 64), (1, 16, 0), (7, 64, 0)] {
            let values: Vec<u16> = (0..rows * columns).map(|number| number as u16 ^ 0x5A5A).collect();
            // SAFETY: checked above.
            unsafe { pack(&values, columns, first, &mut panel) };
            for row in 0..rows + rows % 2 {
                for column in 0..WIDTH {
                    let inside = row < rows && first + column < columns;
                    let expected = if inside {
                        values[row * columns + first + column]
                    } else {
                        0
                    };
                    assert_eq!(
                        at(&panel, row, column),
                        expected,
                        "{rows} rows, {columns} columns"
                    );
                }
            }
        }
    }
}
