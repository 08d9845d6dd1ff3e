//! Calls on optimizers.
#![expect(unsafe_code, reason = "these are the functions of the C table")]

use std::path::Path;

use super::boundary::guard;
use super::incoming::{args, object, sequences, take, text};
use super::model::with_model;
use crate::abi::{
    RestemError, RestemTrainBeginArgs, RestemTrainEndArgs, RestemTrainStateArgs, RestemTrainStepArgs,
};
use crate::{Backend, BackendError, Model, Training, TrainingOptions, TrainingStep};

type TrainingOf<B> = <<B as Backend>::Model as Model>::Training;

pub(super) unsafe extern "C" fn begin<B: Backend>(call: *mut RestemTrainBeginArgs) -> *mut RestemError {
    guard(|| {
        // SAFETY: the ABI's rules on pointers, which the caller keeps.
        unsafe {
            let call = args(call)?;
            let options = TrainingOptions {
                beta1: call.beta1,
                beta2: call.beta2,
                epsilon: call.epsilon,
                weight_decay: call.weight_decay,
                max_grad_norm: call.max_grad_norm,
            };
            with_model::<B::Model>(call.model, |model| {
                let training = model.training(&options)?;
                call.training = Box::into_raw(Box::new(training)).cast();
                Ok(())
            })
        }
    })
}

pub(super) unsafe extern "C" fn step<B: Backend>(call: *mut RestemTrainStepArgs) -> *mut RestemError {
    guard(|| {
        // SAFETY: the ABI's rules on pointers, which the caller keeps.
        unsafe {
            let call = args(call)?;
            let training: &mut TrainingOf<B> = object(call.training, "the training")?;
            let examples = sequences(call.examples, call.examples_len)?;
            if examples.is_empty() {
                return Err(BackendError::invalid_argument(
                    "a training step needs at least one example",
                ));
            }
            let step = TrainingStep {
                examples: &examples,
                micro_batch_tokens: call.micro_batch_tokens,
                learning_rate: call.learning_rate,
            };
            with_model::<B::Model>(call.model, |model| {
                let report = training.step(model, &step)?;
                call.loss = report.loss;
                call.grad_norm = report.grad_norm;
                call.target_tokens = report.target_tokens;
                Ok(())
            })
        }
    })
}

pub(super) unsafe extern "C" fn save_state<B: Backend>(call: *mut RestemTrainStateArgs) -> *mut RestemError {
    guard(|| {
        // SAFETY: the ABI's rules on pointers, which the caller keeps.
        unsafe {
            let call = args(call)?;
            let training: &mut TrainingOf<B> = object(call.training, "the training")?;
            let path = text(call.path, "path")?;
            with_model::<B::Model>(call.model, |model| training.save_state(model, Path::new(path)))
        }
    })
}

pub(super) unsafe extern "C" fn load_state<B: Backend>(call: *mut RestemTrainStateArgs) -> *mut RestemError {
    guard(|| {
        // SAFETY: the ABI's rules on pointers, which the caller keeps.
        unsafe {
            let call = args(call)?;
            let training: &mut TrainingOf<B> = object(call.training, "the training")?;
            let path = text(call.path, "path")?;
            with_model::<B::Model>(call.model, |model| training.load_state(model, Path::new(path)))
        }
    })
}

pub(super) unsafe extern "C" fn end<B: Backend>(call: *mut RestemTrainEndArgs) -> *mut RestemError {
    guard(|| {
        // SAFETY: the ABI's rules on pointers, which the caller keeps.
        unsafe {
            let call = args(call)?;
            let training: Box<TrainingOf<B>> = take(call.training, "the training")?;
            with_model::<B::Model>(call.model, |model| training.end(model))
        }
    })
}
