//! Fine-tuning for the loop.

use std::fmt;
use std::sync::Arc;

use restem_em::{
    EvalDecision, Flow, PolicyError, Tokenizer, TrainJob, TrainObserver, TrainReport, TrainStep, Trainer,
};
use restem_policy_abi::{StepReport, TrainingExample, TrainingOptions, TrainingStep};

use super::devices::kind;
use super::generator::ModelSampler;
use super::lora::adapting;
use super::{Backend, LoadedModel, NativeSettings, TokenizerLoader, TrainingSession};
use crate::train::{
    Arithmetic, EncodedExample, KeptWeights, Progress, ProgressDir, digest, encode, learning_rate, plan,
};
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

    fn arithmetic(&self, model: &LoadedModel) -> Arithmetic {
        let identity = model.identity();
        Arithmetic {
            backend: self.backend.describe(),
            device: kind(&identity.device).to_owned(),
            dtype: identity.dtype.clone(),
            threads: identity.threads,
            instructions: identity.instructions.clone(),
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
        let progress = ProgressDir::beside(&job.out.path);
        let done = progress.read(job)?;
        let kept = KeptWeights::at(&job.out.path, done.is_some())?;
        let settings = match &job.options.lora {
            None => self.settings.clone(),
            Some(lora) => adapting(&self.settings, lora, job.seed),
        };
        let mut model = LoadedModel::open(&self.backend, &job.start.path, &settings)?;
        let arithmetic = self.arithmetic(&model);
        if let Some(done) = &done {
            progress.check(done, &arithmetic)?;
        }
        let options = TrainingOptions {
            beta1: BETAS.0,
            beta2: BETAS.1,
            epsilon: EPSILON,
            weight_decay: job.options.weight_decay,
            max_grad_norm: job.options.max_grad_norm,
        };
        let mut session = TrainingSession::begin(&mut model, &options)?;
        if let Some(done) = &done {
            session.load_state(&progress.state())?;
            observer.recall(&done.observer)?;
        }
        let run = Run {
            job,
            session,
            tokenizer,
            kept,
            progress,
            done: Progress {
                arithmetic,
                ..done.unwrap_or_default()
            },
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
    progress: ProgressDir,
    done: Progress,
}

impl Run<'_, '_> {
    fn work(
        mut self,
        examples: &[EncodedExample],
        skipped: u32,
        observer: &mut dyn TrainObserver,
    ) -> Result<Option<TrainReport>, PolicyError> {
        let options = self.job.options;
        let batches = plan(examples, options, self.job.seed);
        let steps = batches.len() as u32;
        let between = match options.eval_every {
            0 => (steps / options.epochs.max(1)).max(1),
            every => every,
        };
        let due =
            |done: &Progress| !done.evaluated && (done.step.is_multiple_of(between) || done.step == steps);
        // A job that was stopped between a step and its evaluation goes on with the evaluation.
        let mut ended =
            self.done.step > 0 && due(&self.done) && self.evaluate(observer)? == EvalDecision::Stop;
        while !ended && self.done.step < steps {
            let report = self.step(steps, examples, &batches[self.done.step as usize])?;
            if observer.on_step(&report) == Flow::Stop {
                self.save(observer)?;
                return Ok(None);
            }
            ended = due(&self.done) && self.evaluate(observer)? == EvalDecision::Stop;
            let every = options.checkpoint_every;
            if every > 0 && self.done.step.is_multiple_of(every) && self.done.step < steps && !ended {
                self.save(observer)?;
            }
        }
        if self.done.kept_step.is_none() {
            self.keep()?;
        }
        let Self {
            session,
            kept,
            progress,
            done,
            ..
        } = self;
        session.end()?;
        // In this order: a job killed in between begins anew, and never goes on without the weights that it kept.
        progress.remove()?;
        kept.publish()?;
        Ok(Some(TrainReport {
            steps: done.step,
            kept_step: done.kept_step.unwrap_or(done.step),
            target_tokens: done.target_tokens,
            skipped,
            last_loss: done.last_loss,
            weights: weights_digest(&self.job.out.path)?,
        }))
    }

    /// Writes down how far the job has come, so that another process can go on with it.
    fn save(&mut self, observer: &dyn TrainObserver) -> Result<(), PolicyError> {
        self.done.job = Some(digest(self.job)?);
        self.done.observer = observer.remember();
        self.kept.stay();
        let session = &mut self.session;
        self.progress
            .write(&self.done, |path| Ok(session.save_state(path)?))
    }

    fn step(
        &mut self,
        steps: u32,
        examples: &[EncodedExample],
        batch: &[usize],
    ) -> Result<TrainStep, PolicyError> {
        let step = self.done.step + 1;
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
        self.done.step = step;
        self.done.evaluated = false;
        self.done.target_tokens += target_tokens;
        self.done.last_loss = loss;
        Ok(TrainStep {
            step,
            steps,
            loss,
            grad_norm,
            learning_rate,
            target_tokens,
        })
    }

    fn evaluate(&mut self, observer: &mut dyn TrainObserver) -> Result<EvalDecision, PolicyError> {
        let mut sampler = ModelSampler {
            models: std::slice::from_mut(self.session.model()),
            tokenizer: Arc::clone(&self.tokenizer),
        };
        let decision = observer.on_eval(self.done.step, &mut sampler)?;
        if decision == EvalDecision::Keep {
            self.keep()?;
        }
        self.done.evaluated = true;
        Ok(decision)
    }

    fn keep(&mut self) -> Result<(), PolicyError> {
        let model = self.session.model();
        // As they were evaluated: rounded to the type of a base in bf16, weights trained in f32 are others.
        let dtype = match model.identity().dtype.as_str() {
            "f32" => "f32",
            _ => "auto",
        };
        self.kept.replace(|dir| Ok(model.save(dir, dtype)?))?;
        self.done.kept_step = Some(self.done.step);
        Ok(())
    }
}
