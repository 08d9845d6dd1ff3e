//! What a component asks of its host and offers to it, read from its type before anything runs.

use wasmtime::Engine;
use wasmtime::component::Component;

use crate::RewardError;
use crate::api::{self, ApiVersion};

/// The interface that a plugin exports, without its version.
const SCORER: &str = "restem:reward/scorer";

/// The imports of `component`, in order. All of them are offered by the host.
///
/// # Errors
/// [`RewardError::UnknownImports`] with every import that is not offered.
pub(crate) fn imports(
    plugin: &str,
    engine: &Engine,
    component: &Component,
) -> Result<Vec<String>, RewardError> {
    let ty = component.component_type();
    let imports: Vec<_> = ty.imports(engine).map(|(name, _)| name.to_owned()).collect();
    let unknown: Vec<_> = imports
        .iter()
        .filter(|name| !api::is_offered(name))
        .cloned()
        .collect();
    if unknown.is_empty() {
        Ok(imports)
    } else {
        Err(RewardError::UnknownImports {
            plugin: plugin.to_owned(),
            imports: unknown,
            offered: api::OFFERED,
        })
    }
}

/// The API version that `component` was built for, read from the name of its export.
///
/// # Errors
/// [`RewardError::NotAPlugin`] when it exports no scorer, [`RewardError::UnsupportedApi`] when it exports another one.
pub(crate) fn api_version(
    plugin: &str,
    engine: &Engine,
    component: &Component,
) -> Result<ApiVersion, RewardError> {
    let ty = component.component_type();
    let exports: Vec<_> = ty.exports(engine).map(|(name, _)| name.to_owned()).collect();
    let scorer = exports
        .iter()
        .find_map(|name| Some((name, name.strip_prefix(SCORER)?.strip_prefix('@')?)));
    let Some((name, version)) = scorer else {
        return Err(RewardError::NotAPlugin {
            plugin: plugin.to_owned(),
            what: format!("it exports no `{SCORER}`. Was it built with `restem_sdk::export!`?"),
        });
    };
    ApiVersion::serving(version).ok_or_else(|| RewardError::UnsupportedApi {
        plugin: plugin.to_owned(),
        found: format!("`{name}`"),
        supported: ApiVersion::ALL
            .map(|api| format!("`{SCORER}@{}`", api.name()))
            .join(", "),
    })
}
