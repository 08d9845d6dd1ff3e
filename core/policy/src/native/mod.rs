//! Native backends: shared libraries that speak `restem_policy_abi`.
//!
//! [`Backend::load`] finds and opens one, with libtorch before it where it needs that; [`NativeGenerator`] and
//! [`NativeTrainer`] put the loop's traits on top, on as many [`Devices`] as there are. Text stays on this side: prompts are encoded here, completions are
//! decoded as they grow, and stop strings are found here.

mod backend;
mod completion_text;
mod devices;
mod draw;
mod error;
mod find;
mod generator;
mod huge_pages;
mod libtorch;
mod lora;
mod model;
mod side_by_side;
mod stream;
mod trainer;
mod training;
mod work;

pub use backend::Backend;
pub use devices::{ALL_CUDA, Devices};
pub use error::NativeError;
pub use find::TORCH;
pub use generator::{CacheMemory, NativeGenerator, NativeSettings, TokenizerLoader};
pub use huge_pages::prefer_huge_pages;
pub use libtorch::LIBTORCH_VERSION;
pub use lora::check_lora;
pub use model::LoadedModel;
pub use stream::Stream;
pub use trainer::NativeTrainer;
pub use training::TrainingSession;
