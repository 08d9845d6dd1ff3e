//! JSONL.

use std::io::Write as _;
use std::path::Path;

use restem_em::Digest;
use serde::Serialize;

use crate::DataError;
use crate::atomic::write_atomically;

/// Writes one JSON object a line, the whole file or nothing, and returns the digest of its bytes.
///
/// `restem_em::Example`s become TRL's prompt/completion form (`{"problem", "prompt", "completion", "weight"}`).
///
/// # Errors
/// [`DataError`] when the file can't be written or a row can't be JSON.
pub fn write_jsonl<T: Serialize>(
    path: &Path,
    rows: impl IntoIterator<Item = T>,
) -> Result<Digest, DataError> {
    write_atomically(path, |file| {
        for row in rows {
            serde_json::to_writer(&mut *file, &row).map_err(|error| DataError::Encode {
                path: path.to_owned(),
                reason: error.to_string(),
            })?;
            file.write_all(b"\n").map_err(DataError::io("write", path))?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use restem_em::Example;

    use super::*;

    #[test]
    fn examples_are_prompt_and_completion() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("train.jsonl");
        let example = Example {
            problem: "a".into(),
            prompt: "1?\n".to_owned(),
            completion: " é".to_owned(),
            weight: 1.0,
        };
        let digest = write_jsonl(&path, [&example, &example]).unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let line = r#"{"problem":"a","prompt":"1?\n","completion":" é","weight":1.0}"#;
        assert_eq!(text, format!("{line}\n{line}\n"));
        assert_eq!(digest, Digest::of(text));
    }
}
