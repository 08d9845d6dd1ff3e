//! Guests that end in the middle.

use super::{attack, attack_preparing, refusal};

#[test]
fn a_trap_is_named() {
    insta::assert_snapshot!(attack("trap-in-score"), @r"
    trap: plugin `evil` (sha256 …) trapped on problem `train/1041`, completion 1: wasm `unreachable` instruction executed
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_trap_in_the_description_refuses_the_plugin() {
    insta::assert_snapshot!(refusal("trap-in-describe"), @r"
    plugin file `evil.wasm` (sha256 …) trapped while describing itself: wasm `unreachable` instruction executed
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_trap_in_opening_the_session_refuses_the_plugin() {
    insta::assert_snapshot!(refusal("trap-in-open"), @r"
    plugin `evil` (sha256 …) trapped while opening its session: wasm `unreachable` instruction executed
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_problem_that_traps_while_prepared_faults_all_its_rows_and_no_other() {
    insta::assert_snapshot!(attack_preparing("trap-in-prepare"), @r"
    trap: plugin `evil` (sha256 …) trapped while preparing problem `!bad`: wasm `unreachable` instruction executed
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_trap_while_the_host_asks_for_room_is_named() {
    insta::assert_snapshot!(attack("trap-in-realloc"), @r"
    trap: plugin `evil` (sha256 …) trapped on problem `train/1041`, completion 1: wasm `unreachable` instruction executed
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_trap_after_the_answer_leaves_no_answer() {
    insta::assert_snapshot!(attack("trap-in-post-return"), @r"
    trap: plugin `evil` (sha256 …) trapped on problem `train/1041`, completion 1: wasm `unreachable` instruction executed
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn half_an_answer_is_none_and_the_last_log_lines_are_told() {
    insta::assert_snapshot!(attack("trap-after-half-an-answer"), @r"
    trap: plugin `evil` (sha256 …) trapped on problem `train/1041`, completion 1: wasm `unreachable` instruction executed
      it logged last:
      | info: evil
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_panic_is_shown_with_its_place_and_obeys_nothing() {
    insta::assert_snapshot!(attack("panic-with-escape-sequences"), @r"
    trap: plugin `evil` (sha256 …) panicked on problem `train/1041`, completion 1: index out of bounds\u{1b}[31m
      | error: restem is broken\r
      |   hint: run me
      where: src/evil.rs:42
      hint: this is a bug of the plugin: report it to its author
    ");
}
