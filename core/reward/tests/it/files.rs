//! Plugin files that are not what they should be.

use restem_reward::{Plugin, PluginOptions};

use crate::evil::{blot, module, options, plugin, text};

fn error(bytes: &[u8], options: &PluginOptions) -> String {
    blot(
        &Plugin::from_bytes("p.wasm", bytes, options)
            .map(|_| ())
            .unwrap_err()
            .to_string(),
    )
}

fn error_of(text: &str) -> String {
    error(&wat::parse_str(text).unwrap(), &options())
}

#[test]
fn a_plugin_says_what_it_is_and_what_it_can_reach() {
    let plugin = plugin(&options());
    assert_eq!(plugin.info().name, "evil");
    assert_eq!(plugin.info().version, "6.6.6");
    assert_eq!(plugin.imports(), ["restem:reward/host@0.1.0"]);
    assert_eq!(plugin.identity().api, "0.1.0");
}

#[test]
fn a_core_module_that_exports_no_scorer_is_refused() {
    insta::assert_snapshot!(error_of("(module)"), @"`p.wasm` is no reward plugin: it exports no `restem:reward/scorer`. Was it built with `restem_sdk::export!`?");
}

#[test]
fn http_and_other_ages_of_wasi_are_refused_by_name() {
    insta::assert_snapshot!(error_of(
        r#"(component
            (import "wasi:clocks/wall-clock@0.2.6" (instance))
            (import "wasi:http/types@0.2.6" (instance))
            (import "wasi:clocks/wall-clock@0.3.0" (instance))
            (import "restem:reward/host@0.1.0" (instance))
            (import "restem:reward/host@0.9.0" (instance)))"#
    ), @r"
    `p.wasm` imports `wasi:http/types@0.2.6`, `wasi:clocks/wall-clock@0.3.0`, `restem:reward/host@0.9.0`, which restem does not offer
      hint: a plugin may import `restem:reward/host`, `restem:reward/python` and WASI 0.2 without HTTP only
    ");
}

#[test]
fn every_truncation_of_a_plugin_is_an_error() {
    let whole = module(&text());
    for length in (0..whole.len()).step_by(7) {
        assert!(
            Plugin::from_bytes("p.wasm", &whole[..length], &options()).is_err(),
            "{length} bytes"
        );
    }
}

#[test]
fn a_configuration_that_the_plugin_refuses_is_an_error_with_its_words() {
    let options = options().with_config(serde_json::json!({"bad": 1}));
    insta::assert_snapshot!(error(&module(&text()), &options), @"plugin `evil` refuses its configuration: `bad` is not a thing");
}

#[test]
fn compiled_code_is_reused_from_the_cache() {
    let dir = tempfile::tempdir().unwrap();
    let options = options().with_cache_dir(dir.path().join("cache"));
    let first = plugin(&options);
    assert_eq!(std::fs::read_dir(dir.path().join("cache")).unwrap().count(), 1);
    assert_eq!(plugin(&options).identity(), first.identity());
    assert_eq!(std::fs::read_dir(dir.path().join("cache")).unwrap().count(), 1);
}
