//! JSON with sorted keys, so that equal configurations have equal digests.

use serde_json::{Map, Value};

/// `value` as compact JSON with the keys of every object in order.
pub(crate) fn canonical(value: &Value) -> String {
    sorted(value).to_string()
}

fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_unstable_by_key(|(key, _)| *key);
            let entries = entries
                .into_iter()
                .map(|(key, value)| (key.clone(), sorted(value)));
            Value::Object(entries.collect::<Map<_, _>>())
        }
        scalar => scalar.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_keys_does_not_count() {
        let one: Value = serde_json::from_str(r#"{"b": {"d": 1, "c": [2]}, "a": null}"#).unwrap();
        let other: Value = serde_json::from_str(r#"{"a": null, "b": {"c": [2], "d": 1}}"#).unwrap();
        assert_eq!(canonical(&one), canonical(&other));
    }
}
