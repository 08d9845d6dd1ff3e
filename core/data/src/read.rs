//! Problems of a dataset.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};

use restem_em::{Digest, Fault, FaultClass, Problem, ProblemId, Seed};

use crate::extract::Extractor;
use crate::rows::{self, Row, RowStream};
use crate::{DataError, DatasetSource};

/// A row that is no problem: counted and shown, never the end of the file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct RowFault {
    /// The file.
    pub file: PathBuf,
    /// The row, from 0.
    pub row: usize,
    /// Its line, from 1, in a file that has lines.
    pub line: Option<usize>,
    /// The row's name: its own where it could be read, else `<file stem>/<row>`.
    pub id: ProblemId,
    /// What is wrong, and what to do.
    pub message: String,
}

impl fmt::Display for RowFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}, {}: {}",
            self.file.display(),
            Place(self.row, self.line),
            self.message
        )
    }
}

impl RowFault {
    /// The fault as verdict rows carry it.
    #[must_use]
    pub fn to_fault(&self) -> Fault {
        Fault {
            class: FaultClass::MalformedInput,
            message: self.to_string(),
        }
    }
}

/// A row's line where there are lines, else its number.
#[derive(Clone, Copy)]
struct Place(usize, Option<usize>);

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1 {
            Some(line) => write!(f, "line {line}"),
            None => write!(f, "row {}", self.0),
        }
    }
}

/// The problems of a dataset and its faulty rows, in order; made by [`read_problems`].
pub struct Problems {
    rows: Box<dyn Iterator<Item = Result<Problem, RowFault>> + Send>,
    left: usize,
}

impl Iterator for Problems {
    type Item = Result<Problem, RowFault>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.left == 0 {
            return None;
        }
        let row = self.rows.next()?;
        self.left -= usize::from(row.is_ok());
        Some(row)
    }
}

/// A dataset, read to its end.
#[derive(Debug, Clone)]
pub struct Dataset {
    /// Its problems.
    pub problems: Vec<Problem>,
    /// Its rows that are none.
    pub faults: Vec<RowFault>,
    /// Digest of the file's bytes as they are on disk, for the run's lock.
    pub sha256: Digest,
}

/// Reads a dataset row by row. With `shuffle` its problems are held in memory first; else only ids are.
///
/// A row whose id was there before is a fault that names both places.
///
/// # Errors
/// [`DataError`] when the file can't be opened, isn't what its first bytes say, or the mapping doesn't parse.
pub fn read_problems(source: &DatasetSource) -> Result<Problems, DataError> {
    let reader = Reader {
        extractor: Extractor::compile(source)?,
        rows: rows::open(&source.path)?.enumerate(),
        file: source.path.clone(),
        stem: stem(&source.path),
        seen: HashMap::new(),
    };
    let range = source.rows;
    let end = range.and_then(|range| range.end);
    let in_range = reader
        .take_while(move |(row, _)| end.is_none_or(|end| *row < end))
        .filter(move |(row, _)| range.is_none_or(|range| range.contains(*row)))
        .map(|(_, problem)| problem);
    let rows: Box<dyn Iterator<Item = _> + Send> = match source.shuffle {
        Some(seed) => Box::new(shuffled(in_range.collect(), Seed(seed)).into_iter()),
        None => Box::new(in_range),
    };
    Ok(Problems {
        rows,
        left: source.limit.unwrap_or(usize::MAX),
    })
}

/// Reads a whole dataset and its digest.
///
/// # Errors
/// As [`read_problems`].
pub fn load(source: &DatasetSource) -> Result<Dataset, DataError> {
    let mut dataset = Dataset {
        problems: Vec::new(),
        faults: Vec::new(),
        sha256: digest_of_file(&source.path)?,
    };
    for row in read_problems(source)? {
        match row {
            Ok(problem) => dataset.problems.push(problem),
            Err(fault) => dataset.faults.push(fault),
        }
    }
    Ok(dataset)
}

pub(crate) fn digest_of_file(path: &Path) -> Result<Digest, DataError> {
    let file = File::open(path).map_err(DataError::io("open", path))?;
    Digest::of_reader(file).map_err(DataError::io("read", path))
}

fn shuffled(mut rows: Vec<Result<Problem, RowFault>>, seed: Seed) -> Vec<Result<Problem, RowFault>> {
    rows.sort_by_cached_key(|row| {
        let id = row.as_ref().map_or_else(|fault| &fault.id, |problem| &problem.id);
        seed.order_key(id.as_str())
    });
    rows
}

/// `gsm8k_train` of `data/gsm8k_train.jsonl.gz`.
fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split_once('.')
        .filter(|(stem, _)| !stem.is_empty())
        .map_or(&*name, |(stem, _)| stem)
        .to_owned()
}

struct Reader {
    extractor: Extractor,
    rows: std::iter::Enumerate<RowStream>,
    file: PathBuf,
    stem: String,
    seen: HashMap<ProblemId, Place>,
}

impl Iterator for Reader {
    type Item = (usize, Result<Problem, RowFault>);

    fn next(&mut self) -> Option<Self::Item> {
        let (number, row) = self.rows.next()?;
        Some((number, self.problem(number, row)))
    }
}

impl Reader {
    fn problem(&mut self, number: usize, row: Row) -> Result<Problem, RowFault> {
        let default = ProblemId::new(format!("{}/{number}", self.stem));
        let fault = |id: &ProblemId, message: String| RowFault {
            file: self.file.clone(),
            row: number,
            line: row.line,
            id: id.clone(),
            message,
        };
        let fields = row.fields.map_err(|message| fault(&default, message))?;
        let id = self
            .extractor
            .id(&fields, &default)
            .map_err(|message| fault(&default, message))?;
        if let Some(first) = self.seen.get(&id) {
            return Err(fault(
                &default,
                format!(
                    "its id `{id}` is already that of {first}; give each problem its own, or leave `id` out to number the rows"
                ),
            ));
        }
        let problem = self
            .extractor
            .problem(id.clone(), &fields)
            .map_err(|message| fault(&id, message))?;
        self.seen.insert(id, Place(number, row.line));
        Ok(problem)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use proptest::prelude::*;
    use tempfile::TempDir;

    use super::*;
    use crate::{Mapping, Preset};

    fn file(name: &str, content: impl AsRef<[u8]>) -> (TempDir, DatasetSource) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        (dir, DatasetSource::new(path))
    }

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    fn ids(source: &DatasetSource) -> Vec<String> {
        read_problems(source)
            .unwrap()
            .map(|row| row.unwrap().id.to_string())
            .collect()
    }

    fn faults((dir, source): &(TempDir, DatasetSource)) -> String {
        let faults = load(source).unwrap().faults;
        let lines: Vec<_> = faults.iter().map(ToString::to_string).collect();
        lines
            .join("\n")
            .replace(&format!("{}/", dir.path().display()), "")
    }

    fn latin1(text: &str) -> Vec<u8> {
        text.chars().map(|letter| letter as u8).collect()
    }

    fn ten() -> String {
        (0..10)
            .map(|n| format!("{{\"id\": \"p{n}\", \"prompt\": \"{n}?\"}}\n"))
            .collect()
    }

    #[test]
    fn every_format_is_known_by_its_bytes_and_not_by_its_name() {
        let lines = "\u{feff}{\"prompt\": \"a\"}\r\n\n{\"prompt\": \"b\"}";
        let array = " [{\"prompt\": \"a\"}, {\"prompt\": \"b\"}]\n";
        for content in [lines, array] {
            for bytes in [content.as_bytes().to_vec(), gzip(content.as_bytes())] {
                let (_dir, source) = file("set.v1.txt", bytes);
                assert_eq!(ids(&source), ["set/0", "set/1"]);
            }
        }
    }

    #[test]
    fn a_gzipped_parquet_file_is_read_too() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.parquet");
        crate::write_parquet(&path, &[crate::Column::text("prompt", [Some("a"), Some("b")])]).unwrap();
        assert_eq!(ids(&DatasetSource::new(&path)), ["t/0", "t/1"]);
        std::fs::write(&path, gzip(&std::fs::read(&path).unwrap())).unwrap();
        assert_eq!(ids(&DatasetSource::new(&path)), ["t/0", "t/1"]);
    }

    #[test]
    fn invalid_lines_are_faults_and_the_others_are_read() {
        let set = file(
            "set.jsonl",
            b"{\"id\": \"a\", \"prompt\": \"a\"}\n{\"prompt\": \n[1]\n\n\"\xff\"\n{\"id\": \"a\", \"prompt\": \"b\"}\n{\"id\": \"x\", \"promt\": \"c\"}\n{\"id\": 7, \"prompt\": \"d\"}\n",
        );
        let problems = load(&set.1).unwrap().problems;
        assert_eq!(
            problems
                .iter()
                .map(|problem| problem.id.as_str())
                .collect::<Vec<_>>(),
            ["a", "7"]
        );
        insta::assert_snapshot!(faults(&set), @r#"
set.jsonl, line 2: the line is no JSON: EOF while parsing a value at column 11; mend or remove it
set.jsonl, line 3: the line is JSON but no object `{…}`; each row is one object
set.jsonl, line 5: byte 2 is not UTF-8; write the file as UTF-8
set.jsonl, line 6: its id `a` is already that of line 1; give each problem its own, or leave `id` out to number the rows
set.jsonl, line 7: the row has no field `prompt`; the nearest is `promt`
"#);
        let fault = &load(&set.1).unwrap().faults[4];
        assert_eq!((fault.row, fault.line, fault.id.as_str()), (5, Some(7), "x"));
        assert_eq!(fault.to_fault().class, FaultClass::MalformedInput);
    }

    #[test]
    fn a_file_that_ends_early_is_a_fault_of_its_last_row() {
        let whole = gzip(ten().repeat(40).replace("\"id\"", "\"name\"").as_bytes());
        let set = file("set.jsonl.gz", &whole[..whole.len() - 12]);
        let faults = load(&set.1).unwrap().faults;
        assert!(
            faults
                .last()
                .unwrap()
                .message
                .contains("the rest of the file can't be read"),
            "{faults:?}"
        );
    }

    #[test]
    fn broken_whole_files_are_errors() {
        let error = |name: &str, content: &[u8]| {
            let (dir, source) = file(name, content);
            let error = load(&source).unwrap_err().to_string();
            error.replace(&format!("{}/", dir.path().display()), "")
        };
        insta::assert_snapshot!(error("a.json", b"[{\"prompt\": \"a\"}, "), @r#"
a.json can't be read as a JSON array of objects: EOF while parsing a value at line 1 column 18
  hint: the file begins with `[`, so it must be one whole array; JSONL has one `{…}` a line instead
"#);
        insta::assert_snapshot!(error("a.parquet", b"PAR1 and no more"), @r#"
a.parquet can't be read as Parquet: Parquet error: Invalid Parquet file. Corrupt footer
  hint: the file is cut short or damaged: fetch it again
"#);
        let missing = load(&DatasetSource::new("no-such-file.jsonl")).unwrap_err();
        insta::assert_snapshot!(missing, @r#"can't open no-such-file.jsonl: No such file or directory (os error 2)"#);
    }

    #[test]
    fn rows_are_cut_then_shuffled_then_limited() {
        let (_dir, mut source) = file("set.jsonl", ten());
        source.rows = Some("2..8".parse().unwrap());
        assert_eq!(ids(&source), ["p2", "p3", "p4", "p5", "p6", "p7"]);
        source.shuffle = Some(1);
        let shuffled = ids(&source);
        assert_ne!(shuffled, ["p2", "p3", "p4", "p5", "p6", "p7"]);
        assert_eq!(shuffled, ids(&source));
        source.limit = Some(2);
        assert_eq!(ids(&source), shuffled[..2]);
        source.shuffle = Some(2);
        source.limit = None;
        assert_ne!(ids(&source), shuffled);
    }

    #[test]
    fn the_digest_is_of_the_bytes_on_disk() {
        let packed = gzip(ten().as_bytes());
        let (_dir, source) = file("set.jsonl.gz", &packed);
        assert_eq!(load(&source).unwrap().sha256, Digest::of(&packed));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_bytes_make_the_reader_panic(
            head in prop::sample::select(&["", "PAR1", "\x1f\u{8b}\x08\0", "[", "{\"prompt\":"][..]),
            bytes in prop::collection::vec(any::<u8>(), 0..200),
            tail in prop::sample::select(&["", "\x10\0\0\0PAR1", "\n{\"prompt\": \"a\"}"][..]),
        ) {
            let (_dir, source) = file("any", [latin1(head), bytes, latin1(tail)].concat());
            for preset in [None, Some(Preset::Gsm8k)] {
                let source = DatasetSource { preset, mapping: Mapping::default(), ..source.clone() };
                let _ = load(&source);
            }
        }
    }
}
