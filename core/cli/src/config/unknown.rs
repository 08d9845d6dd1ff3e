//! Unknown keys, with the name that was meant.

use schemars::Schema;
use serde_json::Value;

use super::Config;

/// The names that the table at `path` knows; `None` where any name goes.
fn known_names(path: &[&str]) -> Option<Vec<String>> {
    let schema: Schema = schemars::schema_for!(Config);
    let root = schema.as_value();
    let mut at = root;
    for part in path {
        at = resolve(root, at);
        at = match at.get("properties").and_then(|properties| properties.get(part)) {
            Some(property) => property,
            None => at.get("items").or_else(|| at.get("additionalProperties"))?,
        };
    }
    let properties = resolve(root, at).get("properties")?.as_object()?;
    Some(properties.keys().cloned().collect())
}

/// Follows `$ref`, and the one non-null choice of an optional value.
fn resolve<'a>(root: &'a Value, mut at: &'a Value) -> &'a Value {
    loop {
        if let Some(name) = at.get("$ref").and_then(Value::as_str) {
            let Some(target) = root.pointer(name.trim_start_matches('#')) else {
                return at;
            };
            at = target;
        } else if let Some(choice) = at.get("anyOf").and_then(Value::as_array).and_then(|choices| {
            choices
                .iter()
                .find(|choice| choice.get("type") != Some(&Value::from("null")))
        }) {
            at = choice;
        } else {
            return at;
        }
    }
}

/// What to say about a key that nobody reads: its path (dots between the parts) and the nearest known name.
pub(crate) fn describe(path: &str) -> String {
    let parts: Vec<&str> = path.split('.').filter(|part| *part != "?").collect();
    let Some((name, table)) = parts.split_last() else {
        return format!("unknown key `{path}`");
    };
    let mut names = known_names(table).unwrap_or_default();
    names.sort_by_key(|known| (!known.starts_with(*name), strsim::osa_distance(known, name)));
    match names.first() {
        Some(near)
            if near.starts_with(*name) || strsim::osa_distance(near, name) * 2 <= name.len().max(3) =>
        {
            format!("unknown key `{}`: did you mean `{near}`?", parts.join("."))
        }
        Some(_) => {
            names.sort();
            format!(
                "unknown key `{}`; known here: {}",
                parts.join("."),
                names.join(", ")
            )
        }
        None => format!("unknown key `{}`", parts.join(".")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_key_gets_the_nearest_name() {
        insta::assert_snapshot!(describe("train.epoch"), @"unknown key `train.epoch`: did you mean `epochs`?");
        insta::assert_snapshot!(describe("reward.0.limits.fuel"), @"unknown key `reward.0.limits.fuel`: did you mean `fuel_per_task`?");
        insta::assert_snapshot!(describe("genrate"), @"unknown key `genrate`: did you mean `generate`?");
        insta::assert_snapshot!(describe("data.train.presett"), @"unknown key `data.train.presett`: did you mean `preset`?");
        insta::assert_snapshot!(describe("eval.zzzzzzzz"), @"unknown key `eval.zzzzzzzz`; known here: majority, pass_at, prompt, sampled_problems");
    }
}
