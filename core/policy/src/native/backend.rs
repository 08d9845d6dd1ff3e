//! Opening a backend's library and calling its functions.
#![expect(unsafe_code, reason = "the C ABI of policy backends")]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use restem_policy_abi::ErrorCode;
use restem_policy_abi::abi::{
    ENTRY_POINT, EntryPoint, RESTEM_POLICY_ABI_MAJOR, RestemError, RestemPolicyApi, RestemSuitabilityArgs,
    RestemText,
};

use super::libtorch::Opened;
use super::{NativeError, find, libtorch};
use crate::env::Environment;

/// A function of the table.
pub(super) type Function<A> = Option<unsafe extern "C" fn(*mut A) -> *mut RestemError>;

/// A loaded backend; it stays loaded until the process ends.
#[derive(Debug, Clone)]
pub struct Backend {
    api: &'static RestemPolicyApi,
    about: Arc<About>,
}

#[derive(Debug)]
struct About {
    name: String,
    version: String,
    build: String,
    libtorch: Opened,
}

impl Backend {
    /// Finds a backend by name (such as `torch`) or path, and opens it.
    ///
    /// # Errors
    /// When it or what it needs is not found, can't be loaded, or is no backend of this version.
    pub fn load(name: &str) -> Result<Self, NativeError> {
        Self::load_in(name, &Environment::of_process())
    }

    /// As [`Backend::load`], with other environment variables.
    ///
    /// # Errors
    /// As for [`Backend::load`].
    pub fn load_in(name: &str, environment: &Environment) -> Result<Self, NativeError> {
        let path = find::library(name, environment)?;
        let libtorch = if find::is_torch(&path) {
            libtorch::open(environment)?
        } else {
            Opened::default()
        };
        Self::open(&path, libtorch)
    }

    fn open(path: &Path, libtorch: Opened) -> Result<Self, NativeError> {
        // SAFETY: a backend is trusted as this program is; its initialisers expect nothing from us.
        let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL) };
        let library = library.map_err(|source| NativeError::CannotLoad {
            path: path.to_owned(),
            hint: "build it again on this machine (`cargo xtask build`)",
            source,
        })?;
        let not = |reason: String| NativeError::NotABackend {
            path: path.to_owned(),
            reason,
        };
        // SAFETY: whatever exports this name has this type: the name carries the major version.
        let entry: EntryPoint = match unsafe { library.get::<EntryPoint>(ENTRY_POINT) } {
            Ok(symbol) => *symbol,
            Err(_) => return Err(not(format!("it does not export `{ENTRY_POINT}`"))),
        };
        // Its threads and thread-local state outlive every model: unloading would pull the code from under them.
        std::mem::forget(library);
        // SAFETY: the entry point takes nothing.
        let api = unsafe { entry() };
        if api.is_null() || !api.is_aligned() {
            return Err(not(format!("`{ENTRY_POINT}` returned {api:p}")));
        }
        // SAFETY: a table, whatever its version, begins with its size and two version numbers; they and all that the
        // size covers stay as long as the library, which is forever.
        let (size, major) = unsafe {
            (
                (&raw const (*api).struct_size).read(),
                (&raw const (*api).abi_major).read(),
            )
        };
        if major != RESTEM_POLICY_ABI_MAJOR {
            return Err(NativeError::AbiVersion {
                path: path.to_owned(),
                found: major,
                wanted: RESTEM_POLICY_ABI_MAJOR,
            });
        }
        if size < size_of::<RestemPolicyApi>() as u64 {
            return Err(not(format!(
                "its table has {size} bytes, {} are needed",
                size_of::<RestemPolicyApi>()
            )));
        }
        // SAFETY: large enough, aligned, constant, never unloaded.
        let api: &'static RestemPolicyApi = unsafe { &*api };
        if let Some(missing) = missing_function(api) {
            return Err(not(format!("its table has no `{missing}`")));
        }
        // SAFETY: texts of the table live as long as it does.
        let about = unsafe {
            About {
                name: read(api.name),
                version: read(api.version),
                build: read(api.build),
                libtorch,
            }
        };
        Ok(Self {
            api,
            about: Arc::new(about),
        })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.about.name
    }

    /// Name, version and build, as a run's identity has them.
    #[must_use]
    pub fn describe(&self) -> String {
        let About {
            name, version, build, ..
        } = &*self.about;
        format!("{name} {version} ({build})")
    }

    /// Whether it can serve a device and data type here; the error says why not.
    ///
    /// # Errors
    /// [`NativeError::Call`] with [`ErrorCode::Unsuitable`] when it can't.
    pub fn suitability(&self, device: &str, dtype: &str) -> Result<(), NativeError> {
        let mut call = RestemSuitabilityArgs {
            struct_size: size_of::<RestemSuitabilityArgs>() as u64,
            device: lend(device),
            dtype: lend(dtype),
        };
        // SAFETY: the texts outlive the call.
        let answer = unsafe { self.call("suitability", self.api.suitability, &mut call) };
        match (answer, &self.about.libtorch.cuda_failure) {
            (
                Err(NativeError::Call {
                    backend,
                    call,
                    code,
                    message,
                }),
                Some(failure),
            ) => {
                let message = format!("{message}\n  note: {failure}");
                Err(NativeError::Call {
                    backend,
                    call,
                    code,
                    message,
                })
            }
            (answer, _) => answer,
        }
    }

    pub(super) const fn api(&self) -> &'static RestemPolicyApi {
        self.api
    }

    /// Calls a function of the table.
    ///
    /// # Safety
    /// `args` is filled as the ABI asks for, with pointers that live through the call.
    pub(super) unsafe fn call<A>(
        &self,
        name: &'static str,
        function: Function<A>,
        args: &mut A,
    ) -> Result<(), NativeError> {
        let Some(function) = function else {
            return Err(self.contract(format!("its table has no `{name}`")));
        };
        // SAFETY: as the caller promises.
        let error = unsafe { function(args) };
        if error.is_null() {
            return Ok(());
        }
        // SAFETY: an error lives until we destroy it, which happens once, here.
        let (code, message) = unsafe {
            let text = read((*error).message);
            let code = (*error).code;
            if let Some(destroy) = (*error).destroy {
                destroy(error);
            }
            (ErrorCode::from_raw(code), text)
        };
        Err(NativeError::Call {
            backend: self.about.name.clone(),
            call: name,
            code,
            message,
        })
    }

    pub(super) fn contract(&self, what: impl Into<String>) -> NativeError {
        NativeError::Contract {
            backend: self.about.name.clone(),
            what: what.into(),
        }
    }
}

fn missing_function(api: &RestemPolicyApi) -> Option<&'static str> {
    let functions = [
        ("suitability", api.suitability.is_some()),
        ("open", api.open.is_some()),
        ("identity", api.identity.is_some()),
        ("gen_open", api.gen_open.is_some()),
        ("gen_submit", api.gen_submit.is_some()),
        ("gen_step", api.gen_step.is_some()),
        ("gen_cancel", api.gen_cancel.is_some()),
        ("gen_close", api.gen_close.is_some()),
        ("log_probs", api.log_probs.is_some()),
        ("train_begin", api.train_begin.is_some()),
        ("train_step", api.train_step.is_some()),
        ("train_save_state", api.train_save_state.is_some()),
        ("train_load_state", api.train_load_state.is_some()),
        ("train_end", api.train_end.is_some()),
        ("save", api.save.is_some()),
        ("close", api.close.is_some()),
    ];
    functions.iter().find(|(_, there)| !there).map(|(name, _)| *name)
}

/// A text for the length of a call.
pub(super) const fn lend(text: &str) -> RestemText {
    RestemText {
        data: text.as_ptr(),
        len: text.len() as u64,
    }
}

/// A path as text.
pub(super) fn utf8(path: &Path) -> Result<&str, NativeError> {
    path.to_str().ok_or_else(|| NativeError::PathNotUtf8 {
        path: PathBuf::from(OsStr::new(path)),
    })
}

/// A copy of a backend's text.
///
/// # Safety
/// `text` is null, or points to `len` bytes.
pub(super) unsafe fn read(text: RestemText) -> String {
    if text.data.is_null() || text.len == 0 {
        return String::new();
    }
    // SAFETY: as the caller promises.
    let bytes = unsafe { std::slice::from_raw_parts(text.data, text.len as usize) };
    String::from_utf8_lossy(bytes).into_owned()
}
