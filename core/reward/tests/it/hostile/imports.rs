//! Guests that import or export what they should not.

use super::refusal;

#[test]
fn python_without_a_manifest_is_refused() {
    insta::assert_snapshot!(refusal("imports-python"), @r#"
    `evil.wasm` imports `python`, but no manifest beside it asks for it
      hint: the plugin's author writes `capabilities = ["python"]` there
    "#);
}

#[test]
fn an_unknown_interface_is_refused_by_name() {
    insta::assert_snapshot!(refusal("imports-an-unknown-interface"), @r"
    `evil.wasm` imports `evil:machine/memory@1.0.0`, which restem does not offer
      hint: a plugin may import `restem:reward/host`, `restem:reward/python` and WASI 0.2 without HTTP only
    ");
}

#[test]
fn a_function_of_the_root_is_refused_by_name() {
    insta::assert_snapshot!(refusal("imports-a-bare-function"), @r"
    `evil.wasm` imports `system`, which restem does not offer
      hint: a plugin may import `restem:reward/host`, `restem:reward/python` and WASI 0.2 without HTTP only
    ");
}

#[test]
fn wasi_of_an_unknown_version_is_refused_by_name() {
    insta::assert_snapshot!(refusal("imports-wasi-of-another-age"), @r"
    `evil.wasm` imports `wasi:filesystem/preopens@9.9.9`, which restem does not offer
      hint: a plugin may import `restem:reward/host`, `restem:reward/python` and WASI 0.2 without HTTP only
    ");
}

#[test]
fn the_host_with_other_types_is_refused() {
    insta::assert_snapshot!(refusal("imports-host-of-other-types"), @"`evil.wasm` is no reward plugin: its types are not those of the reward API 0.1.0: component imports instance `restem:reward/host@0.1.0`, but a matching implementation was not found in the linker: instance export `log` has the wrong type: type mismatch with parameters: expected 2-tuple, found 1-tuple");
}

#[test]
fn a_scorer_without_functions_is_refused() {
    insta::assert_snapshot!(refusal("scorer-empty"), @"`evil.wasm` is no reward plugin: its types are not those of the reward API 0.1.0: instance export `restem:reward/scorer@0.1.0` does not have export `describe`");
}

#[test]
fn a_scorer_of_other_types_is_refused() {
    insta::assert_snapshot!(refusal("scorer-of-other-types"), @"`evil.wasm` is no reward plugin: its types are not those of the reward API 0.1.0: instance export `restem:reward/scorer@0.1.0` does not have export `[static]session.open`");
}

#[test]
fn another_api_version_is_refused_by_name() {
    insta::assert_snapshot!(refusal("scorer-of-another-version"), @r"
    `evil.wasm` exports `restem:reward/scorer@0.2.0`, and this restem speaks `restem:reward/scorer@0.1.0`
      hint: rebuild the plugin with a matching `restem-sdk`, or use another restem
    ");
}

#[test]
fn a_component_that_exports_no_scorer_is_refused() {
    insta::assert_snapshot!(refusal("no-scorer"), @"`evil.wasm` is no reward plugin: it exports no `restem:reward/scorer`. Was it built with `restem_sdk::export!`?");
}
