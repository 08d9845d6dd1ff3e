//! The backend: what it can open.

use restem_policy_abi::{Backend, BackendError, ErrorCode, OpenRequest, Rows};

use crate::model::ScriptedModel;

/// The option that makes a model panic.
const PANIC_ON_TOKEN: &str = "panic_on_token";

/// The scripted backend.
#[derive(Debug)]
pub struct Scripted;

impl Backend for Scripted {
    const NAME: &'static str = "scripted";
    const VERSION: &'static str = env!("CARGO_PKG_VERSION");
    const BUILD: &'static str = "log-linear";
    type Model = ScriptedModel;

    fn suitability(device: &str, dtype: &str) -> Result<(), BackendError> {
        let unsuitable = |what: &str, asked: &str, known: &str| {
            Err(BackendError::new(
                ErrorCode::Unsuitable,
                format!("{what} `{asked}`: {known} is all there is"),
            ))
        };
        match (device, dtype) {
            ("auto" | "cpu", "auto" | "f32") => Ok(()),
            ("auto" | "cpu", _) => unsuitable("dtype", dtype, "f32"),
            _ => unsuitable("device", device, "cpu"),
        }
    }

    fn open(request: &OpenRequest<'_>) -> Result<ScriptedModel, BackendError> {
        Self::suitability(request.device, request.dtype)?;
        request.options.refuse_others(&[PANIC_ON_TOKEN])?;
        let mut model = ScriptedModel::read(request.model_dir)?;
        // Its speed does not depend on its rows: there is nothing to measure.
        if let Some(Rows::Fixed(rows)) = request.options.rows {
            model.rows = rows.max(1);
        }
        model.panic_on_token = (request.options.others.get(PANIC_ON_TOKEN))
            .and_then(|value| u32::try_from(value.as_u64()?).ok());
        Ok(model)
    }
}
