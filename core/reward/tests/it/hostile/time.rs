//! Guests that never end.

use super::{attack, attack_preparing, refusal};

#[test]
fn a_loop_runs_out_of_fuel() {
    insta::assert_snapshot!(attack("endless-loop"), @r"
    out_of_fuel: plugin `evil` (sha256 …) ran out of fuel on problem `train/1041`, completion 1
      limit: fuel_per_task = 5000000, used 5000000
      hint: raise `limits.fuel_per_task` of this reward if the plugin is right to need it
    ");
}

#[test]
fn filling_memory_costs_fuel_by_the_byte() {
    insta::assert_snapshot!(attack("endless-filling"), @r"
    out_of_fuel: plugin `evil` (sha256 …) ran out of fuel on problem `train/1041`, completion 1
      limit: fuel_per_task = 5000000, used 5000000
      hint: raise `limits.fuel_per_task` of this reward if the plugin is right to need it
    ");
}

#[test]
fn recursion_overflows_the_guest_stack_only() {
    insta::assert_snapshot!(attack("endless-recursion"), @r"
    limit_exceeded: plugin `evil` (sha256 …) overflowed its stack on problem `train/1041`, completion 1
      limit: wasm_stack_bytes = 65536
      hint: raise `limits.wasm_stack_bytes` of this reward, or let the plugin recurse less
    ");
}

#[test]
fn recursion_through_a_table_does_too() {
    insta::assert_snapshot!(attack("endless-mutual-recursion"), @r"
    limit_exceeded: plugin `evil` (sha256 …) overflowed its stack on problem `train/1041`, completion 1
      limit: wasm_stack_bytes = 65536
      hint: raise `limits.wasm_stack_bytes` of this reward, or let the plugin recurse less
    ");
}

#[test]
fn a_start_function_that_loops_is_stopped() {
    insta::assert_snapshot!(refusal("loop-in-start"), @r"
    plugin file `evil.wasm` (sha256 …) ran out of fuel while describing itself
      limit: fuel_per_task = 5000000, used 5000000
      hint: raise `limits.fuel_per_task` of this reward if the plugin is right to need it
    ");
}

#[test]
fn a_description_without_end_is_stopped() {
    insta::assert_snapshot!(refusal("loop-in-describe"), @r"
    plugin file `evil.wasm` (sha256 …) ran out of fuel while describing itself
      limit: fuel_per_task = 5000000, used 5000000
      hint: raise `limits.fuel_per_task` of this reward if the plugin is right to need it
    ");
}

#[test]
fn a_session_that_never_opens_is_stopped() {
    insta::assert_snapshot!(refusal("loop-in-open"), @r"
    plugin `evil` (sha256 …) ran out of fuel while opening its session
      limit: fuel_per_task = 5000000, used 5000000
      hint: raise `limits.fuel_per_task` of this reward if the plugin is right to need it
    ");
}

#[test]
fn a_problem_that_is_prepared_for_ever_faults_its_rows_and_no_other() {
    insta::assert_snapshot!(attack_preparing("loop-in-prepare"), @r"
    out_of_fuel: plugin `evil` (sha256 …) ran out of fuel while preparing problem `!bad`
      limit: fuel_per_task = 5000000, used 5000000
      hint: raise `limits.fuel_per_task` of this reward if the plugin is right to need it
    ");
}

#[test]
fn asking_for_room_costs_the_guests_fuel() {
    insta::assert_snapshot!(attack("loop-in-realloc"), @r"
    out_of_fuel: plugin `evil` (sha256 …) ran out of fuel on problem `train/1041`, completion 1
      limit: fuel_per_task = 5000000, used 5000000
      hint: raise `limits.fuel_per_task` of this reward if the plugin is right to need it
    ");
}

#[test]
fn cleaning_up_costs_the_guests_fuel() {
    insta::assert_snapshot!(attack("loop-in-post-return"), @r"
    out_of_fuel: plugin `evil` (sha256 …) ran out of fuel on problem `train/1041`, completion 1
      limit: fuel_per_task = 5000000, used 5000000
      hint: raise `limits.fuel_per_task` of this reward if the plugin is right to need it
    ");
}
