//! An optimizer of a loaded model.
#![expect(unsafe_code, reason = "the C ABI of policy backends")]

use std::path::Path;

use restem_policy_abi::abi::{
    RestemSequence, RestemTrainBeginArgs, RestemTrainEndArgs, RestemTrainStateArgs, RestemTrainStepArgs,
    RestemTraining,
};
use restem_policy_abi::{StepReport, TrainingOptions, TrainingStep};

use super::backend::{Function, lend, utf8};
use super::model::lend_example;
use super::{LoadedModel, NativeError};

/// An optimizer and its state; ended when dropped, the model keeps the trained weights.
#[derive(Debug)]
pub struct TrainingSession<'m> {
    model: &'m mut LoadedModel,
    raw: *mut RestemTraining,
}

impl<'m> TrainingSession<'m> {
    /// An AdamW optimizer for the model's weights.
    ///
    /// # Errors
    /// What the backend says.
    pub fn begin(model: &'m mut LoadedModel, options: &TrainingOptions) -> Result<Self, NativeError> {
        let mut call = RestemTrainBeginArgs {
            struct_size: size_of::<RestemTrainBeginArgs>() as u64,
            model: model.raw(),
            beta1: options.beta1,
            beta2: options.beta2,
            epsilon: options.epsilon,
            weight_decay: options.weight_decay,
            max_grad_norm: options.max_grad_norm,
            training: std::ptr::null_mut(),
        };
        // SAFETY: the model is open.
        unsafe {
            model
                .backend()
                .call("train_begin", model.backend().api().train_begin, &mut call)
        }?;
        if call.training.is_null() {
            return Err(model
                .backend()
                .contract("`train_begin` succeeded without a training"));
        }
        Ok(Self {
            model,
            raw: call.training,
        })
    }

    /// One optimizer step.
    ///
    /// # Errors
    /// What the backend says.
    pub fn step(&mut self, step: &TrainingStep<'_>) -> Result<StepReport, NativeError> {
        let examples: Vec<RestemSequence> = step.examples.iter().map(lend_example).collect();
        let mut call = RestemTrainStepArgs {
            struct_size: size_of::<RestemTrainStepArgs>() as u64,
            model: self.model.raw(),
            training: self.raw,
            examples: examples.as_ptr(),
            examples_len: examples.len() as u64,
            micro_batch_tokens: step.micro_batch_tokens,
            learning_rate: step.learning_rate,
            loss: 0.0,
            grad_norm: 0.0,
            target_tokens: 0,
        };
        let backend = self.model.backend();
        // SAFETY: model and optimizer are open, the tokens outlive the call.
        unsafe { backend.call("train_step", backend.api().train_step, &mut call) }?;
        Ok(StepReport {
            loss: call.loss,
            grad_norm: call.grad_norm,
            target_tokens: call.target_tokens,
        })
    }

    /// Writes weights, moments and step count to a file that the backend alone reads.
    ///
    /// # Errors
    /// What the backend says.
    pub fn save_state(&mut self, path: &Path) -> Result<(), NativeError> {
        let function = self.model.backend().api().train_save_state;
        self.state("train_save_state", function, path)
    }

    /// Reads back what [`TrainingSession::save_state`] wrote.
    ///
    /// # Errors
    /// What the backend says.
    pub fn load_state(&mut self, path: &Path) -> Result<(), NativeError> {
        let function = self.model.backend().api().train_load_state;
        self.state("train_load_state", function, path)
    }

    fn state(
        &mut self,
        name: &'static str,
        function: Function<RestemTrainStateArgs>,
        path: &Path,
    ) -> Result<(), NativeError> {
        let mut call = RestemTrainStateArgs {
            struct_size: size_of::<RestemTrainStateArgs>() as u64,
            model: self.model.raw(),
            training: self.raw,
            path: lend(utf8(path)?),
        };
        // SAFETY: model and optimizer are open, the text outlives the call.
        unsafe { self.model.backend().call(name, function, &mut call) }
    }

    /// The model, with the weights as they are now.
    pub(super) const fn model(&mut self) -> &mut LoadedModel {
        self.model
    }

    /// Frees the optimizer.
    ///
    /// # Errors
    /// What the backend says.
    pub fn end(self) -> Result<(), NativeError> {
        let mut session = std::mem::ManuallyDrop::new(self);
        session.finish()
    }

    fn finish(&mut self) -> Result<(), NativeError> {
        let mut call = RestemTrainEndArgs {
            struct_size: size_of::<RestemTrainEndArgs>() as u64,
            model: self.model.raw(),
            training: self.raw,
        };
        let backend = self.model.backend();
        // SAFETY: model and optimizer are open; the optimizer is not used again: both callers are done with it.
        unsafe { backend.call("train_end", backend.api().train_end, &mut call) }
    }
}

impl Drop for TrainingSession<'_> {
    fn drop(&mut self) {
        // There is nobody to tell of an error; `end` is for those who care.
        let _ = self.finish();
    }
}
