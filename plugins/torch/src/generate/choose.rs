//! Choosing each row's next token from its logits, with the probability that the untempered model gave it.

use std::collections::BTreeMap;

use tch::{Kind, Tensor};

use super::candidates::top_k;
use crate::kernels::Kernels;
use crate::transfer::upload;

/// How a row wants its token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    /// 0 takes the most likely token.
    pub(super) temperature: f64,
    /// 0 keeps every token.
    pub(super) top_k: i64,
    /// 1 keeps every token.
    pub(super) top_p: f64,
    /// The draw, in `[0, 1)`.
    pub(super) uniform: f64,
}

/// A chosen token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Choice {
    pub(super) token: i64,
    /// Natural logarithm of its probability at temperature 1, over the whole vocabulary.
    pub(super) log_prob: f32,
}

/// What choosing needs of a row of logits.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Likely {
    /// The most likely tokens and their logits, most likely first; of equal ones the smaller token.
    pub(crate) tokens: Vec<(i64, f32)>,
    /// `ln(sum(e^logit))` over the vocabulary.
    pub(crate) normaliser: f32,
}

/// Rows whose logits are widened to f32 at once: few enough that they stay in the cache.
const ROWS_AT_ONCE: i64 = 4;

/// One choice per row of `logits [rows, vocab]`; rows without a wish get none. Each is a function of its row only.
pub(super) fn choose(logits: &Tensor, wishes: &[Option<Wish>]) -> Vec<Option<Choice>> {
    let rows = wishes.len();
    let mut tokens = vec![0i64; rows];
    let mut by_k = BTreeMap::<i64, Vec<usize>>::new();
    let mut greedy = Vec::new();
    for (row, wish) in wishes.iter().enumerate() {
        match wish {
            Some(wish) if wish.temperature == 0.0 => greedy.push(row),
            Some(wish) => by_k.entry(wish.top_k).or_default().push(row),
            None => {}
        }
    }
    if !greedy.is_empty() {
        let best: Vec<i64> = Vec::try_from(logits.argmax(-1, false)).expect("one token per row");
        greedy.into_iter().for_each(|row| tokens[row] = best[row]);
    }
    for (k, sampled) in by_k {
        if k == 0 {
            for row in sampled {
                tokens[row] = from_everything(&logits.get(row as i64), wishes[row].expect("sampled"));
            }
            continue;
        }
        let candidates = top_k(logits, k);
        for row in sampled {
            tokens[row] = from_candidates(&candidates[row], wishes[row].expect("sampled"));
        }
    }
    let log_probs = log_probs(logits, &tokens);
    let choice = |row: usize| {
        wishes[row].map(|_| Choice {
            token: tokens[row],
            log_prob: log_probs[row],
        })
    };
    (0..rows).map(choice).collect()
}

/// The same where the kernels computed the logits: those of the rows with a wish come first in `logits`.
pub(super) fn choose_likely(
    kernels: &Kernels,
    logits: &Tensor,
    wishes: &[Option<Wish>],
) -> Vec<Option<Choice>> {
    let count = |wish: &Wish| match wish.top_k {
        _ if wish.temperature == 0.0 => 1,
        k => k as usize,
    };
    let counts: Vec<usize> = wishes.iter().flatten().map(count).collect();
    let mut likely = (0..).zip(kernels.likely(logits, &counts));
    let mut choice = |wish: &Wish| {
        let (row, likely) = likely.next().expect("one per wish");
        let row = logits.get(row);
        let token = match &likely.tokens[..] {
            [] => from_everything(&row, *wish),
            [only] => only.0,
            several => from_candidates(several, *wish),
        };
        let logit = row.double_value(&[token]) as f32;
        Choice {
            token,
            log_prob: logit - likely.normaliser,
        }
    };
    wishes.iter().map(|wish| wish.as_ref().map(&mut choice)).collect()
}

/// Draws among candidates that come most likely first.
fn from_candidates(candidates: &[(i64, f32)], wish: Wish) -> i64 {
    let best = f64::from(candidates[0].1);
    let mass = |logit: f32| ((f64::from(logit) - best) / wish.temperature).exp();
    let masses: Vec<(i64, f64)> = candidates
        .iter()
        .map(|&(token, logit)| (token, mass(logit)))
        .collect();
    let total: f64 = masses.iter().map(|(_, mass)| mass).sum();
    draw(&nucleus(masses, wish.top_p * total), wish.uniform)
}

/// Draws from the whole vocabulary, or from the nucleus of the whole vocabulary.
fn from_everything(logits: &Tensor, wish: Wish) -> i64 {
    let wide = logits.to_kind(Kind::Float);
    let mut masses = vec![0.0f32; wide.numel()];
    ((&wide - wide.max()) / wish.temperature)
        .exp()
        .copy_data(&mut masses, wide.numel());
    let total: f64 = masses.iter().map(|&mass| f64::from(mass)).sum();
    let every = || {
        masses
            .iter()
            .enumerate()
            .map(|(token, &mass)| (token as i64, f64::from(mass)))
    };
    if wish.top_p >= 1.0 {
        return draw(&every().collect::<Vec<_>>(), wish.uniform);
    }
    // The nucleus is small as a rule: look for it among ever less likely tokens instead of sorting them all.
    let wanted = wish.top_p * total;
    let mut least = 1e-3;
    loop {
        // At the end everything, numbers or not: there must be something to draw from.
        let mut likely: Vec<_> = every()
            .filter(|&(_, mass)| mass >= least || least == 0.0)
            .collect();
        if least == 0.0 || likely.iter().map(|(_, mass)| mass).sum::<f64>() >= wanted {
            likely.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            return draw(&nucleus(likely, wanted), wish.uniform);
        }
        least = if least > 1e-12 { least * 1e-3 } else { 0.0 };
    }
}

/// The shortest prefix whose mass reaches `wanted`, at least one token.
fn nucleus(mut masses: Vec<(i64, f64)>, wanted: f64) -> Vec<(i64, f64)> {
    let mut sum = 0.0;
    let reached = masses.iter().position(|(_, mass)| {
        sum += mass;
        sum >= wanted
    });
    masses.truncate(reached.map_or(masses.len(), |last| last + 1));
    masses
}

/// Inverse transform sampling; tokens without mass are never drawn.
fn draw(masses: &[(i64, f64)], uniform: f64) -> i64 {
    let target = uniform * masses.iter().map(|(_, mass)| mass).sum::<f64>();
    let mut sum = 0.0;
    let mut last = masses[0].0;
    for &(token, mass) in masses.iter().filter(|(_, mass)| *mass > 0.0) {
        sum += mass;
        last = token;
        if sum > target {
            break;
        }
    }
    last
}

/// `logits[row, token] - logsumexp(logits[row, ..])` for every row, in f32.
fn log_probs(logits: &Tensor, tokens: &[i64]) -> Vec<f32> {
    let rows = logits.size()[0];
    let mut normalisers = Vec::with_capacity(rows as usize);
    for start in (0..rows).step_by(ROWS_AT_ONCE as usize) {
        // Always as many rows: libtorch sums a lone one in another order.
        let count = ROWS_AT_ONCE.min(rows);
        let first = start.min(rows - count);
        let some = logits.narrow(0, first, count);
        let best = some.amax(-1, true).to_kind(Kind::Float);
        let mass = (some.to_kind(Kind::Float) - &best)
            .exp_()
            .sum_dim_intlist(-1, true, Kind::Float);
        let seen = start - first;
        normalisers.push((mass.log() + best).narrow(0, seen, count - seen));
    }
    let tokens = upload(tokens, logits.device()).unsqueeze(1);
    let chosen = logits.gather(1, &tokens, false).to_kind(Kind::Float);
    let log_probs = chosen - Tensor::cat(&normalisers, 0);
    Vec::try_from(log_probs.squeeze_dim(1)).expect("one number per row")
}

#[cfg(test)]
mod tests {
    use tch::Device;

    use super::*;

    const WISH: Wish = Wish {
        temperature: 1.0,
        top_k: 0,
        top_p: 1.0,
        uniform: 0.5,
    };

    /// How often each token of `logits` is drawn over evenly spaced uniforms.
    fn frequencies(logits: &[f32], wish: Wish) -> Vec<f64> {
        const DRAWS: usize = 1000;
        let logits = Tensor::from_slice(logits).unsqueeze(0);
        let mut counts = vec![0.0; logits.numel()];
        for index in 0..DRAWS {
            let uniform = (index as f64 + 0.5) / DRAWS as f64;
            let choice = choose(&logits, &[Some(Wish { uniform, ..wish })])[0].unwrap();
            counts[choice.token as usize] += 1.0 / DRAWS as f64;
        }
        counts
    }

    fn close(found: &[f64], expected: &[f64]) {
        let near = |(a, b): (&f64, &f64)| (a - b).abs() < 0.003;
        assert!(
            found.iter().zip(expected).all(near),
            "{found:?} instead of {expected:?}"
        );
    }

    /// Logits whose probabilities at temperature 1 are 0.1, 0.5, 0.15, 0.25.
    fn four() -> [f32; 4] {
        [0.1f32, 0.5, 0.15, 0.25].map(f32::ln)
    }

    #[test]
    fn equal_rows_get_equal_log_probabilities_to_the_last_bit() {
        let row = Tensor::randn([1, 151_936], (Kind::Float, Device::Cpu));
        for rows in [1, 4, 5, 6] {
            let all = log_probs(&row.repeat([rows, 1]), &vec![7; rows as usize]);
            let bits: Vec<u32> = all.iter().map(|number| number.to_bits()).collect();
            assert!(
                bits.windows(2).all(|pair| pair[0] == pair[1]),
                "{rows} rows: {all:?}"
            );
        }
    }

    #[test]
    fn logits_that_are_no_numbers_still_give_a_token() {
        let nothing = Tensor::full([4], f64::NAN, (Kind::Float, Device::Cpu));
        let wish = Wish {
            temperature: 1.0,
            top_k: 0,
            top_p: 0.5,
            uniform: 0.3,
        };
        assert!((0..4).contains(&from_everything(&nothing, wish)));
    }

    #[test]
    fn tokens_come_in_the_proportions_of_their_probabilities() {
        close(&frequencies(&four(), WISH), &[0.1, 0.5, 0.15, 0.25]);
    }

    #[test]
    fn temperature_divides_the_logits() {
        let squares = [0.01, 0.25, 0.0225, 0.0625].map(|square| square / 0.345);
        close(
            &frequencies(
                &four(),
                Wish {
                    temperature: 0.5,
                    ..WISH
                },
            ),
            &squares,
        );
    }

    #[test]
    fn top_k_keeps_the_most_likely() {
        close(
            &frequencies(&four(), Wish { top_k: 2, ..WISH }),
            &[0.0, 2.0 / 3.0, 0.0, 1.0 / 3.0],
        );
    }

    #[test]
    fn top_p_keeps_the_shortest_prefix_that_reaches_it() {
        let expected = [0.0, 5.0 / 9.0, 15.0 / 90.0, 25.0 / 90.0];
        close(&frequencies(&four(), Wish { top_p: 0.8, ..WISH }), &expected);
        close(
            &frequencies(&four(), Wish { top_p: 0.01, ..WISH }),
            &[0.0, 1.0, 0.0, 0.0],
        );
        // After top-k, shares are of what top-k left.
        let both = Wish {
            top_k: 2,
            top_p: 0.6,
            ..WISH
        };
        close(&frequencies(&four(), both), &[0.0, 1.0, 0.0, 0.0]);
    }

    #[test]
    fn temperature_zero_takes_the_most_likely() {
        close(
            &frequencies(
                &four(),
                Wish {
                    temperature: 0.0,
                    ..WISH
                },
            ),
            &[0.0, 1.0, 0.0, 0.0],
        );
    }

    #[test]
    fn the_log_probability_is_untempered_and_over_the_whole_vocabulary() {
        let logits = Tensor::from_slice(&four()).unsqueeze(0);
        let wish = Wish {
            temperature: 0.1,
            top_k: 1,
            ..WISH
        };
        let choice = choose(&logits, &[Some(wish)])[0].unwrap();
        assert_eq!(choice.token, 1);
        assert!((f64::from(choice.log_prob) - 0.5f64.ln()).abs() < 1e-6);
    }

    #[test]
    fn a_row_does_not_notice_its_neighbours() {
        tch::manual_seed(5);
        let logits = Tensor::randn([6, 64 * 200], (Kind::BFloat16, Device::Cpu)) * 4;
        let wish = |row: usize| Wish {
            top_k: [0, 40, 3][row % 3],
            uniform: 0.17 * row as f64,
            ..WISH
        };
        let together = choose(&logits, &(0..6).map(|row| Some(wish(row))).collect::<Vec<_>>());
        for row in 0..6 {
            let mut alone = vec![None; 6];
            alone[row] = Some(wish(row));
            assert_eq!(choose(&logits, &alone)[row], together[row]);
        }
    }
}
