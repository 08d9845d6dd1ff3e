//! Running a stream to its end.

use std::collections::BTreeMap;

use restem_policy_abi::{Drawn, Finish, Prompt, SampleSeed, Sampling};
use restem_torch::{Model, Result, Stream};

/// A prompt with its settings, owned.
#[derive(Clone)]
pub struct Problem {
    pub tokens: Vec<u32>,
    pub samples: Vec<SampleSeed>,
    pub temperature: f32,
    pub top_k: u32,
    pub top_p: f32,
    pub max_tokens: u32,
    pub stop_tokens: Vec<u32>,
}

/// What a sample drew: tokens with the bits of their log-probabilities, and how it ended.
pub type Drawing = (Vec<(u32, u32)>, Option<Finish>);

impl Problem {
    /// Samples `ids` at temperature 0.7, top-k 40; each seed follows from the id.
    pub fn new(tokens: Vec<u32>, ids: impl Iterator<Item = u64>, max_tokens: u32) -> Self {
        let samples = ids
            .map(|id| SampleSeed {
                id,
                seed: id.wrapping_mul(0x9E37_79B9_7F4A_7C15),
            })
            .collect();
        Self {
            tokens,
            samples,
            temperature: 0.7,
            top_k: 40,
            top_p: 1.0,
            max_tokens,
            stop_tokens: vec![],
        }
    }

    pub fn submit(&self, stream: &mut Stream) {
        self.try_submit(stream).unwrap();
    }

    pub fn try_submit(&self, stream: &mut Stream) -> Result<()> {
        let sampling = Sampling {
            temperature: self.temperature,
            top_p: self.top_p,
            top_k: self.top_k,
            max_tokens: self.max_tokens,
            stop_tokens: &self.stop_tokens,
        };
        stream.submit(&Prompt {
            tokens: &self.tokens,
            samples: &self.samples,
            sampling,
        })
    }
}

/// Draws everything in one stream of `rows` rows.
pub fn run(model: &Model, rows: u32, problems: &[Problem]) -> BTreeMap<u64, Drawing> {
    let mut stream = Stream::new(model, rows).unwrap();
    problems.iter().for_each(|problem| problem.submit(&mut stream));
    finish(&mut stream)
}

/// The same on libtorch's operations alone.
pub fn run_without_kernels(model: &Model, rows: u32, problems: &[Problem]) -> BTreeMap<u64, Drawing> {
    let mut stream = Stream::new(model, rows).unwrap().without_kernels();
    problems.iter().for_each(|problem| problem.submit(&mut stream));
    finish(&mut stream)
}

/// Steps until nothing is left.
pub fn finish(stream: &mut Stream) -> BTreeMap<u64, Drawing> {
    let mut all = BTreeMap::<u64, Drawing>::new();
    loop {
        let mut drawn = Vec::new();
        let left = stream.step(&mut drawn).unwrap();
        for Drawn {
            sample,
            token,
            log_prob,
            finish,
        } in drawn
        {
            let (tokens, end) = all.entry(sample).or_default();
            assert_eq!(*end, None, "sample {sample} drew after its end");
            tokens.push((token, log_prob.to_bits()));
            *end = finish;
        }
        if left == 0 {
            return all;
        }
    }
}
