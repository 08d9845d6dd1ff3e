//! Drawing completions from a loaded model.

use std::collections::HashMap;

use restem_em::{FinishReason, Flow, PolicyError, Sample, SampleRequest, Sampling, Seed, Tokenizer};
use restem_policy_abi::{Drawn, Finish, Prompt, SampleSeed};

use super::completion_text::{CompletionText, StopStrings};
use super::{LoadedModel, NativeError, Stream};

/// Samples handed to the backend ahead of those that it works on: enough to keep its rows full, few enough to keep
/// their prompts out of memory.
const AHEAD: u64 = 512;

/// A completion in the making.
struct Growing<'r> {
    request: &'r SampleRequest,
    k: u32,
    seed: Seed,
    text: CompletionText,
    log_prob: f64,
}

/// Draws every sample of `requests` and hands each over as it ends; what [`restem_em::Sampler::sample`] promises.
pub(super) fn draw(
    model: &mut LoadedModel,
    tokenizer: &dyn Tokenizer,
    requests: &[SampleRequest],
    sampling: &Sampling,
    sink: &mut dyn FnMut(Sample) -> Flow,
) -> Result<(), PolicyError> {
    let stops = StopStrings::new(&sampling.stop).ok_or_else(|| {
        PolicyError::message("a stop string is empty; every completion would be: remove it")
    })?;
    let ahead = AHEAD + 2 * u64::from(model.identity().rows);
    let mut stream = Stream::open(model)?;
    let mut growing: HashMap<u64, Growing<'_>> = HashMap::new();
    let mut waiting = requests.iter();
    let (mut next_id, mut pending) = (0, 0);
    let (mut drawn, mut stopped) = (Vec::new(), Vec::new());
    loop {
        while pending < ahead {
            let Some(request) = waiting.next() else { break };
            let samples = submit(&mut stream, tokenizer, request, sampling, next_id)?;
            pending += samples.len() as u64;
            next_id += samples.len() as u64;
            growing.extend(samples);
        }
        if growing.is_empty() {
            return Ok(());
        }
        pending = stream.step(&stopped, &mut drawn)?;
        stopped.clear();
        if drawn.is_empty() {
            return Err(contract(&stream, "`gen_step` drew nothing though samples are pending").into());
        }
        for token in &drawn {
            let Some(sample) = growing.get_mut(&token.sample) else {
                return Err(contract(&stream, "`gen_step` drew a token of a sample that had ended").into());
            };
            let Some(ended) = sample.push(token, tokenizer, &stops)? else {
                continue;
            };
            if token.finish.is_none() {
                stopped.push(token.sample);
            }
            growing.remove(&token.sample);
            if sink(ended) == Flow::Stop {
                return Ok(stream.cancel_all()?);
            }
        }
    }
}

fn submit<'r>(
    stream: &mut Stream<'_>,
    tokenizer: &dyn Tokenizer,
    request: &'r SampleRequest,
    sampling: &Sampling,
    first_id: u64,
) -> Result<Vec<(u64, Growing<'r>)>, PolicyError> {
    let problem = &request.problem;
    let failed =
        |error: &dyn std::fmt::Display| PolicyError::message(format!("problem `{problem}`: {error}"));
    let tokens = tokenizer
        .encode(&request.prompt, true)
        .map_err(|error| failed(&error))?;
    let named = (first_id..).zip(&request.samples);
    let samples: Vec<_> = named
        .clone()
        .map(|(id, (_, seed))| SampleSeed { id, seed: seed.0 })
        .collect();
    let prompt = Prompt {
        tokens: &tokens,
        samples: &samples,
        sampling: restem_policy_abi::Sampling {
            temperature: sampling.temperature,
            top_p: sampling.top_p,
            top_k: sampling.top_k,
            max_tokens: sampling.max_tokens,
            stop_tokens: tokenizer.end_of_sequence(),
        },
    };
    stream.submit(&prompt).map_err(|error| failed(&error))?;
    let grow = |(id, &(k, seed)): (u64, &(u32, Seed))| {
        (
            id,
            Growing {
                request,
                k,
                seed,
                text: CompletionText::default(),
                log_prob: 0.0,
            },
        )
    };
    Ok(named.map(grow).collect())
}

impl Growing<'_> {
    /// Adds a token; the sample, when that ended it.
    fn push(
        &mut self,
        drawn: &Drawn,
        tokenizer: &dyn Tokenizer,
        stops: &StopStrings<'_>,
    ) -> Result<Option<Sample>, PolicyError> {
        let problem = &self.request.problem;
        let failed = |error| {
            PolicyError::new(
                format!("problem `{problem}`: a completion can't be decoded"),
                error,
            )
        };
        self.log_prob += f64::from(drawn.log_prob);
        let found = self.text.push(drawn.token, tokenizer, stops).map_err(failed)?;
        if !found && drawn.finish.is_none() {
            return Ok(None);
        }
        // The end-of-sequence token is no text, even where the tokenizer would write one.
        let dropped = usize::from(drawn.finish == Some(Finish::StopToken));
        let (completion, cut) = self.text.finish(dropped, tokenizer, stops).map_err(failed)?;
        let stop = cut || drawn.finish != Some(Finish::Length);
        Ok(Some(Sample {
            problem: problem.clone(),
            k: self.k,
            seed: self.seed,
            completion,
            tokens: self.text.len() as u32,
            log_prob: Some(self.log_prob),
            finish: if stop {
                FinishReason::Stop
            } else {
                FinishReason::Length
            },
        }))
    }
}

fn contract(stream: &Stream<'_>, what: &str) -> NativeError {
    stream.model().backend().contract(what)
}
