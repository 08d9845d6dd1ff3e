//! From a row's fields to a problem.

use restem_em::{Problem, ProblemId};
use serde_json::{Map, Number, Value as Json};

use crate::expression::Part;
use crate::{DataError, DatasetSource, Mapping, MetadataMapping};

/// A mapping, compiled.
pub(crate) struct Extractor {
    id: Option<Part>,
    prompt: Part,
    reference: Option<Part>,
    solutions: Option<Part>,
    metadata: Metadata,
}

enum Metadata {
    Own,
    Object(Part),
    Fields(Vec<String>),
    Named(Vec<(String, Part)>),
}

impl Extractor {
    /// Compiles a source's mapping, laid over its preset's.
    pub(crate) fn compile(source: &DatasetSource) -> Result<Self, DataError> {
        let preset = source.preset.map(|preset| preset.mapping()).unwrap_or_default();
        let Mapping {
            id,
            prompt,
            reference,
            solutions,
            metadata,
        } = source.mapping.clone().over(preset);
        let part =
            |field: &str, text: Option<String>| text.map(|text| Part::compile(field, &text)).transpose();
        Ok(Self {
            id: part("id", id)?,
            prompt: Part::compile("prompt", prompt.as_deref().unwrap_or("prompt"))?,
            reference: part("reference", reference)?,
            solutions: part("solutions", solutions)?,
            metadata: match metadata {
                None => Metadata::Own,
                Some(MetadataMapping::Object(text)) => Metadata::Object(Part::compile("metadata", &text)?),
                Some(MetadataMapping::Fields(names)) => Metadata::Fields(names),
                Some(MetadataMapping::Named(parts)) => {
                    let compile = |(name, text): (String, String)| {
                        let part = Part::compile(&format!("metadata.{name}"), &text)?;
                        Ok((name, part))
                    };
                    Metadata::Named(parts.into_iter().map(compile).collect::<Result<_, DataError>>()?)
                }
            },
        })
    }

    /// The row's name, or `default` where it has none.
    pub(crate) fn id(&self, row: &Map<String, Json>, default: &ProblemId) -> Result<ProblemId, String> {
        let value = part_or_field(self.id.as_ref(), "id", row)?;
        Ok(match text("id", value)? {
            Some(id) if id.trim().is_empty() => {
                return Err("`id` is empty: leave it out to number the rows".to_owned());
            }
            Some(id) => ProblemId::new(id),
            None => default.clone(),
        })
    }

    /// The problem of a row that is called `id`; `Err` is a sentence that says what is wrong with the row.
    pub(crate) fn problem(&self, id: ProblemId, row: &Map<String, Json>) -> Result<Problem, String> {
        let prompt = text("prompt", self.prompt.value(row)?)?.unwrap_or_default();
        if prompt.trim().is_empty() {
            return Err("the prompt is empty: there is nothing to ask".to_owned());
        }
        Ok(Problem {
            id,
            prompt,
            reference: text(
                "reference",
                part_or_field(self.reference.as_ref(), "reference", row)?,
            )?,
            solutions: texts(part_or_field(self.solutions.as_ref(), "solutions", row)?)?,
            metadata: self.metadata(row)?,
        })
    }

    fn metadata(&self, row: &Map<String, Json>) -> Result<Map<String, Json>, String> {
        let object = match &self.metadata {
            Metadata::Own => row.get("metadata").cloned().unwrap_or_default(),
            Metadata::Object(part) => part.value(row)?,
            Metadata::Fields(names) => {
                let present = names
                    .iter()
                    .filter_map(|name| Some((name.clone(), row.get(name)?.clone())));
                return Ok(present.collect());
            }
            Metadata::Named(parts) => {
                return parts
                    .iter()
                    .map(|(name, part)| Ok((name.clone(), part.value(row)?)))
                    .collect();
            }
        };
        match object {
            Json::Object(object) => Ok(object),
            Json::Null => Ok(Map::new()),
            other => Err(format!("`metadata` is {}, an object is expected", kind(&other))),
        }
    }
}

/// A mapped part, or the field that bears its name where the mapping is silent.
fn part_or_field(part: Option<&Part>, field: &str, row: &Map<String, Json>) -> Result<Json, String> {
    match part {
        Some(part) => part.value(row),
        None => Ok(row.get(field).cloned().unwrap_or_default()),
    }
}

fn text(field: &str, value: Json) -> Result<Option<String>, String> {
    match value {
        Json::Null => Ok(None),
        Json::String(text) => Ok(Some(text)),
        Json::Number(number) => Ok(Some(number_text(&number))),
        Json::Bool(value) => Ok(Some(value.to_string())),
        Json::Array(_) | Json::Object(_) => Err(format!(
            "`{field}` is {}, text is expected; `… | tojson` in the mapping makes text of it",
            kind(&value)
        )),
    }
}

fn texts(value: Json) -> Result<Vec<String>, String> {
    match value {
        Json::Array(values) => {
            let each =
                |value| text("solutions", value)?.ok_or_else(|| "one of `solutions` is null".to_owned());
            values.into_iter().map(each).collect()
        }
        value => Ok(text("solutions", value)?.into_iter().collect()),
    }
}

/// A number as people write it: `39`, not `39.0`.
fn number_text(number: &Number) -> String {
    /// Below this, each integer is a double of its own.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number.as_f64() {
        Some(value) if number.is_f64() && value.fract() == 0.0 && value.abs() < EXACT => {
            format!("{value:.0}")
        }
        _ => number.to_string(),
    }
}

fn kind(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "true or false",
        Json::Number(_) => "a number",
        Json::String(_) => "text",
        Json::Array(_) => "a list",
        Json::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Preset;

    fn problem(source: &DatasetSource, row: &str) -> Result<Problem, String> {
        let extractor = Extractor::compile(source).unwrap();
        let row = serde_json::from_str(row).unwrap();
        let id = extractor.id(&row, &"file/0".into())?;
        extractor.problem(id, &row)
    }

    #[test]
    fn our_own_rows_need_no_mapping() {
        let row =
            r#"{"id": "a", "prompt": "p", "reference": 3, "solutions": ["s"], "metadata": {"level": 1}}"#;
        let problem = problem(&DatasetSource::new("x"), row).unwrap();
        assert_eq!(serde_json::to_value(&problem).unwrap()["reference"], "3");
        assert_eq!(problem.solutions, ["s"]);
        assert_eq!(problem.metadata["level"], 1);
    }

    #[test]
    fn what_a_mapping_says_replaces_the_preset() {
        let mut source = DatasetSource::preset("x", Preset::Svamp);
        source.mapping.prompt = Some("Question".to_owned());
        let problem = problem(
            &source,
            r#"{"ID": "c", "Body": "b", "Question": "q", "Answer": 51.0}"#,
        )
        .unwrap();
        assert_eq!((problem.id.as_str(), problem.prompt.as_str()), ("c", "q"));
        assert_eq!(problem.reference.as_deref(), Some("51"));
    }

    #[test]
    fn numbers_become_text_without_a_needless_fraction() {
        for (number, expected) in [
            ("39", "39"),
            ("-2.0", "-2"),
            ("0.5", "0.5"),
            ("1e30", "1e+30"),
            ("18446744073709551615", "18446744073709551615"),
        ] {
            assert_eq!(number_text(&serde_json::from_str(number).unwrap()), expected);
        }
    }

    #[test]
    fn wrong_kinds_are_named() {
        let own = DatasetSource::new("x");
        insta::assert_snapshot!(problem(&own, r#"{"prompt": ["p"]}"#).unwrap_err(), @"`prompt` is a list, text is expected; `… | tojson` in the mapping makes text of it");
        insta::assert_snapshot!(problem(&own, r#"{"prompt": " "}"#).unwrap_err(), @"the prompt is empty: there is nothing to ask");
        insta::assert_snapshot!(problem(&own, r#"{"prompt": "p", "metadata": 3}"#).unwrap_err(), @"`metadata` is a number, an object is expected");
        insta::assert_snapshot!(problem(&own, r#"{"promt": "p"}"#).unwrap_err(), @"the row has no field `prompt`; the nearest is `promt`");
    }
}
