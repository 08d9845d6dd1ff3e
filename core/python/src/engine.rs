//! The wasmtime engine: fuel and no epochs, deterministic, a stack of its own for each run.

use std::sync::Arc;

use wasmtime::{
    CacheStore, Config, Enabled, Engine, InstanceAllocationStrategy, OptLevel, PoolingAllocationConfig,
};

use crate::PythonError;
use crate::page_map::PageMap;

/// Stores that may live at once in one engine. A run takes one, a check two.
pub(crate) const STORES: u32 = 4;

/// Instances that live at once: those of the stores, and one that is never entered.
const INSTANCES: u32 = STORES + 1;

/// Native stack that wasm may use. Reserved for each store, committed as it is touched.
const WASM_STACK: usize = 192 << 20;

/// What the host's own functions have above that.
const HOST_STACK: usize = 2 << 20;

/// Bytes of a slot's memory that are reset in place instead of given back to the kernel. With `pagemap_scan` only what a
/// run wrote is touched.
const KEEP_RESIDENT: usize = 64 << 20;

/// The interpreter's memory image is mapped copy-on-write up to this size.
const DENSE_IMAGE: u64 = 256 << 20;

/// Elements of the interpreter's function table, with room: it has about 50,000.
const TABLE_ELEMENTS: usize = 200_000;

/// Bytes of the interpreter's instance data, mostly its function references.
const INSTANCE_BYTES: usize = 16 << 20;

/// An engine to run in.
///
/// Instances come from a pool, which halves the price of entering one; where the address space for it can't be had
/// (about 50 GB, reserved and not used) they are allocated one by one. Memories of a pool are worth settling by the page map.
pub(crate) fn for_runs() -> Result<(Engine, Option<PageMap>), PythonError> {
    let mut pooled = config();
    pooled.allocation_strategy(InstanceAllocationStrategy::Pooling(pool()));
    if let Ok(engine) = Engine::new(&pooled) {
        return Ok((engine, PageMap::open()));
    }
    Engine::new(&config())
        .map(|engine| (engine, None))
        .map_err(engine_error)
}

/// An engine to compile with; its code fits the engines of [`for_runs`].
pub(crate) fn for_compiling(functions: Option<Arc<dyn CacheStore>>) -> Result<Engine, PythonError> {
    let mut config = config();
    if let Some(functions) = functions {
        config
            .enable_incremental_compilation(functions)
            .map_err(engine_error)?;
    }
    Engine::new(&config).map_err(engine_error)
}

fn config() -> Config {
    let mut config = Config::new();
    config
        .consume_fuel(true)
        .cranelift_nan_canonicalization(true)
        .cranelift_opt_level(OptLevel::Speed)
        .wasm_relaxed_simd(false)
        .memory_init_cow(true)
        .memory_guaranteed_dense_image_size(DENSE_IMAGE)
        .max_wasm_stack(WASM_STACK)
        .async_stack_size(WASM_STACK + HOST_STACK)
        // Both cost a tenth of the code's size and are of use to nobody: the guest has no names.
        .generate_address_map(false)
        .wasm_backtrace_max_frames(None);
    config
}

fn pool() -> PoolingAllocationConfig {
    let mut pool = PoolingAllocationConfig::default();
    pool.total_core_instances(INSTANCES)
        .total_component_instances(1)
        // A store has the interpreter's memory and the collector's heap.
        .total_memories(INSTANCES * 2)
        .total_gc_heaps(INSTANCES)
        .total_tables(INSTANCES)
        .total_stacks(STORES)
        .max_memories_per_module(1)
        .max_tables_per_module(1)
        .table_elements(TABLE_ELEMENTS)
        .max_core_instance_size(INSTANCE_BYTES)
        .max_memory_size(4 << 30)
        .max_unused_warm_slots(INSTANCES)
        .linear_memory_keep_resident(KEEP_RESIDENT)
        .table_keep_resident(1 << 20)
        .pagemap_scan(Enabled::Auto);
    pool
}

fn engine_error(error: wasmtime::Error) -> PythonError {
    PythonError::Engine {
        what: format!("{error:#}"),
    }
}
