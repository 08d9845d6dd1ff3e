//! The most likely tokens of every row, without sorting the vocabulary.

use tch::{Kind, Tensor};

/// Entries per group in the first stage.
const GROUP: i64 = 64;
/// Vocabularies smaller than this are searched in one stage.
const SMALL_VOCABULARY: i64 = 8192;

/// The `k` largest logits of each row, largest first: token and logit.
///
/// In two stages: at most `k` groups of the vocabulary can hold one of the `k` largest logits, namely those with the
/// largest maxima. Finding those reads the logits once, and only their members are searched.
pub(super) fn top_k(logits: &Tensor, k: i64) -> Vec<Vec<(i64, f32)>> {
    let [rows, vocab] = logits.size()[..] else {
        unreachable!("logits are [rows, vocab]")
    };
    let k = k.min(vocab);
    if vocab < SMALL_VOCABULARY || vocab % GROUP != 0 || k * 4 > vocab / GROUP {
        let (values, tokens) = logits.topk(k, -1, true, true);
        return pair(&values, &tokens, rows, k);
    }
    // Group `g` is every (vocab / GROUP)-th token from `g` on, so that the maxima are taken over whole cache lines.
    let groups = vocab / GROUP;
    let grid = logits.view([rows, GROUP, groups]);
    let (_, best_groups) = grid.amax(1, false).topk(k, -1, true, true);
    let members = grid.gather(2, &best_groups.unsqueeze(1).expand([-1, GROUP, -1], false), false);
    let (values, places) = members.view([rows, GROUP * k]).topk(k, -1, true, true);
    let member = places.divide_scalar_mode(k, "floor");
    let group = best_groups.gather(1, &places.remainder(k), false);
    pair(&values, &(member * groups + group), rows, k)
}

fn pair(values: &Tensor, tokens: &Tensor, rows: i64, k: i64) -> Vec<Vec<(i64, f32)>> {
    let count = (rows * k) as usize;
    let (mut flat_values, mut flat_tokens) = (vec![0.0f32; count], vec![0i64; count]);
    values
        .to_kind(Kind::Float)
        .contiguous()
        .copy_data(&mut flat_values, count);
    tokens.contiguous().copy_data(&mut flat_tokens, count);
    let row =
        |(tokens, values): (&[i64], &[f32])| tokens.iter().copied().zip(values.iter().copied()).collect();
    flat_tokens
        .chunks(k as usize)
        .zip(flat_values.chunks(k as usize))
        .map(row)
        .collect()
}

#[cfg(test)]
mod tests {
    use tch::Device;

    use super::*;

    #[test]
    fn both_stages_find_what_a_full_sort_finds() {
        tch::manual_seed(3);
        for (vocab, k) in [(64 * 400, 40), (64 * 400, 1), (100, 7), (5, 40), (64 * 130, 33)] {
            let logits = Tensor::randn([3, vocab], (Kind::Float, Device::Cpu));
            let (values, tokens) = logits.sort(-1, true);
            for (row, found) in top_k(&logits, k).into_iter().enumerate() {
                assert_eq!(found.len() as i64, k.min(vocab));
                for (rank, (token, value)) in found.into_iter().enumerate() {
                    let at = [row as i64, rank as i64];
                    assert_eq!(token, tokens.int64_value(&at), "vocab {vocab}, rank {rank}");
                    assert_eq!(f64::from(value), values.double_value(&at));
                }
            }
        }
    }
}
