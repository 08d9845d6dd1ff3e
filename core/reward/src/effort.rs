//! What a file would take to compile, counted before any of it is.
//!
//! The first wall before the compiler, and the only one where that works in this process: a file of a few bytes can ask for
//! any amount of locals, and a compiler takes more than in proportion for what is long. The limits are several times what a
//! language's whole interpreter needs.

use wasmparser::{BinaryReaderError, Parser, Payload};

use crate::RewardError;

/// Functions with a body, in all modules of a component.
const FUNCTIONS: u64 = 100_000;

/// Bytes of their bodies.
const CODE_BYTES: u64 = 48 << 20;

/// Bytes of the longest body.
const FUNCTION_BYTES: u64 = 1 << 20;

/// Locals of all bodies.
const LOCALS: u64 = 4_000_000;

/// Refuses what would take too much, in bytes that have been validated.
///
/// # Errors
/// [`RewardError::TooMuchCode`] names what there is too much of.
pub(crate) fn check(plugin: &str, bytes: &[u8]) -> Result<(), RewardError> {
    let effort = Effort::of(bytes).map_err(|error| RewardError::NotAPlugin {
        plugin: plugin.to_owned(),
        what: format!("its code can't be read: {error}"),
    })?;
    for (name, limit, found) in [
        ("functions", FUNCTIONS, effort.functions),
        ("bytes of code", CODE_BYTES, effort.code_bytes),
        ("bytes of one function", FUNCTION_BYTES, effort.longest),
        ("locals", LOCALS, effort.locals),
    ] {
        if found > limit {
            return Err(RewardError::TooMuchCode {
                plugin: plugin.to_owned(),
                name,
                limit,
                found,
            });
        }
    }
    Ok(())
}

#[derive(Debug, Default)]
struct Effort {
    functions: u64,
    code_bytes: u64,
    longest: u64,
    locals: u64,
}

impl Effort {
    fn of(bytes: &[u8]) -> Result<Self, BinaryReaderError> {
        let mut effort = Self::default();
        // Modules within a component are parsed along with it.
        for payload in Parser::new(0).parse_all(bytes) {
            let Payload::CodeSectionEntry(body) = payload? else {
                continue;
            };
            let range = body.range();
            let length = range.end - range.start;
            effort.functions += 1;
            effort.code_bytes += length;
            effort.longest = effort.longest.max(length);
            for locals in body.get_locals_reader()? {
                effort.locals += u64::from(locals?.0);
            }
        }
        Ok(effort)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_counted_in_nested_modules() {
        let text = "(component (core module (func (local i32 i64)) (func)) (core module (func (local i32) (drop (i32.const 7)))))";
        let effort = Effort::of(&wat::parse_str(text).unwrap()).unwrap();
        assert_eq!((effort.functions, effort.locals), (3, 3));
        assert!(
            effort.longest >= 5 && effort.code_bytes > effort.longest,
            "{effort:?}"
        );
    }

    /// Ten bytes for each function of 49,000 locals.
    #[test]
    fn locals_without_number_are_refused_however_few_bytes_they_take() {
        let functions: u8 = 100;
        let mut bytes = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0".to_vec();
        bytes.extend([3, functions + 1, functions]);
        bytes.extend(vec![0; usize::from(functions)]);
        let body = [6, 1, 0xe8, 0xfe, 2, 0x7e, 0x0b];
        bytes.extend([10, 0xbd, 5, functions]);
        bytes.extend(body.repeat(usize::from(functions)));
        wasmparser::validate(&bytes).unwrap();
        insta::assert_snapshot!(check("p.wasm", &bytes).unwrap_err(), @r"
        `p.wasm` is not compiled: that could take all of this machine's time or memory
          limit: locals = 4000000, it has 4900000
          hint: no toolchain writes such code from a reward function; ask the plugin's author
        ");
    }
}
