//! Fine-tuning for the loop.

use std::fmt;
use std::sync::Arc;

use restem_em::{
    EvalDecision, Flow, PolicyError, Tokenizer, TrainJob, TrainObserver, TrainReport, TrainStep, Trainer,
};
use restem_policy_abi::{StepReport, TrainingExample, TrainingOptions, TrainingStep};

use super::generator::ModelSampler;
use super::{Backend, LoadedModel, NativeSettings, TokenizerLoader, TrainingSession};
use crate::train::{EncodedExample, KeptWeights, encode, learning_rate, plan};
use crate::weights_digest;

/// AdamW's moments: the values of its paper.
const BETAS: (f64, f64) = (0.9, 0.999);
/// Added to the root of the second moment, likewise.
const EPSILON: f64 = 1e-8;

/// Fine-tunes with a native backend.
pub struct NativeTrainer {
    backend: Backend,
    settings: NativeSettings,
    tokenizers: TokenizerLoader,
}

impl fmt::Debug for NativeTrainer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NativeTrainer")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl NativeTrainer {
    /// A trainer; `settings` are best those of the generator, so that evaluations inside training are like those
    /// after it.
    #[must_use]
    pub fn new(backend: Backend, settings: NativeSettings, tokenizers: TokenizerLoader) -> Self {
        Self {
            backend,
            settings,
            tokenizers,
        }
    }
}

impl Trainer for NativeTrainer {
    fn train(
        &mut self,
        job: &TrainJob<'_>,
        observer: &mut dyn TrainObserver,
    ) -> Result<Option<TrainReport>, PolicyError> {
        let tokenizer = (self.tokenizers)(&job.start.path)?;
        let encoded = encode(job.examples, &*tokenizer, job.options.max_length)?;
        let kept = KeptWeights::at(&job.out.path)?;
        let mut model = LoadedModel::open(&self.backend, &job.start.path, &self.settings)?;
        let options = TrainingOptions {
            beta1: BETAS.0,
            beta2: BETAS.1,
            epsilon: EPSILON,
            weight_decay: job.options.weight_decay,
            max_grad_norm: job.options.max_grad_norm,
        };
        let session = TrainingSession::begin(&mut model, &options)?;
        let run = Run {
            job,
            session,
            tokenizer,
            kept,
            kept_step: None,
            target_tokens: 0,
            last_loss: 0.0,
        };
        run.work(&encoded.examples, encoded.skipped, observer)
    }
}

/// A job under way.
struct Run<'j, 'm> {
    job: &'j TrainJob<'j>,
    session: TrainingSession<'m>,
    tokenizer: Arc<dyn Tokenizer>,
    kept: KeptWeights,
    kept_step: Option<u32>,
    target_tokens: u64,
    last_loss: f64,
}

impl Run<'_, '_> {
    fn work(
        mut self,
        examples: &[EncodedExample],
        skipped: u32,
        observer: &mut dyn TrainObserver,
    ) -> Result<Option<TrainReport>, PolicyError> {
        let batches = plan(examples, self.job.options, self.job.seed);
        let steps = batches.len() as u32;
        let per_epoch = (steps / self.job.options.epochs.max(1)).max(1);
        let between = if self.job.options.eval_every == 0 {
            per_epoch
        } else {
            self.job.options.eval_every
        };
        let mut step = 0;
        for batch in &batches {
            step += 1;
            let report = self.step(step, steps, examples, batch)?;
            if observer.on_step(&report) == Flow::Stop {
                return Ok(None);
            }
            if (step % between == 0 || step == steps) && self.evaluate(step, observer)? == EvalDecision::Stop
            {
                break;
            }
        }
        if self.kept_step.is_none() {
            self.keep(step)?;
        }
        let Self {
            session,
            kept,
            kept_step,
            target_tokens,
            last_loss,
            ..
        } = self;
        session.end()?;
        kept.publish()?;
        Ok(Some(TrainReport {
            steps: step,
            kept_step: kept_step.unwrap_or(step),
            target_tokens,
            skipped,
            last_loss,
            weights: weights_digest(&self.job.out.path)?,
        }))
    }

    fn step(
        &mut self,
        step: u32,
        steps: u32,
        examples: &[EncodedExample],
        batch: &[usize],
    ) -> Result<TrainStep, PolicyError> {
        let chosen: Vec<TrainingExample<'_>> = batch.iter().map(|&index| examples[index].lend()).collect();
        let learning_rate = learning_rate(self.job.options, step, steps);
        let micro_batch_tokens = u64::from(self.job.options.micro_batch_tokens);
        let StepReport {
            loss,
            grad_norm,
            target_tokens,
        } = self.session.step(&TrainingStep {
            examples: &chosen,
            micro_batch_tokens,
            learning_rate,
        })?;
        if !loss.is_finite() || !grad_norm.is_finite() {
            return Err(PolicyError::message(format!(
                "training diverged at step {step}: loss {loss}, gradient norm {grad_norm}; lower the learning rate \
                 (now {learning_rate:e})"
            )));
        }
        self.target_tokens += target_tokens;
        self.last_loss = loss;
        Ok(TrainStep {
            step,
            steps,
            loss,
            grad_norm,
            learning_rate,
            target_tokens,
        })
    }

    fn evaluate(&mut self, step: u32, observer: &mut dyn TrainObserver) -> Result<EvalDecision, PolicyError> {
        let mut sampler = ModelSampler {
            model: self.session.model(),
            tokenizer: Arc::clone(&self.tokenizer),
        };
        let decision = observer.on_eval(step, &mut sampler)?;
        if decision == EvalDecision::Keep {
            self.keep(step)?;
        }
        Ok(decision)
    }

    fn keep(&mut self, step: u32) -> Result<(), PolicyError> {
        let model = self.session.model();
        self.kept.replace(|dir| Ok(model.save(dir, "auto")?))?;
        self.kept_step = Some(step);
        Ok(())
    }
}
