//! The model: weights and what follows from them.

use std::path::{Path, PathBuf};

use restem_policy_abi::{BackendError, Model, ModelIdentity, Sequence, TrainingOptions};

use crate::adamw::AdamW;
use crate::config::Config;
use crate::generation::Stream;
use crate::tokenizer::VOCABULARY;
use crate::{tokenizer_file, weights};

/// The weights' name in `model.safetensors`.
const WEIGHTS: &str = "weights";

/// A loaded model.
pub struct ScriptedModel {
    config: Config,
    /// `[context][VOCABULARY][VOCABULARY]`: distance back, token there, next token.
    pub(crate) weights: Vec<f32>,
    pub(crate) rows: u32,
    pub(crate) panic_on_token: Option<u32>,
    pub(crate) device: String,
    /// Whether the device is lost while it draws.
    pub(crate) lost: bool,
}

impl ScriptedModel {
    pub(crate) fn from_weights(config: Config, weights: Vec<f32>) -> Self {
        Self {
            config,
            weights,
            rows: 8,
            panic_on_token: None,
            device: "cpu".to_owned(),
            lost: false,
        }
    }

    pub(crate) fn read(dir: &Path) -> Result<Self, BackendError> {
        let config = Config::read(dir)?;
        let ([weights], _) = weights::read(&file(dir), [WEIGHTS], config.context * VOCABULARY * VOCABULARY)?;
        Ok(Self::from_weights(config, weights))
    }

    pub(crate) fn write(&self, dir: &Path) -> Result<(), BackendError> {
        std::fs::create_dir_all(dir)
            .map_err(|error| BackendError::io(format!("cannot create {}: {error}", dir.display())))?;
        self.config.write(dir)?;
        tokenizer_file::write(dir)?;
        weights::write(&file(dir), &[(WEIGHTS, &self.weights)], 0)
    }

    pub(crate) fn longest(&self) -> usize {
        self.config.max_position_embeddings
    }

    /// Where the weights begin that `before`, the tokens so far, select: one row of `VOCABULARY` values each.
    pub(crate) fn rows_of<'a>(&self, before: &'a [u32]) -> impl Iterator<Item = usize> + use<'a> {
        (before.iter().rev().take(self.config.context).enumerate())
            .map(|(back, &token)| (back * VOCABULARY + token as usize) * VOCABULARY)
    }

    pub(crate) fn logits(&self, before: &[u32]) -> Vec<f32> {
        let mut logits = vec![0.0; VOCABULARY];
        for row in self.rows_of(before) {
            for (logit, weight) in logits.iter_mut().zip(&self.weights[row..row + VOCABULARY]) {
                *logit += weight;
            }
        }
        logits
    }

    pub(crate) fn check(&self, tokens: &[u32]) -> Result<(), BackendError> {
        if let Some(token) = tokens.iter().find(|&&token| token as usize >= VOCABULARY) {
            return Err(BackendError::invalid_argument(format!(
                "token {token} is not in the vocabulary"
            )));
        }
        if tokens.len() > self.longest() {
            return Err(BackendError::invalid_argument(format!(
                "{} tokens; the model's context is {}",
                tokens.len(),
                self.longest()
            )));
        }
        Ok(())
    }
}

fn file(dir: &Path) -> PathBuf {
    dir.join("model.safetensors")
}

/// Log-probabilities in nats.
pub(crate) fn log_softmax(logits: &[f32]) -> Vec<f64> {
    let top = f64::from(logits.iter().copied().fold(f32::NEG_INFINITY, f32::max));
    let sum: f64 = logits.iter().map(|&logit| (f64::from(logit) - top).exp()).sum();
    logits
        .iter()
        .map(|&logit| f64::from(logit) - top - sum.ln())
        .collect()
}

impl Model for ScriptedModel {
    type Generation = Stream;
    type Training = AdamW;

    fn identity(&self) -> ModelIdentity {
        ModelIdentity {
            device: self.device.clone(),
            dtype: "f32".to_owned(),
            rows: self.rows,
            threads: 1,
            cache_bytes: 0,
            token_bytes: 0,
            instructions: String::new(),
        }
    }

    fn generation(&mut self) -> Result<Stream, BackendError> {
        Ok(Stream::default())
    }

    fn log_probs(
        &mut self,
        sequences: &[Sequence<'_>],
        _micro_batch_tokens: u64,
    ) -> Result<Vec<Vec<f32>>, BackendError> {
        let of = |sequence: &Sequence<'_>| {
            self.check(sequence.tokens)?;
            Ok((sequence.target_from..sequence.tokens.len())
                .map(|at| {
                    log_softmax(&self.logits(&sequence.tokens[..at]))[sequence.tokens[at] as usize] as f32
                })
                .collect())
        };
        sequences.iter().map(of).collect()
    }

    fn training(&mut self, options: &TrainingOptions) -> Result<AdamW, BackendError> {
        Ok(AdamW::new(*options, self.weights.len()))
    }

    fn save(&mut self, dir: &Path, dtype: &str) -> Result<(), BackendError> {
        if !["auto", "f32"].contains(&dtype) {
            return Err(BackendError::unsupported(format!(
                "dtype `{dtype}`: f32 is all there is"
            )));
        }
        self.write(dir)
    }
}
