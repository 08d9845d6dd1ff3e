//! `key=value` settings of a plugin, as flags give them.

use anyhow::bail;
use serde_json::{Map, Value};

/// `key=value` with a TOML value; what is no TOML is text. `flag` is for the message.
pub(crate) fn setting(pair: &str, flag: &str) -> anyhow::Result<(String, Value)> {
    let Some((key, text)) = pair.split_once('=') else {
        bail!("`{flag} {pair}`: write `{flag} key=value`")
    };
    let value = crate::config::parse_value(text.trim());
    Ok((key.trim().to_owned(), serde_json::to_value(value)?))
}

/// All settings that a repeatable flag gave; a later one replaces an earlier one of the same key.
pub(crate) fn settings(pairs: &[String], flag: &str) -> anyhow::Result<Map<String, Value>> {
    pairs.iter().map(|pair| setting(pair, flag)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_toml_and_anything_else_is_text() {
        let pairs = ["extract=[\"boxed\"]", "percent=unit", "n = 3"].map(str::to_owned);
        let map = settings(&pairs, "--config").unwrap();
        assert_eq!(
            Value::Object(map).to_string(),
            r#"{"extract":["boxed"],"n":3,"percent":"unit"}"#
        );
    }

    #[test]
    fn a_setting_without_a_value_says_how_to_write_one() {
        let error = setting("percent", "--config").unwrap_err();
        insta::assert_snapshot!(error, @"`--config percent`: write `--config key=value`");
    }
}
