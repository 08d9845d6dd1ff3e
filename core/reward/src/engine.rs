//! The wasmtime engine: deterministic, metered, and with nothing that a plugin could use to see the machine.

use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::{Limits, RewardError};

/// Stores that may live at once: one in use, one being replaced, and room to spare.
const STORES: u32 = 4;

/// Core instances of one component. A plugin of `wit-component` has three, one of componentize-py 14, with its WASI stubbed out 38.
/// The pool only counts them.
const PARTS: u32 = 64;

/// Elements that a table's slot has room for: the largest `table_elements` that there can be.
const MOST_TABLE_ELEMENTS: usize = 10_000_000;

/// Bytes of a slot that are zeroed by hand instead of given back to the kernel.
const KEEP_RESIDENT: usize = 256 << 10;

/// An engine for these limits.
///
/// Instances come from a pool, which is twice as fast to enter; where the address space for it can't be had they are
/// allocated one by one.
pub(crate) fn engine(limits: &Limits) -> Result<Engine, RewardError> {
    limits.check()?;
    let mut pooled = config(limits);
    pooled.allocation_strategy(InstanceAllocationStrategy::Pooling(pool()));
    Engine::new(&pooled)
        .or_else(|_| Engine::new(&config(limits)))
        .map_err(|error| RewardError::Engine {
            what: format!("{error:#}"),
        })
}

fn config(limits: &Limits) -> Config {
    let mut config = Config::new();
    config
        .consume_fuel(true)
        .epoch_interruption(true)
        .cranelift_nan_canonicalization(true)
        .wasm_relaxed_simd(false)
        .wasm_component_model(true)
        .concurrency_support(false)
        .max_wasm_stack(limits.wasm_stack_bytes as usize);
    config
}

fn pool() -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::default();
    pool.total_component_instances(STORES)
        .total_core_instances(STORES * PARTS)
        .total_memories(STORES)
        .total_tables(STORES * 4)
        // Slots reserve this much address space in any case; the limits are kept by `GuestState`, which can name them.
        .max_memory_size(4 << 30)
        .table_elements(MOST_TABLE_ELEMENTS)
        .max_memories_per_component(1)
        .max_tables_per_component(4)
        .max_core_instances_per_component(PARTS)
        .linear_memory_keep_resident(KEEP_RESIDENT)
        .table_keep_resident(KEEP_RESIDENT)
        .pagemap_scan(Enabled::Auto);
    pool
}
