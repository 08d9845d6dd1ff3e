//! Choosing the number of decode rows by drawing with several and looking at the clock.

use std::time::{Duration, Instant};

use restem_policy_abi::{Prompt, SampleSeed, Sampling};

use super::Stream;
use super::cache_plan::CacheBudget;
use crate::error::Result;
use crate::model::Model;

/// What is tried, from few to many.
const CANDIDATES: [u32; 6] = [8, 16, 32, 64, 128, 256];

/// How long each is tried after its first steps, which allocate.
const TRIAL: Duration = Duration::from_millis(800);

/// Steps before the clock starts.
const WARM_UP: u32 = 2;

/// More rows must win this much: they take memory, and at a phase's end more of them stand empty.
const GAIN: f64 = 1.05;

/// Positions below which samples end before the clock starts.
const SHORTEST_CONTEXT: i64 = 16;

/// Tokens of the prompt, and of a sample at most.
const TOKENS: u32 = 64;

/// The number of rows that draws the most tokens per second from `model` within `budget` bytes of cache.
///
/// # Errors
/// When a step fails.
pub fn fastest_rows(model: &Model, budget: u64) -> Result<u32> {
    let (mut chosen, mut best) = (CANDIDATES[0], 0.0);
    if model.config.max_positions < SHORTEST_CONTEXT {
        return Ok(chosen);
    }
    for rows in CANDIDATES {
        // A block for what each sample writes, and one for its prompt.
        if !CacheBudget::new(model, rows, budget).has_room(2 * i64::from(rows)) {
            break;
        }
        let rate = tokens_per_second(model, rows, budget)?;
        if rate * GAIN < best {
            break;
        }
        if rate > best * GAIN {
            (chosen, best) = (rows, rate);
        }
    }
    Ok(chosen)
}

fn tokens_per_second(model: &Model, rows: u32, budget: u64) -> Result<f64> {
    let mut stream = Stream::within(model, rows, budget)?;
    let vocabulary = u32::try_from(model.config.vocab_size).unwrap_or(u32::MAX);
    let tokens: Vec<u32> = (0..TOKENS).map(|at| at * 37 % vocabulary).collect();
    let max_tokens = TOKENS.min(u32::try_from(model.config.max_positions).unwrap_or(TOKENS) / 2);
    let half = &tokens[..max_tokens as usize];
    // Twice as many samples as rows: the refilling of rows is part of the work.
    let samples: Vec<SampleSeed> = (0..2 * u64::from(rows))
        .map(|id| SampleSeed { id, seed: id })
        .collect();
    stream.submit(&Prompt {
        tokens: half,
        samples: &samples,
        sampling: Sampling {
            temperature: 0.7,
            top_p: 1.0,
            top_k: 40,
            max_tokens,
            stop_tokens: &[],
        },
    })?;
    let mut drawn = Vec::new();
    for _ in 0..WARM_UP {
        stream.step(&mut drawn)?;
    }
    drawn.clear();
    let begun = Instant::now();
    while begun.elapsed() < TRIAL && stream.step(&mut drawn)? > 0 {}
    Ok(drawn.len() as f64 / begun.elapsed().as_secs_f64())
}
