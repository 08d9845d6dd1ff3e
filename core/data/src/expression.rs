//! One part of a mapping, evaluated on a row.

use std::sync::LazyLock;

use minijinja::value::Serde;
use minijinja::{Environment, Error, ErrorKind, Expression, Value};
use serde_json::{Map, Value as Json};

use crate::DataError;
use crate::jinja;
use crate::nearest::nearest;

static JINJA: LazyLock<Environment<'static>> = LazyLock::new(jinja::environment);

/// How a part is found.
enum Form {
    /// A field, copied as it is.
    Field,
    /// A computed value.
    Expression(Expression<'static, 'static>),
    /// A text with expressions in it.
    Text,
}

/// A field name, an expression, or a text with expressions in it.
pub(crate) struct Part {
    field: String,
    source: String,
    form: Form,
}

impl Part {
    /// Compiles `source`, the value of `mapping.<field>`.
    pub(crate) fn compile(field: &str, source: &str) -> Result<Self, DataError> {
        let error = |error: Error| DataError::Mapping {
            field: field.to_owned(),
            expression: source.to_owned(),
            reason: jinja::reason(&error),
        };
        let form = if is_name(source) {
            Form::Field
        } else if source.contains("{{") || source.contains("{%") {
            JINJA.template_from_str(source).map_err(error)?;
            Form::Text
        } else {
            Form::Expression(JINJA.compile_expression_owned(source.to_owned()).map_err(error)?)
        };
        Ok(Self {
            field: field.to_owned(),
            source: source.to_owned(),
            form,
        })
    }

    /// The part's value in `row`; `Err` is a sentence that says what is wrong with the row.
    pub(crate) fn value(&self, row: &Map<String, Json>) -> Result<Json, String> {
        let computed = match &self.form {
            Form::Field => {
                return row
                    .get(&self.source)
                    .cloned()
                    .ok_or_else(|| self.missing(&[&self.source], row));
            }
            Form::Expression(expression) => expression.eval(context(row)),
            Form::Text => JINJA.render_str(&self.source, context(row)).map(Value::from),
        };
        let value = computed.map_err(|error| self.failed(&error, row))?;
        if value.is_undefined() {
            return Err(self.failed(&ErrorKind::UndefinedError.into(), row));
        }
        serde_json::to_value(&value)
            .map_err(|error| format!("`{}` has no value in JSON: {error}", self.field))
    }

    fn failed(&self, error: &Error, row: &Map<String, Json>) -> String {
        let names = match &self.form {
            Form::Field => vec![self.source.clone()],
            Form::Expression(expression) => expression.undeclared_variables(false).into_iter().collect(),
            Form::Text => JINJA
                .template_from_str(&self.source)
                .map(|template| template.undeclared_variables(false).into_iter().collect())
                .unwrap_or_default(),
        };
        let mut missing: Vec<&str> = names
            .iter()
            .map(String::as_str)
            .filter(|name| *name != "row" && !row.contains_key(*name))
            .collect();
        missing.sort_unstable();
        if error.kind() == ErrorKind::UndefinedError && !missing.is_empty() {
            return self.missing(&missing, row);
        }
        format!("`{}` = `{}`: {}", self.field, self.source, jinja::reason(error))
    }

    fn missing(&self, missing: &[&str], row: &Map<String, Json>) -> String {
        let known = || row.keys().map(String::as_str);
        let name = missing[0];
        let advice = match nearest(name, known()) {
            Some(near) => format!("the nearest is `{near}`"),
            None if row.is_empty() => "the row has no fields".to_owned(),
            None => {
                let mut fields = known()
                    .take(12)
                    .map(|name| format!("`{name}`"))
                    .collect::<Vec<_>>()
                    .join(", ");
                if row.len() > 12 {
                    fields.push_str(", …");
                }
                format!("its fields are {fields}")
            }
        };
        let part = if self.source == self.field {
            String::new()
        } else {
            format!(" (for `mapping.{}`)", self.field)
        };
        format!("the row has no field `{name}`{part}; {advice}")
    }
}

/// Every field as a variable, and the whole row as `row`.
fn context(row: &Map<String, Json>) -> Value {
    let whole = Value::from(Serde(row));
    minijinja::context! { row => whole.clone(), ..whole }
}

fn is_name(text: &str) -> bool {
    let name =
        text.chars().all(|c| c.is_alphanumeric() || c == '_') && !text.starts_with(|c: char| c.is_numeric());
    name && !text.is_empty() && !["none", "None", "true", "false", "True", "False", "row"].contains(&text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(source: &str, row: &str) -> Result<Json, String> {
        let part = Part::compile("prompt", source).unwrap();
        part.value(&serde_json::from_str(row).unwrap())
    }

    #[test]
    fn names_expressions_and_texts_find_their_values() {
        let row = r#"{"Body": "b", "n": 2, "odd name": "o", "io": {"fn": "f"}, "s": "1 #### 7"}"#;
        assert_eq!(value("n", row).unwrap(), 2);
        assert_eq!(value("Body ~ ' ' ~ n", row).unwrap(), "b 2");
        assert_eq!(value("{{ Body }}: {{ n }}", row).unwrap(), "b: 2");
        assert_eq!(value("row['odd name']", row).unwrap(), "o");
        assert_eq!(value("io.fn", row).unwrap(), "f");
        assert_eq!(value("s.split('####') | last | trim", row).unwrap(), "7");
        assert_eq!(value("none", row).unwrap(), Json::Null);
    }

    #[test]
    fn a_missing_field_names_its_neighbour() {
        insta::assert_snapshot!(value("questoin", r#"{"question": ""}"#).unwrap_err(), @"the row has no field `questoin` (for `mapping.prompt`); the nearest is `question`");
        insta::assert_snapshot!(value("Bdy ~ 'x'", r#"{"Body": ""}"#).unwrap_err(), @"the row has no field `Bdy` (for `mapping.prompt`); the nearest is `Body`");
        insta::assert_snapshot!(value("input", r#"{"a": 1, "b": 2}"#).unwrap_err(), @"the row has no field `input` (for `mapping.prompt`); its fields are `a`, `b`");
        insta::assert_snapshot!(value("{{ s | after('####') }}", r#"{"s": "1"}"#).unwrap_err(), @"`prompt` = `{{ s | after('####') }}`: there is no `####` in the text");
    }

    #[test]
    fn a_broken_expression_is_refused_before_any_row_is_read() {
        let error = Part::compile("reference", "a ~").err().unwrap();
        insta::assert_snapshot!(error, @r#"
`mapping.reference` = `a ~` is not an expression: syntax error: unexpected end of input, expected expression
  hint: name a field (`question`), compute one (`Body ~ " " ~ Question`), or write a text with `{{ field }}` in it
"#);
    }
}
