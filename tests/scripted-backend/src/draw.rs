//! Drawing a token from logits by a counter-based generator.

use restem_policy_abi::Sampling;

/// What is left of a sampling request once its stop tokens are told apart.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Temper {
    temperature: f32,
    top_p: f32,
    top_k: usize,
}

impl From<&Sampling<'_>> for Temper {
    fn from(sampling: &Sampling<'_>) -> Self {
        Self {
            temperature: sampling.temperature,
            top_p: sampling.top_p,
            top_k: sampling.top_k as usize,
        }
    }
}

/// Draws the token at `position` of the sample with this seed.
pub(crate) fn draw(logits: &[f32], temper: Temper, seed: u64, position: u64) -> u32 {
    let mut order: Vec<u32> = (0..logits.len() as u32).collect();
    // Ties go to the smaller id, so that the order never depends on the sort.
    order.sort_by(|&a, &b| logits[b as usize].total_cmp(&logits[a as usize]).then(a.cmp(&b)));
    if temper.temperature == 0.0 {
        return order[0];
    }
    if temper.top_k > 0 {
        order.truncate(temper.top_k);
    }
    let top = logits[order[0] as usize];
    let mut weights: Vec<f64> = (order.iter())
        .map(|&token| f64::from((logits[token as usize] - top) / temper.temperature).exp())
        .collect();
    let all: f64 = weights.iter().sum();
    let mut reached = 0.0;
    let kept = weights.iter().position(|weight| {
        reached += weight / all;
        reached >= f64::from(temper.top_p)
    });
    weights.truncate(kept.map_or(weights.len(), |last| last + 1));
    let mut rest = uniform(seed, position) * weights.iter().sum::<f64>();
    let drawn = weights.iter().position(|weight| {
        rest -= weight;
        rest < 0.0
    });
    order[drawn.unwrap_or(weights.len() - 1)]
}

/// A number from 0 up to 1 that depends on its arguments only (`SplitMix64` at a position).
fn uniform(seed: u64, position: u64) -> f64 {
    let mut z = seed.wrapping_add(position.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(temper: Temper) -> Vec<u32> {
        let logits = [0.0, 2.0, 1.0, -1.0];
        let mut seen: Vec<u32> = (0..500).map(|seed| draw(&logits, temper, seed, 7)).collect();
        seen.sort_unstable();
        seen.dedup();
        seen
    }

    #[test]
    fn filters_keep_the_most_likely_tokens() {
        let temper = Temper {
            temperature: 1.0,
            top_p: 1.0,
            top_k: 0,
        };
        assert_eq!(drawn(temper), [0, 1, 2, 3]);
        assert_eq!(drawn(Temper { top_k: 2, ..temper }), [1, 2]);
        assert_eq!(drawn(Temper { top_p: 0.7, ..temper }), [1, 2]);
        assert_eq!(
            drawn(Temper {
                temperature: 0.0,
                ..temper
            }),
            [1]
        );
    }
}
