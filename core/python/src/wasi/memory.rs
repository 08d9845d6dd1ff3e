//! The guest's memory as WASI's structures see it: every address is checked.

use wasmtime::Caller;

use super::errno::{Errno, FAULT, INVAL};
use crate::guest::Guest;

/// Most buffers of one read or write.
const MOST_BUFFERS: u32 = 1024;

/// The guest's memory, and its state beside it.
pub(super) struct View<'a> {
    bytes: &'a mut [u8],
}

/// A range of addresses within the memory.
pub(super) type Range = std::ops::Range<usize>;

/// Splits a caller into memory and state.
pub(super) fn view<'a>(caller: &'a mut Caller<'_, Guest>) -> Result<(View<'a>, &'a mut Guest), Errno> {
    let memory = match caller.data().memory {
        Some(memory) => memory,
        None => {
            let memory = caller
                .get_export("memory")
                .and_then(wasmtime::Extern::into_memory)
                .ok_or(FAULT)?;
            caller.data_mut().memory = Some(memory);
            memory
        }
    };
    let (bytes, guest) = memory.data_and_store_mut(caller);
    Ok((View { bytes }, guest))
}

impl View<'_> {
    pub(super) fn bytes(&self, address: u32, length: u32) -> Result<&[u8], Errno> {
        let start = address as usize;
        self.bytes.get(start..start + length as usize).ok_or(FAULT)
    }

    pub(super) fn bytes_mut(&mut self, address: u32, length: u32) -> Result<&mut [u8], Errno> {
        let start = address as usize;
        self.bytes.get_mut(start..start + length as usize).ok_or(FAULT)
    }

    pub(super) fn at(&self, range: Range) -> &[u8] {
        &self.bytes[range]
    }

    pub(super) fn at_mut(&mut self, range: Range) -> &mut [u8] {
        &mut self.bytes[range]
    }

    pub(super) fn u32(&self, address: u32) -> Result<u32, Errno> {
        let bytes = self.bytes(address, 4)?;
        Ok(u32::from_le_bytes(bytes.try_into().map_err(|_| FAULT)?))
    }

    pub(super) fn u64(&self, address: u32) -> Result<u64, Errno> {
        let bytes = self.bytes(address, 8)?;
        Ok(u64::from_le_bytes(bytes.try_into().map_err(|_| FAULT)?))
    }

    pub(super) fn set_u32(&mut self, address: u32, value: u32) -> Result<(), Errno> {
        self.bytes_mut(address, 4)?.copy_from_slice(&value.to_le_bytes());
        Ok(())
    }

    pub(super) fn set_u64(&mut self, address: u32, value: u64) -> Result<(), Errno> {
        self.bytes_mut(address, 8)?.copy_from_slice(&value.to_le_bytes());
        Ok(())
    }

    /// The buffers of a scatter or gather list, all within the memory.
    pub(super) fn buffers(&self, list: u32, count: u32) -> Result<Vec<Range>, Errno> {
        if count > MOST_BUFFERS {
            return Err(INVAL);
        }
        (0..count)
            .map(|index| {
                let entry = list.checked_add(index * 8).ok_or(FAULT)?;
                let (start, length) = (self.u32(entry)?, self.u32(entry.checked_add(4).ok_or(FAULT)?)?);
                self.bytes(start, length)?;
                Ok(start as usize..start as usize + length as usize)
            })
            .collect()
    }
}
