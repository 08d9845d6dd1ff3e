//! Guests that want all of the machine.

use super::{DEED, attack, evil, refusal};
use crate::evil::{rewards, rows, task};

#[test]
fn memory_without_end_hits_its_limit() {
    insta::assert_snapshot!(attack("memory-without-end"), @r"
    limit_exceeded: plugin `evil` (sha256 …) hit a limit on problem `train/1041`, completion 1
      limit: memory_bytes = 4194304, used 3276800, asked for 1048576 more
      hint: raise `limits.memory_bytes` of this reward if the plugin is right to need it
    ");
}

#[test]
fn more_memory_than_allowed_is_refused_at_the_start() {
    insta::assert_snapshot!(refusal("memory-declared-huge"), @r"
    plugin file `evil.wasm` (sha256 …) hit a limit while describing itself
      limit: memory_bytes = 4194304, used 0, asked for 425984000 more
      hint: raise `limits.memory_bytes` of this reward if the plugin is right to need it
    ");
}

#[test]
fn a_table_without_end_hits_its_limit() {
    insta::assert_snapshot!(attack("table-without-end"), @r"
    limit_exceeded: plugin `evil` (sha256 …) hit a limit on problem `train/1041`, completion 1
      limit: table_elements = 1000, used 903, asked for 100 more
      hint: raise `limits.table_elements` of this reward if the plugin is right to need it
    ");
}

#[test]
fn a_larger_table_than_allowed_is_refused_at_the_start() {
    insta::assert_snapshot!(refusal("table-declared-huge"), @r"
    plugin file `evil.wasm` (sha256 …) hit a limit while describing itself
      limit: table_elements = 1000, used 2, asked for 9000000 more
      hint: raise `limits.table_elements` of this reward if the plugin is right to need it
    ");
}

#[test]
fn resources_without_end_hit_their_limit() {
    insta::assert_snapshot!(attack("handles-without-end"), @r"
    limit_exceeded: plugin `evil` (sha256 …) hit a limit on problem `train/1041`, completion 1
      limit: resource_handles = 10000, used 10000, asked for 1 more
      hint: raise `limits.resource_handles` of this reward if the plugin is right to need it
    ");
}

#[test]
fn making_and_dropping_resources_costs_fuel() {
    insta::assert_snapshot!(attack("handles-made-and-dropped"), @r"
    out_of_fuel: plugin `evil` (sha256 …) ran out of fuel on problem `train/1041`, completion 1
      limit: fuel_per_task = 5000000, used 5000000
      hint: raise `limits.fuel_per_task` of this reward if the plugin is right to need it
    ");
}

#[test]
fn core_instances_without_end_are_refused() {
    insta::assert_snapshot!(refusal("core-instances-without-end"), @"`evil.wasm` can't be compiled: The component transitively contains 100 core module instances, which exceeds the configured maximum of 64 in the pooling allocator");
}

#[test]
fn memory_just_under_the_limit_does_not_add_up() {
    let plugin = evil("memory-near-the-limit");
    // In the store of its predecessor each would be over the limit: it is run again alone.
    let rows = rows(&plugin, &task("p", &[DEED; 20]));
    assert_eq!(rewards(&rows), [Some(1.0); 20]);
}
