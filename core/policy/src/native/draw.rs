//! Drawing completions from a loaded model.

use std::collections::HashMap;

use restem_em::{FinishReason, Flow, PolicyError, Sample, SampleRequest, Sampling, Seed, Tokenizer};
use restem_policy_abi::{Drawn, ErrorCode, Finish, Prompt, SampleSeed};

use super::completion_text::{CompletionText, StopStrings};
use super::work::{Part, Work};
use super::{LoadedModel, NativeError, Stream};

/// Why drawing ended early.
#[derive(Debug)]
pub(super) enum DrawError {
    /// The prompt, the sampling or a completion: it would be the same on any device.
    Asked(PolicyError),
    /// The model on its device.
    Device(PolicyError),
}

impl From<NativeError> for DrawError {
    fn from(error: NativeError) -> Self {
        Self::Device(error.into())
    }
}

impl From<DrawError> for PolicyError {
    fn from((DrawError::Asked(error) | DrawError::Device(error)): DrawError) -> Self {
        error
    }
}

/// A completion in the making.
struct Growing<'r> {
    request: &'r SampleRequest,
    k: u32,
    seed: Seed,
    text: CompletionText,
    log_prob: f64,
}

/// Draws the samples of the part that `work` has for the device at `at`, then of others for as long as there are some, and hands
/// each over as it ends. It takes more while fewer than `ahead` are under way.
///
/// Ends early when `sink` says so or the work is halted; samples under way are lost then. A prompt that can't be sampled is an error
/// after those under way have ended.
pub(super) fn draw(
    model: &mut LoadedModel,
    tokenizer: &dyn Tokenizer,
    work: &Work<'_>,
    (at, ahead): (usize, usize),
    sampling: &Sampling,
    sink: &mut dyn FnMut(Sample) -> Flow,
) -> Result<(), DrawError> {
    let stops = StopStrings::new(&sampling.stop).ok_or_else(|| {
        let reason = "a stop string is empty; every completion would be: remove it";
        DrawError::Asked(PolicyError::message(reason))
    })?;
    let mut stream = Stream::open(model)?;
    let mut first = work.first(at);
    let mut growing: HashMap<u64, Growing<'_>> = HashMap::new();
    let mut next_id = 0;
    let (mut drawn, mut stopped) = (Vec::new(), Vec::new());
    let mut refused = None;
    loop {
        if work.halted() {
            return Ok(stream.cancel_all()?);
        }
        while refused.is_none() && growing.len() < ahead {
            let Some(part) = first.take().or_else(|| work.take()) else {
                break;
            };
            match submit(&mut stream, tokenizer, part, sampling, next_id) {
                Ok(samples) => {
                    next_id += samples.len() as u64;
                    growing.extend(samples);
                }
                // Hours may stand behind the samples under way: they end first.
                Err(DrawError::Asked(error)) => refused = Some(error),
                Err(error) => return Err(error),
            }
        }
        if growing.is_empty() {
            return refused.map_or(Ok(()), |error| Err(DrawError::Asked(error)));
        }
        stream.step(&stopped, &mut drawn)?;
        stopped.clear();
        if drawn.is_empty() {
            return Err(contract(&stream, "`gen_step` drew nothing though samples are pending").into());
        }
        for token in &drawn {
            let Some(sample) = growing.get_mut(&token.sample) else {
                return Err(contract(&stream, "`gen_step` drew a token of a sample that had ended").into());
            };
            let ended = sample.push(token, tokenizer, &stops);
            let Some(ended) = ended.map_err(DrawError::Asked)? else {
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
    Part { request, samples }: Part<'r>,
    sampling: &Sampling,
    first_id: u64,
) -> Result<Vec<(u64, Growing<'r>)>, DrawError> {
    let problem = &request.problem;
    let failed =
        |error: &dyn std::fmt::Display| PolicyError::message(format!("problem `{problem}`: {error}"));
    let tokens = tokenizer
        .encode(&request.prompt, true)
        .map_err(|error| DrawError::Asked(failed(&error)))?;
    let named = (first_id..).zip(samples);
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
    stream.submit(&prompt).map_err(|error| match error {
        NativeError::Call {
            code: ErrorCode::InvalidArgument,
            ..
        } => DrawError::Asked(failed(&error)),
        _ => DrawError::Device(failed(&error)),
    })?;
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
