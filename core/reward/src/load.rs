//! From the bytes of a file to a validated component.

use std::borrow::Cow;
use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use wasmparser::{Parser, Validator, WasmFeatures};
use wasmtime::Engine;
use wasmtime::component::Component;
use wit_component::ComponentEncoder;

use crate::{PluginOptions, RewardError, cache, effort};

/// The bytes of a file that has at most `limit` of them.
///
/// # Errors
/// [`RewardError::Read`], [`RewardError::TooLarge`].
pub(crate) fn read(path: &Path, limit: u64) -> Result<Vec<u8>, RewardError> {
    let fail = |source| RewardError::Read {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(fail)?;
    check_size(
        &path.to_string_lossy(),
        file.metadata().map_err(fail)?.len(),
        limit,
    )?;
    let mut bytes = Vec::new();
    // A file that grows while it is read, or that does not tell its size, ends there.
    file.take(limit + 1).read_to_end(&mut bytes).map_err(fail)?;
    Ok(bytes)
}

/// Refuses what is larger than a plugin may be.
fn check_size(plugin: &str, bytes: u64, limit: u64) -> Result<(), RewardError> {
    if bytes <= limit {
        return Ok(());
    }
    Err(RewardError::TooLarge {
        plugin: plugin.to_owned(),
        bytes,
        limit,
    })
}

/// The component in `bytes`, looked at from every side, and its code.
pub(crate) fn compiled<'a>(
    plugin: &str,
    bytes: &'a [u8],
    engine: &Engine,
    options: &PluginOptions,
) -> Result<(Cow<'a, [u8]>, Component), RewardError> {
    check_size(plugin, bytes.len() as u64, options.limits.component_bytes)?;
    let component = component(plugin, bytes)?;
    effort::check(plugin, &component)?;
    let code = cache::compile(plugin, engine, &component, options)?;
    Ok((component, code))
}

/// The component in `bytes`: as it is, or encoded from a core module that carries a component-type section, which is
/// what `cargo build --target wasm32-unknown-unknown` leaves.
///
/// The whole file is validated before any of it is trusted.
fn component<'a>(plugin: &str, bytes: &'a [u8]) -> Result<Cow<'a, [u8]>, RewardError> {
    let refuse = |what: String| RewardError::NotAPlugin {
        plugin: plugin.to_owned(),
        what,
    };
    if bytes.starts_with(b"\x7fELF") {
        return Err(refuse(
            "it is precompiled native code, which restem only loads from a cache it wrote itself; give the `.wasm` file".to_owned(),
        ));
    }
    if !bytes.starts_with(b"\0asm") {
        return Err(refuse(
            "it is not WebAssembly (the first four bytes are not `\\0asm`)".to_owned(),
        ));
    }
    let features = WasmFeatures::default() - WasmFeatures::THREADS - WasmFeatures::RELAXED_SIMD;
    Validator::new_with_features(features)
        .validate_all(bytes)
        .map_err(|error| {
            refuse(format!(
                "the file is damaged or uses what restem does not allow: {error}"
            ))
        })?;
    if Parser::is_component(bytes) {
        return Ok(Cow::Borrowed(bytes));
    }
    let encoded = ComponentEncoder::default()
        .validate(true)
        .module(bytes)
        .and_then(|encoder| encoder.encode());
    encoded.map(Cow::Owned).map_err(|error| {
        refuse(format!(
            "the core module can't be made a component: {error:#}. Was it built with `restem_sdk::export!`?"
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(bytes: &[u8]) -> String {
        component("p.wasm", bytes).unwrap_err().to_string()
    }

    #[test]
    fn other_files_are_refused() {
        insta::assert_snapshot!(error(b""), @r"`p.wasm` is no reward plugin: it is not WebAssembly (the first four bytes are not `\0asm`)");
        insta::assert_snapshot!(error(b"\x7fELF\x02"), @"`p.wasm` is no reward plugin: it is precompiled native code, which restem only loads from a cache it wrote itself; give the `.wasm` file");
    }

    #[test]
    fn every_truncation_is_refused_without_a_panic() {
        let whole =
            wat::parse_str("(component (core module (func (export \"f\") (result i32) i32.const 7)))")
                .unwrap();
        assert!(component("p.wasm", &whole).is_ok());
        // The first eight bytes alone are an empty component, which is valid (and exports no scorer).
        for length in (0..whole.len()).filter(|&length| length != 8) {
            assert!(component("p.wasm", &whole[..length]).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn a_file_above_the_limit_is_not_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        file.as_file().set_len(1 << 40).unwrap();
        let error = read(file.path(), 1 << 20).unwrap_err().to_string();
        insta::assert_snapshot!(error.replace(file.path().to_str().unwrap(), "p.wasm"), @r"
        `p.wasm` is too large
          limit: component_bytes = 1048576, the file has 1099511627776
          hint: raise `limits.component_bytes` of this reward if the plugin is right to be that large
        ");
        file.as_file().set_len(10).unwrap();
        assert_eq!(read(file.path(), 10).unwrap(), [0; 10]);
    }

    /// A component within a component, and so on: the binary says it in a few bytes each.
    #[test]
    fn components_nested_without_end_are_refused_without_a_stack_overflow() {
        let mut bytes = b"\0asm\x0d\0\x01\0".to_vec();
        for _ in 0..5_000 {
            let (inner, mut length) = (bytes, Vec::new());
            leb128(inner.len(), &mut length);
            bytes = [b"\0asm\x0d\0\x01\0\x04", &length[..], &inner].concat();
        }
        insta::assert_snapshot!(error(&bytes), @"`p.wasm` is no reward plugin: the file is damaged or uses what restem does not allow: modules and components count exceeds limit of 1000 (at offset 0x2ee0)");
    }

    fn leb128(mut value: usize, to: &mut Vec<u8>) {
        loop {
            let more = value > 0x7f;
            to.push((value & 0x7f) as u8 | if more { 0x80 } else { 0 });
            value >>= 7;
            if !more {
                return;
            }
        }
    }

    #[test]
    fn shared_memory_is_refused() {
        let bytes = wat::parse_str("(module (memory 1 1 shared))").unwrap();
        assert!(
            error(&bytes).contains("threads must be enabled"),
            "{}",
            error(&bytes)
        );
    }

    proptest::proptest! {
        #[test]
        fn noise_never_panics(tail in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let mut bytes = b"\0asm\x0d\0\x01\0".to_vec();
            bytes.extend(tail);
            let _ = component("p.wasm", &bytes);
        }
    }
}
