//! What a guest may try, what its user reads then, and that its neighbours are scored all the same.

use crate::evil::{fault, options, plugin, rewards, rows, task};

/// The fault of one deed, between two rows that must be scored.
fn attack(deed: &str) -> String {
    let plugin = plugin(&options());
    let rows = rows(&plugin, &task("train/1041", &["o", deed, "z"]));
    assert_eq!(rewards(&rows), [Some(1.0), None, Some(0.0)]);
    fault(&rows[1])
}

#[test]
fn a_loop_runs_out_of_fuel() {
    insta::assert_snapshot!(attack("l"), @r"
    out_of_fuel: plugin `evil` (sha256 …) ran out of fuel on problem `train/1041`, completion 1
      limit: fuel_per_task = 5000000, used 5000000
      hint: raise `limits.fuel_per_task` of this reward if the plugin is right to need it
    ");
}

#[test]
fn memory_without_end_hits_its_limit() {
    insta::assert_snapshot!(attack("m"), @r"
    limit_exceeded: plugin `evil` (sha256 …) hit a limit on problem `train/1041`, completion 1
      limit: memory_bytes = 4194304, used 3276800, asked for 1048576 more
      hint: raise `limits.memory_bytes` of this reward if the plugin is right to need it
    ");
}

#[test]
fn a_table_without_end_hits_its_limit() {
    insta::assert_snapshot!(attack("e"), @r"
    limit_exceeded: plugin `evil` (sha256 …) hit a limit on problem `train/1041`, completion 1
      limit: table_elements = 1000, used 903, asked for 100 more
      hint: raise `limits.table_elements` of this reward if the plugin is right to need it
    ");
}

#[test]
fn recursion_overflows_the_guest_stack_only() {
    insta::assert_snapshot!(attack("r"), @r"
    limit_exceeded: plugin `evil` (sha256 …) overflowed its stack on problem `train/1041`, completion 1
      limit: wasm_stack_bytes = 65536
      hint: raise `limits.wasm_stack_bytes` of this reward, or let the plugin recurse less
    ");
}

#[test]
fn a_trap_is_named() {
    insta::assert_snapshot!(attack("t"), @r"
    trap: plugin `evil` (sha256 …) trapped on problem `train/1041`, completion 1: wasm `unreachable` instruction executed
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_panic_is_shown_with_its_place_and_without_its_escape_sequences() {
    insta::assert_snapshot!(attack("p"), @r"
    trap: plugin `evil` (sha256 …) panicked on problem `train/1041`, completion 1: index out of bounds: the len is 0 but the index is 7\u{1b}[31m
      where: src/evil.rs:42
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_reward_of_nan_is_no_verdict() {
    insta::assert_snapshot!(attack("n"), @r"
    invalid_result: plugin `evil` (sha256 …) gave no verdict on problem `train/1041`, completion 1 but a reward of NaN, which is not within 0 and 1
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn an_infinite_reward_is_no_verdict() {
    insta::assert_snapshot!(attack("i"), @r"
    invalid_result: plugin `evil` (sha256 …) gave no verdict on problem `train/1041`, completion 1 but a reward of inf, which is not within 0 and 1
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_reward_out_of_range_is_no_verdict() {
    insta::assert_snapshot!(attack("2"), @r"
    invalid_result: plugin `evil` (sha256 …) gave no verdict on problem `train/1041`, completion 1 but a reward of 2, which is not within 0 and 1
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_binary_plugin_gives_no_partial_credit() {
    insta::assert_snapshot!(attack("h"), @r"
    invalid_result: plugin `evil` (sha256 …) gave no verdict on problem `train/1041`, completion 1 but a reward of 0.5, which is neither 0 nor 1 though its kind is binary
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_part_of_nan_is_no_verdict() {
    insta::assert_snapshot!(attack("q"), @r"
    invalid_result: plugin `evil` (sha256 …) gave no verdict on problem `train/1041`, completion 1 but a part `evil` of NaN, which is no number
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_flood_of_logs_hits_its_limit() {
    insta::assert_snapshot!(attack("g"), @r"
    limit_exceeded: plugin `evil` (sha256 …) hit a limit on problem `train/1041`, completion 1
      limit: log_bytes = 20000, used 16384, asked for 4096 more
      hint: raise `limits.log_bytes` of this reward if the plugin is right to need it
    ");
}

#[test]
fn a_giant_note_hits_the_limit_on_results() {
    insta::assert_snapshot!(attack("G"), @r"
    limit_exceeded: plugin `evil` (sha256 …) hit a limit on problem `train/1041`, completion 1
      limit: result_bytes = 307200, used 0, asked for 1048576 more
      hint: raise `limits.result_bytes` of this reward if the plugin is right to need it
    ");
}

#[test]
fn a_note_too_large_to_be_read_at_all_hits_the_same_limit() {
    insta::assert_snapshot!(attack("J"), @r"
    limit_exceeded: plugin `evil` (sha256 …) hit a limit on problem `train/1041`, completion 1
      limit: result_bytes = 307200, used 0, asked for 1228801 more
      hint: raise `limits.result_bytes` of this reward if the plugin is right to need it
    ");
}

#[test]
fn a_note_beyond_the_memory_is_no_verdict() {
    insta::assert_snapshot!(attack("H"), @r"
    invalid_result: plugin `evil` (sha256 …) gave no verdict on problem `train/1041`, completion 1 but bytes that can't be read (string pointer/length out of bounds of memory)
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_note_that_is_no_text_is_no_verdict() {
    insta::assert_snapshot!(attack("u"), @r"
    invalid_result: plugin `evil` (sha256 …) gave no verdict on problem `train/1041`, completion 1 but bytes that can't be read (invalid utf-8 sequence of 1 bytes from index 1)
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_fault_that_the_plugin_reports_is_passed_on() {
    insta::assert_snapshot!(attack("f"), @"invalid_result: plugin `evil` (sha256 …) on problem `train/1041`, completion 1: I can't decide");
}

#[test]
fn a_problem_that_traps_while_prepared_faults_all_its_rows_and_no_other() {
    let plugin = plugin(&options());
    let bad = rows(&plugin, &task("!bad", &["o", "z"]));
    assert_eq!(rewards(&bad), [None, None]);
    insta::assert_snapshot!(fault(&bad[1]), @r"
    trap: plugin `evil` (sha256 …) trapped while preparing problem `!bad`: wasm `unreachable` instruction executed
      hint: this is a bug of the plugin: report it to its author
    ");
    assert_eq!(rewards(&rows(&plugin, &task("good", &["o"]))), [Some(1.0)]);
}

#[test]
fn a_malformed_problem_is_the_problems_fault() {
    let plugin = plugin(&options());
    insta::assert_snapshot!(fault(&rows(&plugin, &task("?bad", &["o"]))[0]), @"malformed_problem: plugin `evil` (sha256 …) while preparing problem `?bad`: the reference is no number");
}
