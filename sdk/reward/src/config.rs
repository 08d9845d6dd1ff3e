//! A plugin's configuration: from JSON, with errors that name the key.

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// The configuration of a plugin that has none. Any key is an error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct NoConfig {}

/// A configuration that can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError {
    message: String,
}

impl ConfigError {
    /// An error that says which key is wrong and what is expected.
    pub fn new(message: impl fmt::Display) -> Self {
        Self {
            message: message.to_string(),
        }
    }

    /// What is wrong.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ConfigError {}

/// Reads a configuration. Empty text and `null` are the default one.
///
/// Keys that the type does not name are errors even without `deny_unknown_fields`: a misspelt option must not be
/// silently ignored.
pub(crate) fn parse<C: DeserializeOwned + Default>(json: &str) -> Result<C, ConfigError> {
    if matches!(json.trim(), "" | "null") {
        return Ok(C::default());
    }
    if let Some(config) = plain(json) {
        return Ok(config);
    }
    let mut unknown = Vec::new();
    let mut note = |path: serde_ignored::Path<'_>| unknown.push(format!("`{path}`"));
    let mut track = serde_path_to_error::Track::new();
    let mut json = serde_json::Deserializer::from_str(json);
    let config = C::deserialize(serde_ignored::Deserializer::new(
        serde_path_to_error::Deserializer::new(&mut json, &mut track),
        &mut note,
    ))
    .map_err(|error| match track.path().to_string().as_str() {
        "." => ConfigError::new(error),
        path => ConfigError::new(format_args!("`{path}`: {error}")),
    })?;
    json.end()
        .map_err(|error| ConfigError::new(format_args!("not a JSON object: {error}")))?;
    if unknown.is_empty() {
        Ok(config)
    } else {
        Err(ConfigError::new(format_args!(
            "unknown key {}",
            unknown.join(", ")
        )))
    }
}

/// The configuration when there is nothing to say about it. Knowing the path to every value costs more than reading it, and a session is opened for
/// every problem.
fn plain<C: DeserializeOwned>(json: &str) -> Option<C> {
    let mut unknown = false;
    let mut note = |_: serde_ignored::Path<'_>| unknown = true;
    let mut json = serde_json::Deserializer::from_str(json);
    let config = C::deserialize(serde_ignored::Deserializer::new(&mut json, &mut note)).ok()?;
    json.end().ok()?;
    (!unknown).then_some(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(default)]
    struct Config {
        depth: u32,
    }

    #[test]
    fn nothing_is_the_default() {
        assert_eq!(parse(""), Ok(Config { depth: 0 }));
        assert_eq!(parse("null"), Ok(Config { depth: 0 }));
        assert_eq!(parse("{}"), Ok(Config { depth: 0 }));
    }

    #[test]
    fn an_unknown_key_is_named() {
        let error = parse::<Config>(r#"{"depth": 1, "dept": 2}"#).unwrap_err();
        assert_eq!(error.message(), "unknown key `dept`");
    }

    #[test]
    fn a_wrong_type_is_named_with_its_key() {
        let error = parse::<Config>(r#"{"depth": "x"}"#).unwrap_err();
        assert_eq!(
            error.message(),
            "`depth`: invalid type: string \"x\", expected u32 at line 1 column 13"
        );
    }

    #[test]
    fn trailing_text_is_refused() {
        assert!(parse::<Config>("{} {}").is_err());
    }
}
