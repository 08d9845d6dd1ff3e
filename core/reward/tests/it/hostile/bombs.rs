//! Guests whose code is the attack.

use std::time::Duration;

use restem_reward::Compiler;

use super::{refusal, refusal_with};
use crate::evil::{limits, options};
use crate::pool::worker;

#[test]
fn functions_without_number_are_refused_before_they_are_compiled() {
    insta::assert_snapshot!(refusal("bomb-of-functions"), @r"
    `evil.wasm` is not compiled: that could take all of this machine's time or memory
      limit: functions = 100000, it has 150012
      hint: no toolchain writes such code from a reward function; ask the plugin's author
    ");
}

#[test]
fn a_giant_function_is_refused_before_it_is_compiled() {
    insta::assert_snapshot!(refusal("bomb-of-one-function"), @r"
    `evil.wasm` is not compiled: that could take all of this machine's time or memory
      limit: bytes of one function = 1048576, it has 4000004
      hint: no toolchain writes such code from a reward function; ask the plugin's author
    ");
}

#[test]
fn a_function_that_compiles_for_ever_is_given_up() {
    let compiler = Compiler::Process {
        command: worker(),
        patience: Some(Duration::from_secs(3)),
    };
    // Within the honest frame's time as well, which is compiled likewise.
    let options = options().with_compiler(compiler);
    insta::assert_snapshot!(refusal_with("bomb-of-live-values", &options), @r"
    `evil.wasm` can't be compiled: it takes longer than 3 s
      hint: try again if this machine is busy; if not, no honest code does that
    ");
}

#[test]
fn more_bytes_than_a_plugin_may_have_are_refused() {
    let options = options().with_limits(limits().with_component_bytes(40 << 20));
    insta::assert_snapshot!(refusal_with("bomb-of-data", &options), @r"
    `evil.wasm` is too large
      limit: component_bytes = 41943040, the file has 49822505
      hint: raise `limits.component_bytes` of this reward if the plugin is right to be that large
    ");
}

#[test]
fn a_type_of_billions_of_fields_is_refused() {
    insta::assert_snapshot!(refusal("bomb-of-nested-types"), @"`evil.wasm` is no reward plugin: the file is damaged or uses what restem does not allow: effective type size exceeds the limit of 1000000 (at offset 0x52)");
}
