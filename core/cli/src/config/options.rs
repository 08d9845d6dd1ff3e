//! From `restem.toml`'s tables to the loop's options.

use restem_em::{EvalOptions, RunOptions, Sampling, Seed, SelectOptions, TrainOptions, ValidationOptions};

use super::Config;
use super::lora::LoraSection;

impl Config {
    /// The loop's options.
    pub(crate) fn run_options(&self) -> RunOptions {
        let generate = &self.generate;
        RunOptions {
            seed: Seed(self.run.seed),
            max_iterations: self.run.max_iterations,
            stop_on_plateau: self.run.stop_on_plateau,
            start: self.run.start,
            samples: generate.samples,
            sampling: self.sampling(generate.temperature, generate.top_k, generate.top_p),
            generate_prompt: generate.prompt,
            train_prompt: self.train.prompt,
            end_text: self.end_text(),
            select: SelectOptions {
                threshold: self.select.threshold,
                max_per_problem: self.select.max_per_problem,
                weighting: self.select.weighting,
            },
            train: self.train_options(),
            validation: ValidationOptions {
                problems: self.train.eval_problems,
                patience: self.train.patience,
            },
            eval: EvalOptions {
                prompt: self.eval.prompt,
                greedy: self.sampling(0.0, 0, 1.0),
                pass_at: self.eval.pass_at.clone(),
                pass_sampling: self.sampling(1.0, 0, 0.95),
                majority: self.eval.majority,
                majority_sampling: self.sampling(0.7, 40, 1.0),
                sampled_problems: self.eval.sampled_problems,
            },
            max_fault_rate: self.run.max_fault_rate,
            compare: self.run.compare.clone(),
        }
    }

    /// How to fine-tune.
    pub(crate) fn train_options(&self) -> TrainOptions {
        let train = &self.train;
        TrainOptions {
            epochs: train.epochs,
            batch_size: train.batch_size,
            micro_batch_tokens: train.micro_batch_tokens,
            learning_rate: train.learning_rate,
            warmup_steps: train.warmup_steps,
            schedule: train.schedule,
            weight_decay: train.weight_decay,
            max_grad_norm: train.max_grad_norm,
            max_length: train.max_length,
            eval_every: train.eval_every,
            checkpoint_every: train.checkpoint_every,
            lora: train.lora.as_ref().map(LoraSection::options),
        }
    }

    fn sampling(&self, temperature: f32, top_k: u32, top_p: f32) -> Sampling {
        let (max_tokens, stop) = (self.generate.max_tokens, self.generate.stop.clone());
        Sampling {
            temperature,
            top_k,
            top_p,
            max_tokens,
            stop,
        }
    }

    fn end_text(&self) -> String {
        let first_stop = || self.generate.stop.first().cloned().unwrap_or_default();
        self.prompt.end_text.clone().unwrap_or_else(first_stop)
    }
}
