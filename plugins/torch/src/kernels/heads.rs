//! From stacked projections to rotated queries, and keys and values in their caches.
#![expect(unsafe_code, reason = "rows of a pass write to one cache")]

use super::bf16::{round, rounded, widen};
use super::norm::{RowNorm, norm_in_place};
use super::shared::Shared;
use crate::config::ModelConfig;

/// Keys that a block of a cache has room for.
pub(super) const BLOCK: usize = 64;

/// Where a row's key and value go.
pub(super) struct Destination<'a> {
    /// `[blocks, kv_heads, BLOCK, head_dim]` each.
    pub(super) keys: &'a Shared<'a, u16>,
    pub(super) values: &'a Shared<'a, u16>,
    pub(super) block: usize,
    /// Place in the block.
    pub(super) index: usize,
}

/// Number of a cache's first number of `(block, kv_head, index)`.
pub(super) fn offset(config: &ModelConfig, block: usize, kv_head: usize, index: usize) -> usize {
    ((block * config.kv_heads as usize + kv_head) * BLOCK + index) * config.head_dim as usize
}

/// Norms of each query and key head, where there are some.
pub(super) type HeadNorms<'a> = Option<(RowNorm<'a>, RowNorm<'a>)>;

/// Takes one row of stacked projections apart: queries go to `queries [heads * head_dim]`, key and value to their place.
///
/// `angles` are cosines and sines of the row's position.
#[inline]
#[target_feature(enable = "avx512bf16,avx512vl")]
pub(super) fn split(
    norms: HeadNorms<'_>,
    config: &ModelConfig,
    angles: (&[u16], &[u16]),
    stacked: &mut [u16],
    queries: &mut [u16],
    destination: &Destination<'_>,
) {
    let (heads, kv_heads, width) = (
        config.heads as usize,
        config.kv_heads as usize,
        config.head_dim as usize,
    );
    let (q, rest) = stacked.split_at_mut(heads * width);
    let (k, v) = rest.split_at_mut(kv_heads * width);
    let (q_norm, k_norm) = norms.unzip();
    for (q, out) in q.chunks_exact_mut(width).zip(queries.chunks_exact_mut(width)) {
        if let Some(q_norm) = q_norm {
            norm_in_place(q_norm, q);
        }
        rotate(q, angles, out);
    }
    for (head, (k, v)) in k.chunks_exact_mut(width).zip(v.chunks_exact(width)).enumerate() {
        if let Some(k_norm) = k_norm {
            norm_in_place(k_norm, k);
        }
        let place = offset(config, destination.block, head, destination.index);
        // SAFETY: each row of a pass has a place of its own, and nobody reads the caches before all rows are written.
        let (key, value) = unsafe {
            (
                destination.keys.part(place, width),
                destination.values.part(place, width),
            )
        };
        rotate(k, angles, key);
        value.copy_from_slice(v);
    }
}

/// Rotates the first numbers of a head, as many as there are angles; the rest stays.
#[inline(always)]
fn rotate(x: &[u16], (cos, sin): (&[u16], &[u16]), out: &mut [u16]) {
    let half = cos.len() / 2;
    let (low, rest) = x.split_at(half);
    let (high, rest) = rest.split_at(half);
    let (out_low, out_rest) = out.split_at_mut(half);
    let (out_high, out_rest) = out_rest.split_at_mut(half);
    let turned = |x: u16, cos: u16, other: f32, sin: u16| {
        round(rounded(widen(x) * widen(cos)) + rounded(other * widen(sin)))
    };
    for index in 0..half {
        let (a, b) = (low[index], high[index]);
        out_low[index] = turned(a, cos[index], -widen(b), sin[index]);
        out_high[index] = turned(b, cos[half + index], widen(a), sin[half + index]);
    }
    out_rest.copy_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use tch::{Device, Kind, Tensor};

    use super::*;
    use crate::config::{Rope, RopeScaling};
    use crate::kernels::shared::bf16;
    use crate::model::RopeTable;

    #[test]
    fn rotation_is_that_of_libtorchs_operations_bit_by_bit() {
        tch::manual_seed(5);
        for share in [1.0, 0.5] {
            let rope = Rope {
                theta: 10_000.0,
                share,
                scaling: RopeScaling::None,
            };
            let table = RopeTable::new(&rope, 64, 50, Kind::BFloat16, Device::Cpu);
            let x = Tensor::randn([50, 1, 64], (Kind::BFloat16, Device::Cpu));
            let expected = table
                .at(&Tensor::arange(50, (Kind::Int64, Device::Cpu)))
                .rotate(&x);
            let (cos, sin) = table.tables();
            let rotated = cos.size()[1] as usize;
            for position in 0..50 {
                let angles = [cos, sin].map(|table| &bf16(table)[position * rotated..][..rotated]);
                let mut out = [0; 64];
                rotate(&bf16(&x)[position * 64..][..64], angles.into(), &mut out);
                assert_eq!(
                    out,
                    bf16(&expected)[position * 64..][..64],
                    "share {share}, position {position}"
                );
            }
        }
    }
}
