//! What the host remembers about one store: what the guest reads, wrote, and used.

use std::fs::File;
use std::sync::Arc;

use wasmtime::{Memory, ResourceLimiter};

use crate::RunLimits;
use crate::check::Peer;
use crate::wasi::{Capped, Channel, Handles, Stdin};

/// State of one store.
pub(crate) struct Guest {
    /// The instance's memory, once there is one.
    pub(crate) memory: Option<Memory>,
    pub(crate) stdin: Stdin,
    pub(crate) stdout: Capped,
    pub(crate) stderr: Capped,
    pub(crate) channel: Channel,
    /// Command line, for the interpreter's own start only.
    pub(crate) arguments: Vec<Vec<u8>>,
    /// The zipped standard library, the only file there is.
    pub(crate) library: Option<Library>,
    pub(crate) handles: Handles,
    /// Nanoseconds that the guest slept or spent looking at the clock.
    pub(crate) clock_skew: u64,
    pub(crate) random: u64,
    /// Fuel the store began with.
    pub(crate) fuel: u64,
    pub(crate) memory_use: MemoryUse,
    /// The candidate's instance, in the store of a check's tests.
    pub(crate) peer: Option<Box<Peer>>,
}

/// A file of the cache that is read where it lies, so that its 54 MB are the kernel's and shared by all workers.
#[derive(Clone)]
pub(crate) struct Library {
    pub(crate) file: Arc<File>,
    pub(crate) size: u64,
}

/// Bytes of memory: in use, most ever, and allowed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct MemoryUse {
    pub(crate) now: u64,
    pub(crate) peak: u64,
    pub(crate) limit: u64,
    /// Whether the guest ever asked for more than the limit.
    pub(crate) refused: bool,
}

/// Seed of what the guest takes for entropy.
const RANDOM_SEED: u64 = 0x9E37_79B9_7F4A_7C15;

impl Guest {
    pub(crate) fn new(limits: &RunLimits, library: Option<Library>) -> Self {
        Self {
            memory: None,
            stdin: Stdin::default(),
            stdout: Capped::new(limits.output_bytes),
            stderr: Capped::new(limits.output_bytes),
            channel: Channel::new(limits.output_bytes),
            arguments: Vec::new(),
            library,
            handles: Handles::default(),
            clock_skew: 0,
            random: RANDOM_SEED,
            fuel: limits.fuel,
            memory_use: MemoryUse {
                now: 0,
                peak: 0,
                limit: limits.memory_bytes,
                refused: false,
            },
            peer: None,
        }
    }

    /// The next 64 bits of a xorshift generator.
    pub(crate) fn next_random(&mut self) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random
    }
}

impl ResourceLimiter for Guest {
    // A refusal and not an error: Python then raises `MemoryError`, as it does elsewhere.
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let memory = &mut self.memory_use;
        let now = memory.now.saturating_add(desired.saturating_sub(current) as u64);
        if now > memory.limit {
            memory.refused = true;
            return Ok(false);
        }
        memory.now = now;
        memory.peak = memory.peak.max(now);
        Ok(true)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        _desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        Ok(true)
    }
}
