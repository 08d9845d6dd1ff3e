//! Guests that lie about themselves.

use super::{evil, refusal};

#[test]
fn a_blank_name_is_refused() {
    insta::assert_snapshot!(refusal("name-empty"), @"`evil.wasm` describes itself with the name `   `: it must have 1 to 100 characters, all of them visible");
}

#[test]
fn a_name_that_a_terminal_obeys_is_refused() {
    insta::assert_snapshot!(refusal("name-with-escape-sequences"), @r"
    `evil.wasm` describes itself with the name `good\u{1b}[2J
      | error: no`: it must have 1 to 100 characters, all of them visible
    ");
}

#[test]
fn a_giant_name_is_refused() {
    insta::assert_snapshot!(refusal("name-giant"), @"`evil.wasm` describes itself with the name `aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…`: it must have 1 to 100 characters, all of them visible");
}

#[test]
fn a_name_outside_its_memory_is_refused() {
    insta::assert_snapshot!(refusal("name-beyond-memory"), @r"
    plugin file `evil.wasm` (sha256 …) broke the rules of the component model while describing itself: string pointer/length out of bounds of memory
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_reversed_range_is_refused() {
    insta::assert_snapshot!(refusal("range-reversed"), @"`evil.wasm` describes itself with rewards from 1 to 0: they must lie within 0 and 1");
}

#[test]
fn a_range_of_nan_is_refused() {
    insta::assert_snapshot!(refusal("range-nan"), @"`evil.wasm` describes itself with rewards from NaN to 1: they must lie within 0 and 1");
}

#[test]
fn a_range_beyond_one_is_refused() {
    insta::assert_snapshot!(refusal("range-beyond-one"), @"`evil.wasm` describes itself with rewards from 0 to 10: they must lie within 0 and 1");
}

#[test]
fn a_kind_that_does_not_exist_is_refused() {
    insta::assert_snapshot!(refusal("kind-of-no-case"), @r"
    plugin file `evil.wasm` (sha256 …) broke the rules of the component model while describing itself: unexpected discriminant: 9
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_schema_that_is_not_json_is_refused() {
    insta::assert_snapshot!(refusal("schema-not-json"), @"`evil.wasm` describes itself with a configuration schema that is not JSON");
}

#[test]
fn a_schema_nested_without_end_is_refused() {
    insta::assert_snapshot!(refusal("schema-of-deep-nesting"), @"`evil.wasm` describes itself with a configuration schema that is not JSON");
}

#[test]
fn a_giant_refusal_of_the_configuration_is_cut_and_escaped() {
    insta::assert_snapshot!(refusal("config-error-giant"), @r"plugin `evil` refuses its configuration: \u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}\u{1b}…");
}

#[test]
fn a_description_that_changes_is_asked_for_once_in_a_store_of_its_own() {
    let (one, other) = (evil("describes-itself-anew"), evil("describes-itself-anew"));
    assert_eq!(one.info().version, "1.6.6");
    assert_eq!(one.identity(), other.identity());
}
