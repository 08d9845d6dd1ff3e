//! A model to start from.

use std::path::Path;

use restem_policy_abi::BackendError;

use crate::config::Config;
use crate::model::ScriptedModel;
use crate::tokenizer::{END, VOCABULARY};

/// How far back the model looks: far enough to see `x` in `x=7;`.
const CONTEXT: usize = 4;
/// A logit that makes its token about 1000 times likelier.
const LIKELY: f32 = 7.0;

/// Writes a model that continues `;` with any digit and a digit with the end of the sequence.
///
/// Asked `7;`, it says the right digit one time in ten; the weights that make it say the digit two places back are
/// there to be learnt, and what is learnt for a digit holds wherever that digit is asked for.
///
/// # Errors
/// When the directory can't be written.
pub fn write_model(dir: &Path) -> Result<(), BackendError> {
    let mut weights = vec![0.0; CONTEXT * VOCABULARY * VOCABULARY];
    let mut set = |last: u8, next: u32| weights[usize::from(last) * VOCABULARY + next as usize] = LIKELY;
    for digit in b'0'..=b'9' {
        set(b';', u32::from(digit));
        set(digit, END);
    }
    ScriptedModel::from_weights(Config::new(CONTEXT), weights).write(dir)
}
