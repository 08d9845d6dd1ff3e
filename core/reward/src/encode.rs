//! From what a compiler leaves to a plugin's file.

use std::collections::BTreeSet;

use crate::{Capability, PluginOptions, RewardError, engine::engine, inspect, load};

/// A plugin's component, and what it asks of its host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoded {
    /// The component.
    pub bytes: Vec<u8>,
    /// Version of `restem:reward` that it was built for.
    pub api: String,
    /// What it imports, in order.
    pub imports: Vec<String>,
    /// The capabilities that those need.
    pub capabilities: BTreeSet<Capability>,
}

/// The component in `bytes`, which are one already, or a core module with a component-type section: what `cargo build
/// --target wasm32-unknown-unknown` leaves. Nothing of it is run.
///
/// `plugin` names the bytes in errors. Of `options`, the limits, the compiler and the cache count: compiled code is kept there
/// for whoever runs it next.
///
/// # Errors
/// [`RewardError`] when the bytes are damaged, export no scorer of a version that this host speaks, or import what it does
/// not offer.
pub fn component_of(plugin: &str, bytes: &[u8], options: &PluginOptions) -> Result<Encoded, RewardError> {
    let engine = engine(&options.limits)?;
    let (component, compiled) = load::compiled(plugin, bytes, &engine, options)?;
    let api = inspect::api_version(plugin, &engine, &compiled)?;
    let imports = inspect::imports(plugin, &engine, &compiled)?;
    let capabilities = imports
        .iter()
        .filter_map(|import| Capability::of_import(import))
        .collect();
    Ok(Encoded {
        bytes: component.into_owned(),
        api: api.name().to_owned(),
        imports,
        capabilities,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_that_exports_no_reward_is_refused() {
        let module = wat::parse_str("(module (func (export \"f\")))").unwrap();
        let error = component_of("mine.wasm", &module, &PluginOptions::default())
            .unwrap_err()
            .to_string();
        insta::assert_snapshot!(error, @"`mine.wasm` is no reward plugin: it exports no `restem:reward/scorer`. Was it built with `restem_sdk::export!`?");
    }
}
