//! The functions of the table, for any [`Backend`](crate::Backend).

mod boundary;
mod generation;
mod incoming;
mod model;
mod training;

use std::marker::PhantomData;

use crate::Backend;
use crate::abi::{RESTEM_POLICY_ABI_MAJOR, RESTEM_POLICY_ABI_MINOR, RestemPolicyApi, RestemText};

/// The table of a backend; [`export_backend!`](crate::export_backend) uses it.
#[derive(Debug)]
pub struct Table<B>(PhantomData<B>);

impl<B: Backend> Table<B> {
    /// The table.
    pub const API: RestemPolicyApi = RestemPolicyApi {
        struct_size: size_of::<RestemPolicyApi>() as u64,
        abi_major: RESTEM_POLICY_ABI_MAJOR,
        abi_minor: RESTEM_POLICY_ABI_MINOR,
        name: text(B::NAME),
        version: text(B::VERSION),
        build: text(B::BUILD),
        suitability: Some(model::suitability::<B>),
        open: Some(model::open::<B>),
        identity: Some(model::identity::<B>),
        gen_open: Some(generation::open::<B>),
        gen_submit: Some(generation::submit::<B>),
        gen_step: Some(generation::step::<B>),
        gen_cancel: Some(generation::cancel::<B>),
        gen_close: Some(generation::close::<B>),
        log_probs: Some(model::log_probs::<B>),
        train_begin: Some(training::begin::<B>),
        train_step: Some(training::step::<B>),
        train_save_state: Some(training::save_state::<B>),
        train_load_state: Some(training::load_state::<B>),
        train_end: Some(training::end::<B>),
        save: Some(model::save::<B>),
        close: Some(model::close::<B>),
    };
}

const fn text(text: &'static str) -> RestemText {
    RestemText {
        data: text.as_ptr(),
        len: text.len() as u64,
    }
}

/// Exports a [`Backend`](crate::Backend) from a `cdylib`: defines `restem_policy_api_v1`.
#[macro_export]
macro_rules! export_backend {
    ($backend:ty) => {
        /// The table of this policy backend; see `restem_policy.h`.
        #[expect(unsafe_code, reason = "the symbol's name is the contract")]
        // SAFETY: no other function of the library has this name.
        #[unsafe(no_mangle)]
        pub extern "C" fn restem_policy_api_v1() -> *const $crate::abi::RestemPolicyApi {
            static API: $crate::abi::RestemPolicyApi = $crate::Table::<$backend>::API;
            &raw const API
        }
    };
}
