//! What a backend's functions do with arguments that no honest host sends.
#![expect(unsafe_code, reason = "calls the C table as a host does")]

use std::path::Path;

use restem_policy_abi::abi::{
    RestemCloseArgs, RestemError, RestemGenOpenArgs, RestemLogProbsArgs, RestemModel, RestemOpenArgs,
    RestemPolicyApi, RestemSequence, RestemText,
};
use restem_policy_abi::{
    Backend, BackendError, Cancel, Drawn, ErrorCode, Generation, Model, ModelIdentity, OpenRequest, Prompt,
    Sequence, StepReport, Table, Training, TrainingOptions, TrainingStep,
};

/// A backend that panics when it is asked to generate.
struct Brittle;

impl Backend for Brittle {
    const NAME: &'static str = "brittle";
    const VERSION: &'static str = "1";
    const BUILD: &'static str = "";
    type Model = Self;

    fn suitability(_device: &str, _dtype: &str) -> Result<(), BackendError> {
        Ok(())
    }

    fn open(request: &OpenRequest<'_>) -> Result<Self, BackendError> {
        request.options.refuse_others(&[])?;
        Ok(Self)
    }
}

impl Model for Brittle {
    type Generation = Self;
    type Training = Self;

    fn identity(&self) -> ModelIdentity {
        ModelIdentity {
            device: "cpu".to_owned(),
            dtype: "f32".to_owned(),
            rows: 1,
            threads: 1,
            cache_bytes: 0,
            token_bytes: 0,
            instructions: String::new(),
        }
    }

    fn generation(&mut self) -> Result<Self, BackendError> {
        panic!("out of ideas")
    }

    fn log_probs(&mut self, sequences: &[Sequence<'_>], _tokens: u64) -> Result<Vec<Vec<f32>>, BackendError> {
        Ok(sequences
            .iter()
            .map(|sequence| vec![-1.0; sequence.targets()])
            .collect())
    }

    fn training(&mut self, _options: &TrainingOptions) -> Result<Self, BackendError> {
        Ok(Self)
    }

    fn save(&mut self, _dir: &Path, _dtype: &str) -> Result<(), BackendError> {
        Ok(())
    }
}

impl Generation<Self> for Brittle {
    fn submit(&mut self, _model: &mut Self, _prompt: &Prompt<'_>) -> Result<(), BackendError> {
        Ok(())
    }

    fn step(&mut self, _model: &mut Self, _drawn: &mut Vec<Drawn>) -> Result<u64, BackendError> {
        Ok(0)
    }

    fn cancel(&mut self, _model: &mut Self, _which: Cancel<'_>) -> Result<(), BackendError> {
        Ok(())
    }
}

impl Training<Self> for Brittle {
    fn step(&mut self, _model: &mut Self, _step: &TrainingStep<'_>) -> Result<StepReport, BackendError> {
        Ok(StepReport {
            loss: 0.0,
            grad_norm: 0.0,
            target_tokens: 0,
        })
    }

    fn save_state(&mut self, _model: &mut Self, _path: &Path) -> Result<(), BackendError> {
        Ok(())
    }

    fn load_state(&mut self, _model: &mut Self, _path: &Path) -> Result<(), BackendError> {
        Ok(())
    }

    fn end(self, _model: &mut Self) -> Result<(), BackendError> {
        Ok(())
    }
}

static API: RestemPolicyApi = Table::<Brittle>::API;

type Function<A> = Option<unsafe extern "C" fn(*mut A) -> *mut RestemError>;

/// Calls a function and takes its error apart.
fn call<A>(function: Function<A>, args: *mut A) -> Result<(), (ErrorCode, String)> {
    // SAFETY: tests pass null or a struct of their own; that bad contents are refused is what they test.
    unsafe {
        let error = function.unwrap()(args);
        if error.is_null() {
            return Ok(());
        }
        let text = (*error).message;
        let bytes = std::slice::from_raw_parts(text.data, text.len as usize);
        let known = (
            ErrorCode::from_raw((*error).code),
            String::from_utf8(bytes.to_vec()).unwrap(),
        );
        (*error).destroy.unwrap()(error);
        Err(known)
    }
}

fn text(text: &str) -> RestemText {
    RestemText {
        data: text.as_ptr(),
        len: text.len() as u64,
    }
}

fn open_args(options: &str) -> RestemOpenArgs {
    RestemOpenArgs {
        struct_size: size_of::<RestemOpenArgs>() as u64,
        model_dir: text("/nowhere"),
        device: text("cpu"),
        dtype: text("f32"),
        options: text(options),
        model: std::ptr::null_mut(),
    }
}

fn open() -> *mut RestemModel {
    let mut args = open_args("");
    call(API.open, &raw mut args).unwrap();
    args.model
}

fn close(model: *mut RestemModel) {
    let mut args = RestemCloseArgs {
        struct_size: size_of::<RestemCloseArgs>() as u64,
        model,
    };
    call(API.close, &raw mut args).unwrap();
}

#[test]
fn arguments_that_can_not_be_are_refused() {
    let refused = |args: *mut RestemOpenArgs| {
        let (code, message) = call(API.open, args).unwrap_err();
        assert_eq!(code, ErrorCode::InvalidArgument);
        message
    };
    assert_eq!(refused(std::ptr::null_mut()), "the arguments: a null pointer");
    let mut args = open_args("");
    args.struct_size = 72;
    assert_eq!(
        refused(&raw mut args),
        "the arguments have 72 bytes, this backend needs 80: the host is older than the ABI"
    );
    let mut args = open_args("");
    args.device = RestemText {
        data: std::ptr::null(),
        len: 3,
    };
    assert_eq!(refused(&raw mut args), "device: a null pointer");
    args.device = RestemText {
        data: [0xff_u8].as_ptr(),
        len: 1,
    };
    assert!(refused(&raw mut args).starts_with("device is not UTF-8"));
    args.device = RestemText {
        data: [0_u8].as_ptr(),
        len: u64::MAX,
    };
    assert!(refused(&raw mut args).ends_with("can't be"));
    let mut args = open_args("{");
    assert!(refused(&raw mut args).starts_with("backend options: EOF"));
    let mut args = open_args(r#"{"lora": 1}"#);
    assert!(refused(&raw mut args).starts_with("unknown backend option `lora`"));
}

#[test]
fn targets_outside_their_sequence_are_refused() {
    let model = open();
    let tokens = [1_u32, 2, 3];
    let mut values = [0.0; 2];
    let mut ask = |target_from, room: u64| {
        let sequence = RestemSequence {
            tokens: tokens.as_ptr(),
            tokens_len: 3,
            target_from,
            weight: 1.0,
            reserved: 0,
        };
        let mut args = RestemLogProbsArgs {
            struct_size: size_of::<RestemLogProbsArgs>() as u64,
            model,
            sequences: &raw const sequence,
            sequences_len: 1,
            micro_batch_tokens: 10,
            log_probs: values.as_mut_ptr(),
            log_probs_len: room,
        };
        call(API.log_probs, &raw mut args).map_err(|(_, message)| message)
    };
    for target_from in [0, 3, u64::MAX] {
        assert!(
            ask(target_from, 2)
                .unwrap_err()
                .starts_with("sequence 0 has 3 tokens and targets from")
        );
    }
    assert!(ask(1, 1).unwrap_err().starts_with("there is room for 1"));
    ask(1, 2).unwrap();
    assert_eq!(values, [-1.0; 2]);
    close(model);
}

#[test]
fn a_panic_is_an_error_and_its_model_can_only_be_closed() {
    let model = open();
    let mut args = RestemGenOpenArgs {
        struct_size: size_of::<RestemGenOpenArgs>() as u64,
        model,
        generation: std::ptr::null_mut(),
    };
    let first = call(API.gen_open, &raw mut args).unwrap_err();
    assert_eq!(
        first,
        (ErrorCode::Panic, "the backend panicked: out of ideas".to_owned())
    );
    let (code, message) = call(API.gen_open, &raw mut args).unwrap_err();
    assert_eq!(code, ErrorCode::Panic);
    assert_eq!(
        message,
        "the model can only be closed: in an earlier call the backend panicked: out of ideas"
    );
    close(model);
}
