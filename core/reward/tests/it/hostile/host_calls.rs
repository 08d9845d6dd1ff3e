//! Guests that abuse what the host offers.

use super::attack;

#[test]
fn a_flood_of_logs_hits_its_limit() {
    insta::assert_snapshot!(attack("log-flood"), @r"
    limit_exceeded: plugin `evil` (sha256 …) hit a limit on problem `train/1041`, completion 1
      limit: log_bytes = 20000, used 16384, asked for 4096 more
      it logged last:
      | error: train/1041\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}4\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}{}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}seven!!\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}…
      hint: raise `limits.log_bytes` of this reward if the plugin is right to need it
    ");
}

#[test]
fn empty_log_lines_are_counted_too() {
    insta::assert_snapshot!(attack("log-of-nothing"), @r"
    limit_exceeded: plugin `evil` (sha256 …) hit a limit on problem `train/1041`, completion 1
      limit: log_bytes = 20000, used 19968, asked for 64 more
      it logged last:
      | error:
      hint: raise `limits.log_bytes` of this reward if the plugin is right to need it
    ");
}

#[test]
fn a_log_line_outside_its_memory_is_refused() {
    insta::assert_snapshot!(attack("log-beyond-memory"), @r"
    invalid_result: plugin `evil` (sha256 …) broke the rules of the component model on problem `train/1041`, completion 1: string pointer/length out of bounds of memory
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_log_level_that_does_not_exist_is_refused() {
    insta::assert_snapshot!(attack("log-of-no-level"), @r"
    invalid_result: plugin `evil` (sha256 …) broke the rules of the component model on problem `train/1041`, completion 1: unexpected discriminant: 77
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_guest_may_say_once_that_it_panics() {
    insta::assert_snapshot!(attack("panicked-flood"), @r"
    limit_exceeded: plugin `evil` (sha256 …) hit a limit on problem `train/1041`, completion 1
      limit: log_bytes = 20000, used 0, asked for 262148 more
      hint: raise `limits.log_bytes` of this reward if the plugin is right to need it
    ");
}
