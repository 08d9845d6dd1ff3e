//! Widens what CPython believes of its C stack.
//!
//! CPython since 3.14 keeps three addresses in its thread state: the top of the C stack, and two limits below it at which
//! it raises `RecursionError` and gives up. On WASI it assumes 128 KiB, which ends recursion through `functools.lru_cache`
//! below 3,000 calls; this build has 16 MiB.

use crate::PythonError;
use crate::image::Image;

/// Top of this build's C stack, which grows down to 0.
const TOP: u32 = 16 << 20;

/// Where `RecursionError` is raised: 512 KiB above the end.
const SOFT: u32 = 512 << 10;

/// Where CPython gives up: 384 KiB above the end.
const HARD: u32 = 384 << 10;

/// Distance of CPython's own hard limit from the top.
const ASSUMED: std::ops::Range<u32> = 60_000..300_000;

/// Finds the three words, which must be unique, and sets the two limits.
pub(crate) fn widen(image: &mut Image) -> Result<(), PythonError> {
    let end = image.memory.len() as u32;
    let mut found = (0..end.saturating_sub(8)).step_by(4).filter(|at| {
        let word = |offset| image.word(at + offset).unwrap_or(0);
        let (top, soft, hard) = (word(0), word(4), word(8));
        top == TOP && soft < top && hard < soft && ASSUMED.contains(&(top - hard))
    });
    let (Some(at), None) = (found.next(), found.next()) else {
        return Err(PythonError::Module {
            what: "the limits of its C stack are not where CPython 3.15 keeps them".to_owned(),
        });
    };
    drop(found);
    image.set_word(at + 4, SOFT);
    image.set_word(at + 8, HARD);
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn image(at: &[u32]) -> Image {
        let mut image = Image {
            memory: vec![0; 1024],
            globals: BTreeMap::new(),
        };
        for at in at {
            image.set_word(*at, TOP);
            image.set_word(at + 4, TOP - 100_000);
            image.set_word(at + 8, TOP - 110_000);
        }
        image
    }

    #[test]
    fn the_limits_move_and_the_top_stays() {
        let mut image = image(&[512]);
        widen(&mut image).unwrap();
        assert_eq!(
            [512, 516, 520].map(|at| image.word(at).unwrap()),
            [TOP, SOFT, HARD]
        );
    }

    #[test]
    fn limits_that_are_absent_or_ambiguous_are_refused() {
        assert!(widen(&mut image(&[])).is_err());
        assert!(widen(&mut image(&[64, 512])).is_err());
    }
}
