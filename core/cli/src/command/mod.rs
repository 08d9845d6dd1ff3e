//! One file per subcommand.

mod config;
mod eval;
mod generate;
mod math;
mod model;
mod plan;
mod plugin;
mod plugin_build;
mod plugin_new;
mod python;
mod python_cache;
mod replay;
mod report;
mod run;
mod score;
mod train;

pub(crate) use config::config;
pub(crate) use eval::eval;
pub(crate) use generate::generate;
pub(crate) use math::math;
pub(crate) use model::model;
pub(crate) use plugin::plugin;
pub(crate) use plugin_build::PluginBuildArgs;
pub(crate) use plugin_new::PluginNewArgs;
pub(crate) use python::python;
pub(crate) use replay::replay;
pub(crate) use report::report;
pub(crate) use run::run;
pub(crate) use score::score;
pub(crate) use train::train;
