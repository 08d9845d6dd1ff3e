//! Guests that answer nonsense.

use super::{among_neighbours, attack, attack_preparing, evil};
use crate::evil::rewards;

#[test]
fn a_reward_of_nan_is_no_verdict() {
    insta::assert_snapshot!(attack("reward-nan"), @r"
    invalid_result: plugin `evil` (sha256 …) gave no verdict on problem `train/1041`, completion 1 but a reward of NaN, which is not within 0 and 1
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn an_infinite_reward_is_no_verdict() {
    insta::assert_snapshot!(attack("reward-infinite"), @r"
    invalid_result: plugin `evil` (sha256 …) gave no verdict on problem `train/1041`, completion 1 but a reward of inf, which is not within 0 and 1
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_reward_above_the_range_is_no_verdict() {
    insta::assert_snapshot!(attack("reward-above-one"), @r"
    invalid_result: plugin `evil` (sha256 …) gave no verdict on problem `train/1041`, completion 1 but a reward of 2, which is not within 0 and 1
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_reward_below_the_range_is_no_verdict() {
    insta::assert_snapshot!(attack("reward-below-zero"), @r"
    invalid_result: plugin `evil` (sha256 …) gave no verdict on problem `train/1041`, completion 1 but a reward of -0.5, which is not within 0 and 1
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_binary_plugin_gives_no_partial_credit() {
    insta::assert_snapshot!(attack("reward-half-of-a-binary"), @r"
    invalid_result: plugin `evil` (sha256 …) gave no verdict on problem `train/1041`, completion 1 but a reward of 0.5, which is neither 0 nor 1 though its kind is binary
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_part_of_nan_is_no_verdict() {
    insta::assert_snapshot!(attack("part-nan"), @r"
    invalid_result: plugin `evil` (sha256 …) gave no verdict on problem `train/1041`, completion 1 but a part `evil` of NaN, which is no number
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_giant_name_of_a_part_hits_the_limit_on_results() {
    insta::assert_snapshot!(attack("part-with-a-giant-name"), @r"
    limit_exceeded: plugin `evil` (sha256 …) hit a limit on problem `train/1041`, completion 1
      limit: result_bytes = 307200, used 0, asked for 1048584 more
      hint: raise `limits.result_bytes` of this reward if the plugin is right to need it
    ");
}

#[test]
fn parts_without_number_hit_the_limit_on_results() {
    insta::assert_snapshot!(attack("parts-without-number"), @r"
    limit_exceeded: plugin `evil` (sha256 …) hit a limit on problem `train/1041`, completion 1
      limit: result_bytes = 307200, used 0, asked for 1228801 more
      hint: raise `limits.result_bytes` of this reward if the plugin is right to need it
    ");
}

#[test]
fn a_list_longer_than_the_memory_is_no_verdict() {
    insta::assert_snapshot!(attack("parts-beyond-memory"), @r"
    invalid_result: plugin `evil` (sha256 …) broke the rules of the component model on problem `train/1041`, completion 1: list pointer/length out of bounds of memory
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_misaligned_list_is_no_verdict() {
    insta::assert_snapshot!(attack("parts-misaligned"), @r"
    invalid_result: plugin `evil` (sha256 …) broke the rules of the component model on problem `train/1041`, completion 1: list pointer is not aligned
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_giant_note_hits_the_limit_on_results() {
    insta::assert_snapshot!(attack("note-giant"), @r"
    limit_exceeded: plugin `evil` (sha256 …) hit a limit on problem `train/1041`, completion 1
      limit: result_bytes = 307200, used 0, asked for 1048576 more
      hint: raise `limits.result_bytes` of this reward if the plugin is right to need it
    ");
}

#[test]
fn a_note_too_large_to_be_read_at_all_hits_the_same_limit() {
    insta::assert_snapshot!(attack("note-too-large-to-read"), @r"
    limit_exceeded: plugin `evil` (sha256 …) hit a limit on problem `train/1041`, completion 1
      limit: result_bytes = 307200, used 0, asked for 1228801 more
      hint: raise `limits.result_bytes` of this reward if the plugin is right to need it
    ");
}

#[test]
fn a_note_beyond_the_memory_is_no_verdict() {
    insta::assert_snapshot!(attack("note-beyond-memory"), @r"
    invalid_result: plugin `evil` (sha256 …) broke the rules of the component model on problem `train/1041`, completion 1: string pointer/length out of bounds of memory
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_note_that_is_no_text_is_no_verdict() {
    insta::assert_snapshot!(attack("note-not-text"), @r"
    invalid_result: plugin `evil` (sha256 …) broke the rules of the component model on problem `train/1041`, completion 1: invalid utf-8 sequence of 1 bytes from index 1
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_misaligned_result_is_no_verdict() {
    insta::assert_snapshot!(attack("result-misaligned"), @r"
    invalid_result: plugin `evil` (sha256 …) broke the rules of the component model on problem `train/1041`, completion 1: return pointer not aligned
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_result_beyond_the_memory_is_no_verdict() {
    insta::assert_snapshot!(attack("result-beyond-memory"), @r"
    invalid_result: plugin `evil` (sha256 …) broke the rules of the component model on problem `train/1041`, completion 1: pointer out of bounds of memory
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_result_that_is_neither_score_nor_fault_is_no_verdict() {
    insta::assert_snapshot!(attack("result-of-no-case"), @r"
    invalid_result: plugin `evil` (sha256 …) broke the rules of the component model on problem `train/1041`, completion 1: invalid expected discriminant
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_fault_of_no_class_is_no_verdict() {
    insta::assert_snapshot!(attack("fault-of-no-class"), @r"
    invalid_result: plugin `evil` (sha256 …) broke the rules of the component model on problem `train/1041`, completion 1: unexpected discriminant: 9
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_fault_that_poses_as_the_host_is_seen_through() {
    insta::assert_snapshot!(attack("fault-that-poses"), @r"
    invalid_result: plugin `evil` (sha256 …) on problem `train/1041`, completion 1: no
      | error: all scored
      |   hint: delete ~\r\u{202e}txt.exe\u{202c}\u{9b}2J\u{2028}ok
    ");
}

#[test]
fn room_beyond_the_memory_is_refused() {
    insta::assert_snapshot!(attack("realloc-beyond-memory"), @r"
    invalid_result: plugin `evil` (sha256 …) broke the rules of the component model on problem `train/1041`, completion 1: realloc return: beyond end of memory
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_checker_that_was_never_made_is_refused() {
    insta::assert_snapshot!(attack_preparing("checker-made-up"), @r"
    invalid_result: plugin `evil` (sha256 …) broke the rules of the component model while preparing problem `!bad`: unknown handle index 12345
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_session_is_no_checker() {
    insta::assert_snapshot!(attack_preparing("session-as-checker"), @r"
    invalid_result: plugin `evil` (sha256 …) broke the rules of the component model while preparing problem `!bad`: handle index 1 used with the wrong type, expected guest-defined resource but found a different guest-defined resource
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_giant_fault_is_cut() {
    let message = attack("fault-giant");
    assert!(
        message.chars().count() < 20_000,
        "{} characters",
        message.chars().count()
    );
    assert!(message.ends_with('…'), "{message}");
}

#[test]
fn a_reward_of_negative_zero_is_zero() {
    let rows = among_neighbours(&evil("reward-negative-zero"));
    let reward = rewards(&rows)[1].unwrap();
    assert!(reward == 0.0 && reward.is_sign_positive());
}

#[test]
fn room_where_its_own_data_lies_harms_the_guest_alone() {
    let rows = among_neighbours(&evil("realloc-overlapping"));
    assert_eq!(rewards(&rows)[1], Some(1.0));
}
