//! The backend: what it can open.

use restem_policy_abi::{Backend, BackendError, ErrorCode, OpenRequest, Rows};

use crate::model::ScriptedModel;

/// The option that makes a model panic.
const PANIC_ON_TOKEN: &str = "panic_on_token";

/// The option that names a device which is lost after its first step.
const LOSE_DEVICE: &str = "lose_device";

/// Environment variable with the number of devices `cuda:N` to pretend; they compute as `cpu` does.
const PRETENDED: &str = "RESTEM_SCRIPTED_CUDA";

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
        let pretended = pretended();
        if !["auto", "cpu"].contains(&device) && !pretended.iter().any(|name| name == device) {
            let known = [&["cpu".to_owned()], &pretended[..]].concat().join(", ");
            return unsuitable("device", device, &known);
        }
        match dtype {
            "auto" | "f32" => Ok(()),
            _ => unsuitable("dtype", dtype, "f32"),
        }
    }

    fn open(request: &OpenRequest<'_>) -> Result<ScriptedModel, BackendError> {
        Self::suitability(request.device, request.dtype)?;
        request.options.refuse_others(&[PANIC_ON_TOKEN, LOSE_DEVICE])?;
        let mut model = ScriptedModel::read(request.model_dir)?;
        if request.device != "auto" {
            request.device.clone_into(&mut model.device);
        }
        model.lost = (request.options.others.get(LOSE_DEVICE)).is_some_and(|lost| lost == request.device);
        // Its speed does not depend on its rows: there is nothing to measure.
        if let Some(Rows::Fixed(rows)) = request.options.rows {
            model.rows = rows.max(1);
        }
        model.panic_on_token = (request.options.others.get(PANIC_ON_TOKEN))
            .and_then(|value| u32::try_from(value.as_u64()?).ok());
        Ok(model)
    }
}

/// Names of the devices to pretend.
fn pretended() -> Vec<String> {
    let number = std::env::var(PRETENDED).ok();
    let number = number.and_then(|number| number.parse().ok()).unwrap_or(0_u32);
    (0..number).map(|index| format!("cuda:{index}")).collect()
}
