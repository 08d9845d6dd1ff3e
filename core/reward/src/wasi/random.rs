//! `wasi:random`: numbers that look random and are the same in every store.

use super::Wasi;
use super::serve::{LOOK_UP, Server};

/// Where every store begins.
pub(super) const SEED: u64 = 0x5eed_0f5e_ed0f_5eed;

/// Bytes that one call may ask for.
const LONGEST: u64 = 1 << 16;

impl Wasi {
    /// The next number (SplitMix64: Steele, Lea and Flood 2014).
    fn random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.random ^ (self.random >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn random_bytes(&mut self, length: u64) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length as usize + 7);
        while (bytes.len() as u64) < length {
            bytes.extend(self.random().to_le_bytes());
        }
        bytes.truncate(length as usize);
        bytes
    }
}

pub(super) fn serve(server: &mut Server<'_>) -> wasmtime::Result<()> {
    for (name, bytes, number) in [
        ("wasi:random/random", "get-random-bytes", "get-random-u64"),
        (
            "wasi:random/insecure",
            "get-insecure-random-bytes",
            "get-insecure-random-u64",
        ),
    ] {
        server.interface(name, |interface| {
            interface.answer(bytes, LOOK_UP, |caller, (length,): (u64,)| {
                if length > LONGEST {
                    return Err(crate::LimitExceeded {
                        name: "random bytes at once",
                        limit: LONGEST,
                        current: 0,
                        requested: length,
                    }
                    .into());
                }
                caller.charge(length)?;
                Ok(caller.wasi.random_bytes(length))
            })?;
            interface.answer(number, LOOK_UP, |caller, (): ()| Ok(caller.wasi.random()))
        })?;
    }
    server.interface("wasi:random/insecure-seed", |interface| {
        interface.answer("insecure-seed", LOOK_UP, |caller, (): ()| {
            Ok((caller.wasi.random(), caller.wasi.random()))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_store_draws_the_same_numbers() {
        let draw = || Wasi::new(super::super::Directories::default()).random_bytes(21);
        assert_eq!(draw(), draw());
        assert_eq!(draw().len(), 21);
        assert_ne!(draw()[..8], draw()[8..16]);
    }
}
