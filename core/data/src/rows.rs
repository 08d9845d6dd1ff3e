//! Rows of a file, whatever its format: JSONL, one JSON array, or Parquet, each optionally gzipped.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use parquet::file::reader::{ChunkReader, SerializedFileReader};
use parquet::record::reader::RowIter;
use serde_json::{Map, Value};

use crate::DataError;
use crate::exact_numbers::{Rows, quote_inexact_fields};
use crate::json_lines::{Line, MAX_LINE_BYTES, next_line};

/// A JSON array, and a gzipped Parquet file, are held in memory and may have at most so many bytes.
const MAX_WHOLE_BYTES: u64 = 2 << 30;

/// One row as it stands in the file.
pub(crate) struct Row {
    /// Its line from 1, in a file that has lines.
    pub(crate) line: Option<usize>,
    /// Its fields, or what is wrong with it.
    pub(crate) fields: Result<Map<String, Value>, String>,
}

/// The rows of a file, in order.
pub(crate) type RowStream = Box<dyn Iterator<Item = Row> + Send>;

/// Opens a file and finds out its format from its first bytes.
pub(crate) fn open(path: &Path) -> Result<RowStream, DataError> {
    let file = File::open(path).map_err(DataError::io("open", path))?;
    let mut plain = BufReader::with_capacity(1 << 16, file);
    let head = plain.fill_buf().map_err(DataError::io("read", path))?;
    if head.starts_with(b"PAR1") {
        let file = File::open(path).map_err(DataError::io("open", path))?;
        return parquet_rows(path, file);
    }
    if head.starts_with(&[0x1f, 0x8b]) {
        let mut unpacked = BufReader::with_capacity(1 << 16, MultiGzDecoder::new(plain));
        // A head that doesn't unpack is met again, and told, by the reader of lines.
        if unpacked.fill_buf().is_ok_and(|head| head.starts_with(b"PAR1")) {
            return parquet_rows(path, bytes::Bytes::from(read_whole(path, unpacked)?));
        }
        return json_rows(path, unpacked);
    }
    json_rows(path, plain)
}

fn json_rows(path: &Path, mut reader: impl BufRead + Send + 'static) -> Result<RowStream, DataError> {
    let mut line = 0;
    let first = loop {
        let Ok(head) = reader.fill_buf() else { break None };
        let blank = head
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace() || [0xef, 0xbb, 0xbf].contains(*byte))
            .count();
        let first = head.get(blank).copied();
        if first.is_some() || blank == 0 {
            break first;
        }
        line += head.iter().filter(|byte| **byte == b'\n').count();
        reader.consume(blank);
    };
    if first == Some(b'[') {
        return array_rows(path, reader);
    }
    Ok(Box::new(JsonLines {
        reader,
        line,
        ended: false,
    }))
}

struct JsonLines<R> {
    reader: R,
    line: usize,
    ended: bool,
}

impl<R: BufRead> Iterator for JsonLines<R> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        while !self.ended {
            let line = next_line(&mut self.reader, MAX_LINE_BYTES);
            self.line += 1;
            let fields = match line {
                Ok(None) => break,
                Ok(Some(Line::Bytes(bytes))) => {
                    if bytes.trim_ascii().is_empty() {
                        continue;
                    }
                    object(&bytes)
                }
                Ok(Some(Line::TooLong)) => Err(format!("the line is longer than {MAX_LINE_BYTES} bytes")),
                Err(error) => {
                    self.ended = true;
                    Err(format!(
                        "the rest of the file can't be read ({error}); is it whole? Fetch it again"
                    ))
                }
            };
            return Some(Row {
                line: Some(self.line),
                fields,
            });
        }
        self.ended = true;
        None
    }
}

/// The fields of a line.
fn object(bytes: &[u8]) -> Result<Map<String, Value>, String> {
    let text =
        std::str::from_utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)).map_err(|error| {
            format!(
                "byte {} is not UTF-8; write the file as UTF-8",
                error.valid_up_to() + 1
            )
        })?;
    match serde_json::from_str(&quote_inexact_fields(text, Rows::Whole)) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err("the line is JSON but no object `{…}`; each row is one object".to_owned()),
        Err(error) => Err(format!(
            "the line is no JSON: {}; mend or remove it",
            column_only(&error)
        )),
    }
}

/// A parser's message without its "line 1": the row's own line is told elsewhere.
fn column_only(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}

fn array_rows(path: &Path, reader: impl Read) -> Result<RowStream, DataError> {
    let unreadable = |reason: String| DataError::Unreadable {
        path: path.to_owned(),
        format: "a JSON array of objects",
        reason,
        hint: "the file begins with `[`, so it must be one whole array; JSONL has one `{…}` a line instead",
    };
    let bytes = read_whole(path, reader)?;
    let text = String::from_utf8(bytes).map_err(|error| unreadable(error.utf8_error().to_string()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let values: Vec<Value> = serde_json::from_str(&quote_inexact_fields(text, Rows::Elements))
        .map_err(|error| unreadable(error.to_string()))?;
    Ok(Box::new(values.into_iter().map(|value| Row {
        line: None,
        fields: match value {
            Value::Object(fields) => Ok(fields),
            _ => Err("the element is no object `{…}`; each row is one object".to_owned()),
        },
    })))
}

fn parquet_rows(path: &Path, file: impl ChunkReader + 'static) -> Result<RowStream, DataError> {
    let reader = SerializedFileReader::new(file).map_err(|error| DataError::Unreadable {
        path: path.to_owned(),
        format: "Parquet",
        reason: error.to_string(),
        hint: "the file is cut short or damaged: fetch it again",
    })?;
    let mut ended = false;
    let rows = RowIter::from_file_into(Box::new(reader)).map_while(move |row| {
        if ended {
            return None;
        }
        ended = row.is_err();
        Some(Row {
            line: None,
            fields: match row.map(|row| row.to_json_value()) {
                Ok(Value::Object(fields)) => Ok(fields),
                Ok(_) => Err("the row has no named columns".to_owned()),
                Err(error) => Err(format!(
                    "the rest of the file can't be read ({error}); fetch it again"
                )),
            },
        })
    });
    Ok(Box::new(rows))
}

fn read_whole(path: &Path, reader: impl Read) -> Result<Vec<u8>, DataError> {
    let mut bytes = Vec::new();
    reader
        .take(MAX_WHOLE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(DataError::io("read", path))?;
    if bytes.len() as u64 > MAX_WHOLE_BYTES {
        return Err(DataError::TooLarge {
            path: path.to_owned(),
            limit: MAX_WHOLE_BYTES,
            hint: "write it as JSONL, one object a line, which is read row by row",
        });
    }
    Ok(bytes)
}
