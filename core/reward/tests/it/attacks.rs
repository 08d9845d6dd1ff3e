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
    insta::assert_snapshot!(attack("l"), @"");
}

#[test]
fn memory_without_end_hits_its_limit() {
    insta::assert_snapshot!(attack("m"), @"");
}

#[test]
fn a_table_without_end_hits_its_limit() {
    insta::assert_snapshot!(attack("e"), @"");
}

#[test]
fn recursion_overflows_the_guest_stack_only() {
    insta::assert_snapshot!(attack("r"), @"");
}

#[test]
fn a_trap_is_named() {
    insta::assert_snapshot!(attack("t"), @"");
}

#[test]
fn a_panic_is_shown_with_its_place_and_without_its_escape_sequences() {
    insta::assert_snapshot!(attack("p"), @"");
}

#[test]
fn a_reward_of_nan_is_no_verdict() {
    insta::assert_snapshot!(attack("n"), @"");
}

#[test]
fn an_infinite_reward_is_no_verdict() {
    insta::assert_snapshot!(attack("i"), @"");
}

#[test]
fn a_reward_out_of_range_is_no_verdict() {
    insta::assert_snapshot!(attack("2"), @"");
}

#[test]
fn a_binary_plugin_gives_no_partial_credit() {
    insta::assert_snapshot!(attack("h"), @"");
}

#[test]
fn a_part_of_nan_is_no_verdict() {
    insta::assert_snapshot!(attack("q"), @"");
}

#[test]
fn a_flood_of_logs_hits_its_limit() {
    insta::assert_snapshot!(attack("g"), @"");
}

#[test]
fn a_giant_note_hits_the_limit_on_results() {
    insta::assert_snapshot!(attack("G"), @"");
}

#[test]
fn a_note_beyond_the_memory_is_no_verdict() {
    insta::assert_snapshot!(attack("H"), @"");
}

#[test]
fn a_note_that_is_no_text_is_no_verdict() {
    insta::assert_snapshot!(attack("u"), @"");
}

#[test]
fn a_fault_that_the_plugin_reports_is_passed_on() {
    insta::assert_snapshot!(attack("f"), @"");
}

#[test]
fn a_problem_that_traps_while_prepared_faults_all_its_rows_and_no_other() {
    let plugin = plugin(&options());
    let bad = rows(&plugin, &task("!bad", &["o", "z"]));
    assert_eq!(rewards(&bad), [None, None]);
    insta::assert_snapshot!(fault(&bad[1]), @"");
    assert_eq!(rewards(&rows(&plugin, &task("good", &["o"]))), [Some(1.0)]);
}

#[test]
fn a_malformed_problem_is_the_problems_fault() {
    let plugin = plugin(&options());
    insta::assert_snapshot!(fault(&rows(&plugin, &task("?bad", &["o"]))[0]), @"");
}
