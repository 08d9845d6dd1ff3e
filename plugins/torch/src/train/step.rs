//! One optimizer step from examples to new weights.

use restem_policy_abi::{Sequence, StepReport, TrainingOptions, TrainingStep};
use tch::Tensor;

use crate::error::{Result, TorchError};
use crate::memory::AllFreedMemory;
use crate::model::Model;
use crate::train::activations;
use crate::train::adamw::{Slot, Update};
use crate::train::backward::{Inner, Keep, backward};
use crate::train::batch::{Batch, passes};
use crate::train::body::Body;
use crate::train::embedding_gradient::EmbeddingGradient;
use crate::train::gradient::{Accumulator, sum_of_squares};
use crate::train::head::{HeadMemory, HeadPass};
use crate::transfer::upload;

/// An AdamW optimizer for all weights of one model, or for its adapters where it has some.
pub struct Trainer {
    pub(super) options: TrainingOptions,
    pub(super) steps: u64,
    /// In the order of [`Model::trainable`].
    pub(super) slots: Vec<Slot>,
    /// Bytes that the activations of a pass may take.
    budget: u64,
    memory: HeadMemory,
    _kept: AllFreedMemory,
}

/// What the passes of a step found out; nothing has been changed yet.
pub(super) struct Gradients {
    pub(super) loss: f64,
    /// In the order of [`Model::trainable`].
    pub(super) each: Vec<Tensor>,
}

impl Trainer {
    /// Moments at zero, masters from the weights as they are now.
    pub fn new(model: &Model, options: &TrainingOptions) -> Self {
        let trainable = model.trainable();
        Self {
            options: *options,
            steps: 0,
            budget: u64::MAX,
            memory: HeadMemory::default(),
            _kept: AllFreedMemory::keep(),
            slots: trainable
                .iter()
                .map(|parameter| Slot::new(parameter.tensor))
                .collect(),
        }
    }

    /// The same with a bound, in bytes, on what is kept for the backward pass: passes that would keep more compute their
    /// layers twice. That changes no bit of the result.
    #[must_use]
    pub fn within(self, budget: u64) -> Self {
        Self { budget, ..self }
    }

    /// Steps taken so far.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// One step on `sum(weight * -log p) / target tokens`.
    ///
    /// The caller must be the only user of the model: its weights change in place.
    ///
    /// # Errors
    /// [`TorchError::Limit`] for examples that the model can't take and [`TorchError::NotFinite`] when loss or gradient
    /// are not finite; nothing has changed then.
    pub fn step(&mut self, model: &mut Model, step: &TrainingStep<'_>) -> Result<StepReport> {
        let (gradients, target_tokens) = gradients(model, step, self.budget, &mut self.memory)?;
        let finite = |what, found: f64| match found.is_finite() {
            true => Ok(found),
            false => Err(TorchError::NotFinite { what, found }),
        };
        let loss = finite("loss", gradients.loss)?;
        let squares = gradients.each.iter().map(sum_of_squares).sum::<f64>();
        let grad_norm = finite("gradient norm", squares.sqrt())?;
        let most = self.options.max_grad_norm;
        let scale = if most > 0.0 && grad_norm > most {
            most / grad_norm
        } else {
            1.0
        };
        self.steps += 1;
        let update = Update::new(&self.options, self.steps, step.learning_rate, scale);
        let trainable = model.trainable().into_iter().zip(&gradients.each);
        for ((parameter, gradient), slot) in trainable.zip(&mut self.slots) {
            update.apply(slot, parameter.tensor, gradient);
        }
        Ok(StepReport {
            loss,
            grad_norm,
            target_tokens,
        })
    }
}

/// Gradients and target tokens of a step whose passes keep at most `budget` bytes, or compute their layers twice.
pub(super) fn gradients(
    model: &Model,
    step: &TrainingStep<'_>,
    budget: u64,
    memory: &mut HeadMemory,
) -> Result<(Gradients, u64)> {
    let sequences: Vec<Sequence<'_>> = step.examples.iter().map(|example| example.sequence).collect();
    let passes = passes(&sequences, step.micro_batch_tokens, &model.config)?;
    let target_tokens: usize = sequences.iter().map(Sequence::targets).sum();
    let adapted = model.is_adapted();
    let inner = Inner::of(model);
    let mut sums: Vec<Accumulator> = inner.tensors().iter().map(|_| Accumulator::default()).collect();
    let mut head = HeadPass::new(model, target_tokens as i64, memory);
    let mut embedding = EmbeddingGradient::default();
    let mut loss = 0.0;
    for pass in passes {
        let chosen: Vec<Sequence<'_>> = pass.iter().map(|&index| sequences[index]).collect();
        let batch = Batch::new(&chosen, model.device());
        let weights: Vec<f32> = pass
            .iter()
            .flat_map(|&index| {
                let weight = f64::from(step.examples[index].weight) / target_tokens as f64;
                std::iter::repeat_n(weight as f32, sequences[index].targets())
            })
            .collect();
        let weights = upload(&weights, model.device());
        let embedded = tch::no_grad(|| model.embed(&batch.tokens));
        let body = Body::new(model, &batch);
        let keep = match activations::bytes(&model.config, model.kind(), &batch) > budget {
            true => Keep::LayerInputs,
            false => Keep::Everything,
        };
        let found = backward(&body, &inner, embedded, keep, |states| {
            let (part, by_states) = head.add(states, &batch.targets, &weights);
            loss += part;
            by_states
        })?;
        if let Some(gradient) = found.by_embedded {
            embedding.add(&batch.tokens, gradient);
        }
        for (sum, gradient) in sums.iter_mut().zip(found.each) {
            tch::no_grad(|| sum.add(gradient));
        }
    }
    let each = tch::no_grad(|| {
        let between = sums.iter_mut().filter_map(Accumulator::take);
        if adapted {
            return between.map(|each| each.contiguous()).collect();
        }
        let head = head.finish();
        let (tied, own_head) = match &model.head {
            Some(_) => (None, head),
            None => (head, None),
        };
        let embedding = embedding.finish(model, tied);
        std::iter::once(embedding)
            .chain(between)
            .chain(own_head)
            .map(|each| each.contiguous())
            .collect()
    });
    Ok((Gradients { loss, each }, target_tokens as u64))
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use restem_policy_abi::{Lora, TrainingExample};
    use tch::{Device, Kind};

    use super::*;

    const CASES: [&str; 9] = [
        "gemma2",
        "gemma3",
        "llama-linear-rope",
        "llama-llama3-rope",
        "mistral",
        "phi3",
        "phi3-longrope",
        "qwen2",
        "qwen3",
    ];

    fn directory(case: &str) -> PathBuf {
        let goldens = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
        goldens.join(case)
    }

    fn model(case: &str) -> Model {
        Model::load(&directory(case), Device::Cpu, Kind::Float).unwrap()
    }

    /// Token sequences with a common prefix of `shared` tokens and different lengths.
    fn sequences(shared: u32) -> Vec<Vec<u32>> {
        let own = |index: u32, at: u32| (at * at + 31 * index * index + 7 * at * index) % 120 + 3;
        [9, 30, 12, 21]
            .into_iter()
            .enumerate()
            .map(|(index, length)| {
                let common = (0..shared).map(|at| own(0, at));
                common
                    .chain((0..length).map(|at| own(index as u32 + 1, at)))
                    .collect()
            })
            .collect()
    }

    fn examples<'a>(sequences: &'a [Vec<u32>], weights: &[f32]) -> Vec<TrainingExample<'a>> {
        let pairs = sequences.iter().zip(weights);
        pairs
            .map(|(tokens, &weight)| TrainingExample {
                sequence: Sequence {
                    tokens,
                    target_from: tokens.len() - 6,
                },
                weight,
            })
            .collect()
    }

    fn gradients_of(model: &Model, examples: &[TrainingExample<'_>], micro_batch_tokens: u64) -> Gradients {
        let step = TrainingStep {
            examples,
            micro_batch_tokens,
            learning_rate: 1.0,
        };
        gradients(model, &step, u64::MAX, &mut HeadMemory::default())
            .unwrap()
            .0
    }

    /// The same from one graph over each whole sequence, logits and all.
    fn plain_gradients(model: &Model, examples: &[TrainingExample<'_>]) -> Gradients {
        let parameters = model.parameters();
        let inputs: Vec<Tensor> = parameters
            .iter()
            .map(|parameter| parameter.tensor.set_requires_grad(true))
            .collect();
        let count: usize = examples.iter().map(|example| example.sequence.targets()).sum();
        let losses = examples.iter().map(|TrainingExample { sequence, weight }| {
            let ids: Vec<i64> = sequence.tokens.iter().map(|&token| i64::from(token)).collect();
            let ids = Tensor::from_slice(&ids);
            let logits = model.logits(&model.forward(&ids.unsqueeze(0))).squeeze_dim(0);
            let targets = sequence.targets() as i64;
            let rows = logits.narrow(0, sequence.target_from as i64 - 1, targets);
            let targets = ids.narrow(0, sequence.target_from as i64, targets);
            rows.cross_entropy_loss::<Tensor>(&targets, None, tch::Reduction::Sum, -100, 0.0)
                * f64::from(*weight)
        });
        let loss: Tensor = losses.sum::<Tensor>() / count as f64;
        let each = Tensor::run_backward(&[&loss], &inputs, false, false);
        for input in inputs {
            let _ = input.set_requires_grad(false);
        }
        Gradients {
            loss: loss.double_value(&[]),
            each,
        }
    }

    /// Norm of the difference over norm of the second.
    fn relative_error(one: &Gradients, other: &Gradients) -> f64 {
        assert_eq!(one.each.len(), other.each.len());
        let pairs = one.each.iter().zip(&other.each);
        let difference: f64 = pairs.map(|(a, b)| sum_of_squares(&(a - b))).sum();
        let size: f64 = other
            .each
            .iter()
            .map(|each| sum_of_squares(&each.contiguous()))
            .sum();
        (difference / size).sqrt()
    }

    #[test]
    fn gradient_and_loss_are_those_of_one_graph_over_everything() {
        for case in CASES {
            let model = model(case);
            for shared in [0, 40] {
                let sequences = sequences(shared);
                let examples = examples(&sequences, &[1.0, 0.25, 2.0, 0.0]);
                let found = gradients_of(&model, &examples, 10_000);
                let expected = plain_gradients(&model, &examples);
                assert!((found.loss / expected.loss - 1.0).abs() < 1e-5, "{case} {shared}");
                let error = relative_error(&found, &expected);
                assert!(error < 1e-5, "{case} {shared}: {error:e}");
            }
        }
    }

    /// Solutions of two problems, several each; some are longer than the sliding window, and one problem's are too many rows for one attention call.
    fn solutions() -> Vec<TrainingExampleTokens> {
        let text = |salt: u32, length: u32| (0..length).map(move |at| (at * at + salt * (at + 3)) % 120 + 3);
        let few_shot: Vec<u32> = text(1, 20).collect();
        let lengths = [7, 125, 1, 114, 87, 3, 140, 2, 9, 11];
        let prompts = [(5, 9), (8, 17)];
        let solution = |(index, &length): (usize, &u32)| {
            let (salt, own) = prompts[index % 3 / 2];
            let mut tokens = few_shot.clone();
            tokens.extend(text(salt, own));
            let target_from = tokens.len();
            tokens.extend(text(salt + 50, length / 2).chain(text(index as u32, length - length / 2)));
            TrainingExampleTokens { tokens, target_from }
        };
        lengths.iter().enumerate().map(solution).collect()
    }

    struct TrainingExampleTokens {
        tokens: Vec<u32>,
        target_from: usize,
    }

    #[test]
    fn solutions_that_share_their_prompt_have_the_gradient_of_separate_sequences() {
        for case in CASES {
            let model = model(case);
            let solutions = solutions();
            let weights = [1.0, 0.5, 2.0, 1.0, 1.0, 0.0, 1.0, 3.0, 1.0, 1.0];
            let examples: Vec<_> = solutions
                .iter()
                .zip(weights)
                .map(|(solution, weight)| TrainingExample {
                    sequence: Sequence {
                        tokens: &solution.tokens,
                        target_from: solution.target_from,
                    },
                    weight,
                })
                .collect();
            let expected = plain_gradients(&model, &examples);
            for rows in [1, 170, 10_000] {
                let found = gradients_of(&model, &examples, rows);
                assert!((found.loss / expected.loss - 1.0).abs() < 1e-5, "{case} {rows}");
                let error = relative_error(&found, &expected);
                assert!(error < 1e-5, "{case} {rows}: {error:e}");
            }
        }
    }

    #[test]
    fn micro_batches_do_not_change_the_gradient() {
        for case in CASES {
            let model = model(case);
            let sequences = sequences(24);
            let examples = examples(&sequences, &[1.0, 0.5, 2.0, 1.0]);
            let alone = gradients_of(&model, &examples, 1);
            for tokens in [90, 10_000] {
                let error = relative_error(&gradients_of(&model, &examples, tokens), &alone);
                assert!(error < 1e-5, "{case} {tokens}: {error:e}");
            }
        }
    }

    #[test]
    fn computing_layers_twice_changes_no_bit() {
        let lora = Lora {
            rank: 4,
            alpha: 8.0,
            rslora: false,
            target_modules: vec!["v_proj".to_owned(), "down_proj".to_owned()],
            seed: 3,
        };
        for case in CASES {
            for kind in [Kind::Float, Kind::BFloat16] {
                let whole = Model::load(&directory(case), Device::Cpu, kind).unwrap();
                // Phi-3 has other names.
                let adapted = Model::load_adapted(&directory(case), Device::Cpu, kind, &lora).ok();
                for model in [Some(whole), adapted].into_iter().flatten() {
                    let sequences = sequences(24);
                    let examples = examples(&sequences, &[1.0, 0.5, 2.0, 1.0]);
                    let step = TrainingStep {
                        examples: &examples,
                        micro_batch_tokens: 60,
                        learning_rate: 1.0,
                    };
                    let [kept, again] = [u64::MAX, 0].map(|budget| {
                        gradients(&model, &step, budget, &mut HeadMemory::default())
                            .unwrap()
                            .0
                    });
                    assert_eq!(kept.loss, again.loss, "{case} {kind:?}");
                    assert_eq!(kept.each, again.each, "{case} {kind:?}");
                }
            }
        }
    }

    #[test]
    fn weights_scale_their_examples_share_of_the_loss() {
        let model = model("qwen2");
        let sequences = sequences(0);
        let loss = |weights: &[f32]| gradients_of(&model, &examples(&sequences, weights), 64).loss;
        let (first, second) = (loss(&[1.0, 0.0, 0.0, 0.0]), loss(&[0.0, 1.0, 0.0, 0.0]));
        let mixed = loss(&[0.5, 3.0, 0.0, 0.0]);
        assert!((mixed - (0.5 * first + 3.0 * second)).abs() < 1e-5);
    }

    #[test]
    fn many_chunks_of_the_vocabulary_are_as_good_as_one() {
        let model = model("gemma3");
        let states = Tensor::randn([50, model.config.hidden_size], (Kind::Float, Device::Cpu));
        let targets = Tensor::arange(50, (Kind::Int64, Device::Cpu));
        let weights = Tensor::linspace(0.0, 1.0, 50, (Kind::Float, Device::Cpu));
        let run = |pieces: i64| {
            let mut memory = HeadMemory::default();
            let mut head = HeadPass::new(&model, pieces, &mut memory);
            let (loss, by_states) = head.add(&states, &targets, &weights);
            (loss, by_states, head.finish().unwrap())
        };
        let (whole, parts) = (run(50), run(7));
        assert!((whole.0 - parts.0).abs() < 1e-4);
        assert!(whole.1.allclose(&parts.1, 1e-4, 1e-6, false));
        assert!(whole.2.allclose(&parts.2, 1e-4, 1e-6, false));
    }
}
