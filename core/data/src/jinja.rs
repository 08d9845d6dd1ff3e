//! The Jinja environment that mappings and prompt templates share, and its errors as ours.

use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};

use crate::DataError;
use crate::nearest::nearest;

/// A strict environment without escaping: an unknown name is an error, a `<` stays a `<`.
pub(crate) fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    environment.set_debug(true);
    environment.add_filter("after", after);
    environment.add_filter("fromjson", from_json);
    environment.add_filter("last_boxed", last_boxed);
    environment
}

/// What follows the last `marker`: `answer | after("####")`.
fn after(text: &str, marker: &str) -> Result<String, Error> {
    match text.rsplit_once(marker) {
        Some((_, rest)) => Ok(rest.to_owned()),
        None => Err(invalid(format!("there is no `{marker}` in the text"))),
    }
}

/// The value that a JSON text holds; other values stay as they are.
fn from_json(value: Value) -> Result<Value, Error> {
    let Some(text) = value.as_str() else {
        return Ok(value);
    };
    match serde_json::from_str::<serde_json::Value>(text) {
        Ok(parsed) => Ok(Value::from(Serde(parsed))),
        Err(error) => Err(invalid(format!("the text is no JSON: {error}"))),
    }
}

/// The contents of the last `\boxed{…}` or `\fbox{…}`, braces balanced.
fn last_boxed(text: &str) -> Result<String, Error> {
    let open = ["\\boxed{", "\\fbox{"]
        .iter()
        .filter_map(|command| text.rfind(command).map(|at| at + command.len()))
        .max()
        .ok_or_else(|| invalid("there is no `\\boxed{…}` in the text".to_owned()))?;
    let mut depth = 1_usize;
    for (at, letter) in text[open..].char_indices() {
        match letter {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Ok(text[open..open + at].to_owned());
        }
    }
    Err(invalid("the last `\\boxed{` is never closed".to_owned()))
}

fn invalid(detail: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, detail)
}

/// What an engine error says, in one line.
pub(crate) fn reason(error: &Error) -> String {
    match (error.kind(), error.detail()) {
        (ErrorKind::InvalidOperation, Some(detail)) => detail.to_owned(),
        (kind, Some(detail)) => format!("{kind}: {detail}"),
        (kind, None) => kind.to_string(),
    }
}

/// An engine error as a [`DataError::Template`] with its line and, where the error's place names something that
/// `names` nearly has, that name as a hint.
pub(crate) fn template_error<'a>(
    template: &str,
    source: &str,
    error: &Error,
    names: impl IntoIterator<Item = &'a str>,
) -> DataError {
    let line = error.line().unwrap_or(1).max(1);
    let place = error
        .range()
        .and_then(|range| source.get(range))
        .unwrap_or_default();
    let named = place
        .rsplit(|c: char| !c.is_alphanumeric() && c != '_')
        .find(|word| !word.is_empty());
    let hint = match (error.kind(), named) {
        (ErrorKind::UndefinedError, Some(word)) => {
            let mut names: Vec<&str> = names.into_iter().filter(|name| *name != word).collect();
            names.sort_unstable();
            names.dedup();
            Some(match nearest(word, names.iter().copied()) {
                Some(name) => format!("`{word}` is not there; did you mean `{name}`?"),
                None => format!(
                    "`{word}` is not there; write `{{% if … is defined %}}` around it if it may be missing"
                ),
            })
        }
        _ => None,
    };
    DataError::Template {
        template: template.to_owned(),
        line,
        text: source.lines().nth(line - 1).unwrap_or_default().to_owned(),
        reason: reason(error),
        hint,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_box_is_taken_with_its_braces() {
        assert_eq!(
            last_boxed(r"\boxed{1} so \boxed{\frac{1}{2}}.").unwrap(),
            r"\frac{1}{2}"
        );
        assert!(last_boxed("no box").is_err());
        assert!(last_boxed(r"\boxed{1").is_err());
    }

    #[test]
    fn after_takes_the_last_marker_and_refuses_a_text_without_one() {
        assert_eq!(after("a #### 1 #### 2", "####").unwrap(), " 2");
        assert!(after("a", "####").is_err());
    }
}
