//! Write reward plugins for [restem](https://github.com/restem/restem): one trait, one macro.
//!
//! A reward plugin says how good a completion of a problem is. It compiles to a WebAssembly component that restem runs
//! in a sandbox, and natively for its unit tests; the code is the same.
//!
//! ```
//! use restem_sdk::prelude::*;
//!
//! struct LastWord;
//!
//! impl Reward for LastWord {
//!     type Config = NoConfig;
//!     fn open(_: NoConfig) -> Result<Self, ConfigError> {
//!         Ok(Self)
//!     }
//!     fn score(&self, task: &Task, completion: &str) -> Result<Score, Fault> {
//!         Ok(Score::when(completion.split_whitespace().last() == Some(task.reference()?)))
//!     }
//! }
//! restem_sdk::export!(LastWord);
//!
//! let task = Task::new("sum").with_reference("4");
//! restem_sdk::testing::assert_reward::<LastWord>(&task, "2 + 2 is 4", 1.0);
//! restem_sdk::testing::assert_reward::<LastWord>(&task, "2 + 2 is 5", 0.0);
//! ```
//!
//! Build it with `crate-type = ["cdylib", "rlib"]` for `wasm32-unknown-unknown`: the `.wasm` file is the plugin.
//!
//! - [`Reward`] is the trait; [`Reward::prepare`] is there to read a reference once for many completions.
//! - [`Score`] is a judgement; a wrong answer is a score of 0.
//! - [`Fault`] is the failure to judge, which restem never counts as 0.
//! - [`python`] runs untrusted Python programs, for plugins that are granted it.
//! - [`testing`] scores natively, through the same code that the component runs.
//!
//! The contract with the host is `wit/v0.1/reward.wit`. A published version of it never changes.

// Generated bindings name this crate from the plugin's side, also while they compile inside it.
extern crate self as restem_sdk;

mod checker;
mod config;
mod describe;
mod export;
mod fault;
pub mod python;
mod reward;
mod score;
mod task;
pub mod testing;

#[cfg(any(all(target_family = "wasm", feature = "arena"), test))]
#[expect(unsafe_code, reason = "an allocator")]
mod arena;
#[cfg(target_family = "wasm")]
#[doc(hidden)]
pub mod guest;
mod log;

/// Half a megabyte is enough for most problems' whole life, and pages that are not touched cost nothing.
#[cfg(all(target_family = "wasm", feature = "arena"))]
#[global_allocator]
static MEMORY: arena::Arena<{ 512 << 10 }, std::alloc::System> = arena::Arena::new(std::alloc::System);

pub use checker::Checker;
pub use config::{ConfigError, NoConfig};
pub use describe::{Description, Kind};
pub use fault::{Fault, FaultClass};
pub use log::{Level, log};
pub use reward::Reward;
pub use score::{LONGEST_TEXT, Score};
pub use task::Task;

pub use schemars;
pub use serde;
pub use serde_json;

/// What most plugins name.
pub mod prelude {
    pub use crate::{Checker, ConfigError, Description, Fault, NoConfig, Reward, Score, Task};
    pub use schemars::JsonSchema;
    pub use serde::Deserialize;
}
