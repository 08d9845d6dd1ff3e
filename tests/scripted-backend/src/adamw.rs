//! The optimizer.

use std::path::Path;

use restem_policy_abi::{
    BackendError, StepReport, Training, TrainingExample, TrainingOptions, TrainingStep, micro_batches,
};

use crate::model::{ScriptedModel, log_softmax};
use crate::weights;

/// Names in a state file.
const VECTORS: [&str; 3] = ["weights", "first_moment", "second_moment"];

/// `AdamW` (Loshchilov and Hutter 2019).
pub struct AdamW {
    options: TrainingOptions,
    steps: u64,
    first: Vec<f32>,
    second: Vec<f32>,
}

impl AdamW {
    pub(crate) fn new(options: TrainingOptions, parameters: usize) -> Self {
        Self {
            options,
            steps: 0,
            first: vec![0.0; parameters],
            second: vec![0.0; parameters],
        }
    }

    fn update(&mut self, weights: &mut [f32], gradient: &[f32], scale: f64, learning_rate: f64) {
        self.steps += 1;
        let TrainingOptions {
            beta1,
            beta2,
            epsilon,
            weight_decay,
            ..
        } = self.options;
        let power = self.steps as f64;
        let (correct1, correct2) = (1.0 - beta1.powf(power), 1.0 - beta2.powf(power));
        let moments = self.first.iter_mut().zip(&mut self.second);
        for ((weight, &gradient), (first, second)) in weights.iter_mut().zip(gradient).zip(moments) {
            let gradient = f64::from(gradient) * scale;
            *first = (beta1 * f64::from(*first) + (1.0 - beta1) * gradient) as f32;
            *second = (beta2 * f64::from(*second) + (1.0 - beta2) * gradient * gradient) as f32;
            let direction = f64::from(*first) / correct1 / ((f64::from(*second) / correct2).sqrt() + epsilon);
            *weight -= (learning_rate * (direction + weight_decay * f64::from(*weight))) as f32;
        }
    }
}

/// Adds the gradient of the examples' summed loss and returns that sum.
fn accumulate(model: &ScriptedModel, examples: &[TrainingExample<'_>], gradient: &mut [f32]) -> f64 {
    let mut loss = 0.0;
    for TrainingExample { sequence, weight } in examples {
        for at in sequence.target_from..sequence.tokens.len() {
            let (before, target) = (&sequence.tokens[..at], sequence.tokens[at] as usize);
            let log_probs = log_softmax(&model.logits(before));
            loss -= f64::from(*weight) * log_probs[target];
            for row in model.rows_of(before) {
                for (token, log_prob) in log_probs.iter().enumerate() {
                    let hit = f64::from(u8::from(token == target));
                    gradient[row + token] += weight * (log_prob.exp() - hit) as f32;
                }
            }
        }
    }
    loss
}

impl Training<ScriptedModel> for AdamW {
    fn step(
        &mut self,
        model: &mut ScriptedModel,
        step: &TrainingStep<'_>,
    ) -> Result<StepReport, BackendError> {
        for example in step.examples {
            model.check(example.sequence.tokens)?;
        }
        let mut gradient = vec![0.0; model.weights.len()];
        let total: f64 = (micro_batches(step.examples, step.micro_batch_tokens).into_iter())
            .map(|run| accumulate(model, &step.examples[run], &mut gradient))
            .sum();
        let target_tokens: usize = step
            .examples
            .iter()
            .map(|example| example.sequence.targets())
            .sum();
        let mean = 1.0 / target_tokens as f64;
        let grad_norm = mean
            * gradient
                .iter()
                .map(|&part| f64::from(part).powi(2))
                .sum::<f64>()
                .sqrt();
        let largest = self.options.max_grad_norm;
        let clip = if largest > 0.0 && grad_norm > largest {
            largest / grad_norm
        } else {
            1.0
        };
        self.update(&mut model.weights, &gradient, mean * clip, step.learning_rate);
        Ok(StepReport {
            loss: total * mean,
            grad_norm,
            target_tokens: target_tokens as u64,
        })
    }

    fn save_state(&mut self, model: &mut ScriptedModel, path: &Path) -> Result<(), BackendError> {
        let vectors = [&model.weights[..], &self.first, &self.second];
        let named: Vec<_> = VECTORS.into_iter().zip(vectors).collect();
        weights::write(path, &named, self.steps)
    }

    fn load_state(&mut self, model: &mut ScriptedModel, path: &Path) -> Result<(), BackendError> {
        let ([weights, first, second], steps) = weights::read(path, VECTORS, model.weights.len())?;
        model.weights = weights;
        (self.first, self.second, self.steps) = (first, second, steps);
        Ok(())
    }

    fn end(self, _model: &mut ScriptedModel) -> Result<(), BackendError> {
        Ok(())
    }
}
