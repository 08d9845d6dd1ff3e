//! A live interpreter's memory and globals.

use std::collections::BTreeMap;

/// Zeros in a row that are worth a segment of their own: a page of the machine.
const GAP: usize = 4096;

/// Grain at which zeros are looked for.
const BLOCK: usize = 64;

/// Bytes of a WebAssembly page.
const PAGE: usize = 64 << 10;

/// Value of a mutable global; floats as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GlobalValue {
    I32(i32),
    I64(i64),
    F32(u32),
    F64(u64),
}

/// Memory and globals of an instance, captured between two of its instructions.
#[derive(Debug)]
pub(crate) struct Image {
    pub(crate) memory: Vec<u8>,
    pub(crate) globals: BTreeMap<u32, GlobalValue>,
}

impl Image {
    pub(crate) fn global(&self, index: u32) -> Option<GlobalValue> {
        self.globals.get(&index).copied()
    }

    /// Size of the memory in WebAssembly pages.
    pub(crate) fn pages(&self) -> u64 {
        (self.memory.len() / PAGE) as u64
    }

    /// The parts that are not zero, with their addresses; zeros shorter than a page are part of them.
    pub(crate) fn segments(&self) -> impl Iterator<Item = (u32, &[u8])> {
        let mut ranges: Vec<(usize, usize)> = Vec::new();
        for (number, block) in self.memory.chunks(BLOCK).enumerate() {
            if block.iter().any(|byte| *byte != 0) {
                let start = number * BLOCK;
                let end = start + block.len();
                match ranges.last_mut() {
                    Some(last) if start - last.1 < GAP => last.1 = end,
                    _ => ranges.push((start, end)),
                }
            }
        }
        ranges
            .into_iter()
            .map(|(start, end)| (start as u32, &self.memory[start..end]))
    }

    /// The word at `address`, or `None` beyond the end.
    pub(crate) fn word(&self, address: u32) -> Option<u32> {
        let start = address as usize;
        let bytes = self.memory.get(start..start.checked_add(4)?)?;
        Some(u32::from_le_bytes(bytes.try_into().ok()?))
    }

    /// Writes the word at `address`, which must exist.
    pub(crate) fn set_word(&mut self, address: u32, value: u32) {
        let start = address as usize;
        self.memory[start..start + 4].copy_from_slice(&value.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(memory: Vec<u8>) -> Image {
        Image {
            memory,
            globals: BTreeMap::new(),
        }
    }

    #[test]
    fn segments_leave_out_long_runs_of_zeros_only() {
        let mut memory = vec![0; PAGE];
        memory[100] = 1;
        memory[2000] = 2;
        memory[40_000] = 3;
        let image = image(memory);
        let segments: Vec<_> = image.segments().map(|(at, bytes)| (at, bytes.len())).collect();
        assert_eq!(segments, [(64, 1984), (40_000, 64)]);
        assert_eq!(image.pages(), 1);
    }

    #[test]
    fn a_word_beyond_the_end_is_none() {
        let image = image(vec![1, 0, 0, 0, 9]);
        assert_eq!(image.word(0), Some(1));
        assert_eq!(image.word(2), None);
        assert_eq!(image.word(u32::MAX), None);
    }

    proptest::proptest! {
        #[test]
        fn segments_restore_the_memory(writes in proptest::collection::vec((0usize..PAGE, 1u8..), 0..40)) {
            let mut memory = vec![0; PAGE];
            for (at, byte) in writes {
                memory[at] = byte;
            }
            let image = image(memory);
            let mut restored = vec![0; PAGE];
            for (at, bytes) in image.segments() {
                restored[at as usize..at as usize + bytes.len()].copy_from_slice(bytes);
            }
            proptest::prop_assert_eq!(restored, image.memory);
        }
    }
}
