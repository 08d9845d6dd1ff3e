//! The backend as the host sees it through the C ABI.

use std::path::{Path, PathBuf};

use restem_policy_abi as abi;
use restem_policy_abi::{
    BackendError, Cancel, Drawn, ErrorCode, ModelIdentity, OpenRequest, Prompt, Sequence, StepReport,
    TrainingOptions, TrainingStep,
};
use tch::{Device, Kind};

use crate::budget::budget;
use crate::config::stored_kind;
use crate::device::{parse_device, parse_dtype};
use crate::error::TorchError;
use crate::generate::cache_plan::token_bytes;
use crate::generate::{MOST_ROWS, Stream, default_rows, fastest_rows};
use crate::instructions::instructions;
use crate::kernels::Kernels;
use crate::memory::keep_freed_memory;
use crate::model::{Model, copy_companions};
use crate::threads::Threads;
use crate::train::{Trainer, log_probs};

/// The libtorch backend.
pub struct Torch;

/// A model that the host has opened.
pub struct OpenModel {
    model: Model,
    /// Where its weights came from: the directory that was opened, or the base model of the adapter there.
    base: PathBuf,
    /// The directory that was opened.
    origin: PathBuf,
    /// Type of the weights in `base`.
    stored: Kind,
    rows: u32,
    /// Bytes that sampling's cache may take.
    budget: u64,
    /// What sampling's cache, or the activations of a training pass, may take.
    memory_gib: Option<f64>,
    threads: Threads,
    /// Whether an optimizer has taken memory since it was opened.
    trains: bool,
}

/// Key of the option for that.
const MEMORY: &str = "memory_gib";

abi::export_backend!(Torch);

impl abi::Backend for Torch {
    const NAME: &'static str = "torch";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const BUILD: &'static str = "tch 0.26.0, libtorch 2.13.0";
    type Model = OpenModel;

    fn suitability(device: &str, dtype: &str) -> Result<(), BackendError> {
        let unsuitable = |error: TorchError| BackendError::new(ErrorCode::Unsuitable, error.to_string());
        parse_device(device).map_err(unsuitable)?;
        if dtype != "auto" {
            parse_dtype(dtype).map_err(unsuitable)?;
        }
        Ok(())
    }

    fn open(request: &OpenRequest<'_>) -> Result<OpenModel, BackendError> {
        keep_freed_memory();
        request.options.refuse_others(&[abi::LORA, MEMORY])?;
        let memory_gib = memory_gib(&request.options)?;
        let rows = request.options.rows;
        if let Some(abi::Rows::Fixed(rows)) = rows
            && !(1..=MOST_ROWS).contains(&rows)
        {
            let message = format!("rows = {rows} is out of range: 1 to {MOST_ROWS}");
            return Err(BackendError::invalid_argument(message));
        }
        if let Some(threads) = request.options.threads {
            let threads = i32::try_from(threads).ok().filter(|&threads| threads > 0);
            let threads =
                threads.ok_or_else(|| BackendError::invalid_argument("threads must be 1 or more"))?;
            Threads(threads).use_here();
        }
        let threads = Threads::here();
        let device = parse_device(request.device)?;
        let base = abi::adapter_base(request.model_dir)?.unwrap_or_else(|| request.model_dir.into());
        let stored = stored_kind(&base)?;
        let kind = if request.dtype == "auto" {
            stored
        } else {
            parse_dtype(request.dtype)?
        };
        let model = match request.options.lora()? {
            None => Model::load(request.model_dir, device, kind)?,
            Some(lora) => Model::load_adapted(request.model_dir, device, kind, &lora)?,
        };
        let budget = budget(memory_gib, device, request.options.copies.unwrap_or(1));
        let rows = match rows {
            None => default_rows(&model),
            Some(abi::Rows::Fixed(rows)) => rows,
            Some(abi::Rows::MeasuredWhereSame) if Kernels::of(&model).is_none() => default_rows(&model),
            Some(abi::Rows::Measured | abi::Rows::MeasuredWhereSame) => fastest_rows(&model, budget)?,
        };
        Ok(OpenModel {
            budget,
            model,
            base,
            origin: request.model_dir.into(),
            stored,
            rows,
            memory_gib,
            threads,
            trains: false,
        })
    }
}

/// The option [`MEMORY`].
fn memory_gib(options: &abi::OpenOptions) -> Result<Option<f64>, BackendError> {
    let Some(value) = options.others.get(MEMORY) else {
        return Ok(None);
    };
    let gib = value.as_f64().filter(|gib| gib.is_finite() && *gib > 0.0);
    let refuse = || BackendError::invalid_argument(format!("{MEMORY} = {value} is no number above 0"));
    gib.map(Some).ok_or_else(refuse)
}

impl abi::Model for OpenModel {
    type Generation = Stream;
    type Training = Trainer;

    fn identity(&self) -> ModelIdentity {
        let (device, threads) = match self.model.device() {
            Device::Cuda(index) => (format!("cuda:{index}"), 0),
            _ => ("cpu".into(), self.threads.0.unsigned_abs()),
        };
        let dtype = if self.model.kind() == Kind::Float {
            "f32"
        } else {
            "bf16"
        };
        ModelIdentity {
            device,
            dtype: dtype.into(),
            rows: self.rows,
            threads,
            cache_bytes: self.budget,
            token_bytes: token_bytes(&self.model.config, self.model.kind().elt_size_in_bytes()),
            instructions: instructions(&self.model),
        }
    }

    fn generation(&mut self) -> Result<Stream, BackendError> {
        self.threads.use_here();
        let bound = if self.trains {
            self.budget.min(budget(self.memory_gib, self.model.device(), 1))
        } else {
            self.budget
        };
        Ok(Stream::within(&self.model, self.rows, bound)?)
    }

    fn log_probs(
        &mut self,
        sequences: &[Sequence<'_>],
        micro_batch_tokens: u64,
    ) -> Result<Vec<Vec<f32>>, BackendError> {
        self.threads.use_here();
        Ok(log_probs(&self.model, sequences, micro_batch_tokens)?)
    }

    fn training(&mut self, options: &TrainingOptions) -> Result<Trainer, BackendError> {
        self.threads.use_here();
        let trainer = Trainer::new(&self.model, options);
        self.trains = true;
        // Asked now: weights and moments are there, and their memory is no longer free.
        Ok(trainer.within(budget(self.memory_gib, self.model.device(), 1)))
    }

    fn save(&mut self, dir: &Path, dtype: &str) -> Result<(), BackendError> {
        if self.model.is_adapted() {
            return Ok(self.model.save_adapters(&self.base, &self.origin, dir)?);
        }
        let kind = if dtype == "auto" {
            self.stored
        } else {
            parse_dtype(dtype)?
        };
        self.model.save(&self.base, dir, kind)?;
        Ok(copy_companions(&self.origin, dir)?)
    }
}

impl abi::Generation<OpenModel> for Stream {
    fn submit(&mut self, model: &mut OpenModel, prompt: &Prompt<'_>) -> Result<(), BackendError> {
        model.threads.use_here();
        Ok(Self::submit(self, prompt)?)
    }

    fn step(&mut self, model: &mut OpenModel, drawn: &mut Vec<Drawn>) -> Result<u64, BackendError> {
        model.threads.use_here();
        Ok(Self::step(self, drawn)?)
    }

    fn cancel(&mut self, _model: &mut OpenModel, which: Cancel<'_>) -> Result<(), BackendError> {
        Self::cancel(self, which);
        Ok(())
    }
}

impl abi::Training<OpenModel> for Trainer {
    fn step(&mut self, model: &mut OpenModel, step: &TrainingStep<'_>) -> Result<StepReport, BackendError> {
        model.threads.use_here();
        Ok(Self::step(self, &mut model.model, step)?)
    }

    fn save_state(&mut self, model: &mut OpenModel, path: &Path) -> Result<(), BackendError> {
        Ok(Self::save_state(self, &model.model, path)?)
    }

    fn load_state(&mut self, model: &mut OpenModel, path: &Path) -> Result<(), BackendError> {
        Ok(Self::load_state(self, &mut model.model, path)?)
    }

    fn end(self, _model: &mut OpenModel) -> Result<(), BackendError> {
        Ok(()) // The model's own tensors are what was trained.
    }
}

impl From<TorchError> for BackendError {
    fn from(error: TorchError) -> Self {
        let code = match &error {
            TorchError::File { .. } => ErrorCode::Io,
            TorchError::Json { .. }
            | TorchError::Architecture { .. }
            | TorchError::MissingField { .. }
            | TorchError::Field { .. }
            | TorchError::Safetensors { .. }
            | TorchError::MissingTensor { .. }
            | TorchError::TensorShape { .. }
            | TorchError::AdapterField { .. }
            | TorchError::AdapterTensor { .. }
            | TorchError::TensorType { .. } => ErrorCode::InvalidModel,
            TorchError::AdapterBase(error) => error.code,
            TorchError::Device { .. } | TorchError::Dtype { .. } => ErrorCode::Unsuitable,
            TorchError::Limit { .. } | TorchError::Lora(_) | TorchError::TrainingState { .. } => {
                ErrorCode::InvalidArgument
            }
            TorchError::Cache { .. } => ErrorCode::OutOfMemory,
            TorchError::Libtorch(cause) if cause.to_string().contains("memory") => ErrorCode::OutOfMemory,
            TorchError::NotFinite { .. } | TorchError::Libtorch(_) => ErrorCode::Internal,
        };
        Self::new(code, error.to_string())
    }
}
