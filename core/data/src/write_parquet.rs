//! Parquet.

use std::path::Path;
use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};
use restem_em::Digest;

use crate::atomic::write_atomically;
use crate::{Column, DataError, Values};

/// Rows per group: what a reader holds in memory at once.
const ROW_GROUP: usize = 1 << 16;

/// Writes a table, zstd-compressed, the whole file or nothing, and returns the digest of its bytes.
///
/// # Errors
/// [`DataError`] when the columns differ in length or the file can't be written.
pub fn write_parquet(path: &Path, columns: &[Column]) -> Result<Digest, DataError> {
    let rows = columns.first().map_or(0, |column| column.values.len());
    if let Some(odd) = columns.iter().find(|column| column.values.len() != rows) {
        return Err(DataError::UnequalColumns {
            first: columns[0].name.clone(),
            column: odd.name.clone(),
            current: odd.values.len(),
            requested: rows,
        });
    }
    write_atomically(path, |file| {
        write_table(file, columns, rows).map_err(|error| DataError::Encode {
            path: path.to_owned(),
            reason: error.to_string(),
        })
    })
}

fn write_table(
    file: impl std::io::Write + Send,
    columns: &[Column],
    rows: usize,
) -> Result<(), ParquetError> {
    let compression = Compression::ZSTD(ZstdLevel::default());
    let properties = WriterProperties::builder().set_compression(compression).build();
    let mut writer = SerializedFileWriter::new(file, schema(columns)?, Arc::new(properties))?;
    for start in (0..rows).step_by(ROW_GROUP) {
        let mut group = writer.next_row_group()?;
        for column in columns {
            write_column(&mut group, &column.values, start..rows.min(start + ROW_GROUP))?;
        }
        group.close()?;
    }
    writer.close()?;
    Ok(())
}

fn schema(columns: &[Column]) -> Result<TypePtr, ParquetError> {
    let field = |column: &Column| {
        let (physical, logical) = match column.values {
            Values::Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Values::Integer(_) => (Physical::INT64, None),
            Values::Unsigned(_) => (Physical::INT64, Some(LogicalType::integer(64, false))),
            Values::Float(_) => (Physical::DOUBLE, None),
            Values::Boolean(_) => (Physical::BOOLEAN, None),
        };
        let field = Type::primitive_type_builder(&column.name, physical)
            .with_logical_type(logical)
            .with_repetition(Repetition::OPTIONAL)
            .build()?;
        Ok(Arc::new(field))
    };
    let fields = columns.iter().map(field).collect::<Result<_, ParquetError>>()?;
    Ok(Arc::new(
        Type::group_type_builder("rows").with_fields(fields).build()?,
    ))
}

fn write_column<W: std::io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &Values,
    rows: std::ops::Range<usize>,
) -> Result<(), ParquetError> {
    match values {
        Values::Text(values) => write_values::<ByteArrayType, _, _>(group, &values[rows], |text: &String| {
            ByteArray::from(text.as_str())
        }),
        Values::Integer(values) => {
            write_values::<Int64Type, _, _>(group, &values[rows], |value: &i64| *value)
        }
        Values::Unsigned(values) => {
            write_values::<Int64Type, _, _>(group, &values[rows], |value: &u64| value.cast_signed())
        }
        Values::Float(values) => write_values::<DoubleType, _, _>(group, &values[rows], |value: &f64| *value),
        Values::Boolean(values) => {
            write_values::<BoolType, _, _>(group, &values[rows], |value: &bool| *value)
        }
    }
}

fn write_values<D: DataType, V, W: std::io::Write + Send>(
    group: &mut SerializedRowGroupWriter<'_, W>,
    values: &[Option<V>],
    physical: impl Fn(&V) -> D::T,
) -> Result<(), ParquetError> {
    let present: Vec<D::T> = values.iter().flatten().map(physical).collect();
    let levels: Vec<i16> = values.iter().map(|value| value.is_some().into()).collect();
    let mut column = group
        .next_column()?
        .ok_or_else(|| ParquetError::General("the schema has fewer columns than the table".to_owned()))?;
    column.typed::<D>().write_batch(&present, Some(&levels), None)?;
    column.close()
}

#[cfg(test)]
mod tests {
    use restem_em::Example;

    use super::*;
    use crate::{DatasetSource, example_columns, load};

    #[test]
    fn what_is_written_is_read_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("examples.parquet");
        let example = |index: usize| Example {
            problem: format!("p{index}").as_str().into(),
            prompt: format!("{index} é?"),
            completion: " 1".to_owned(),
            weight: 0.5,
        };
        let examples: Vec<_> = (0..3).map(example).collect();
        write_parquet(&path, &example_columns(&examples)).unwrap();
        let mut source = DatasetSource::new(&path);
        source.mapping.id = Some("problem".to_owned());
        source.mapping.reference = Some("weight".to_owned());
        let dataset = load(&source).unwrap();
        assert_eq!(dataset.faults, []);
        assert_eq!(dataset.problems[2].prompt, "2 é?");
        assert_eq!(dataset.problems[2].reference.as_deref(), Some("0.5"));
    }

    #[test]
    fn every_kind_of_value_and_null_survives() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("t.parquet");
        let column = |name: &str, values| Column {
            name: name.to_owned(),
            values,
        };
        let columns = [
            column(
                "prompt",
                Values::Text(vec![Some("a".to_owned()), Some("b".to_owned())]),
            ),
            column("i", Values::Integer(vec![Some(-3), None])),
            column("u", Values::Unsigned(vec![Some(u64::MAX), None])),
            column("f", Values::Float(vec![Some(0.1), None])),
            column("b", Values::Boolean(vec![Some(true), None])),
        ];
        write_parquet(&path, &columns).unwrap();
        let mut source = DatasetSource::new(&path);
        let fields = ["i", "u", "f", "b"].map(str::to_owned).to_vec();
        source.mapping.metadata = Some(crate::MetadataMapping::Fields(fields));
        let problems = load(&source).unwrap().problems;
        let metadata = |row: usize| serde_json::Value::from(problems[row].metadata.clone());
        assert_eq!(
            metadata(0),
            serde_json::json!({"i": -3, "u": u64::MAX, "f": 0.1, "b": true})
        );
        assert_eq!(
            metadata(1),
            serde_json::json!({"i": null, "u": null, "f": null, "b": null})
        );
    }

    #[test]
    fn columns_of_unequal_length_are_refused() {
        let columns = [Column::text("a", [Some("x")]), Column::unsigned("b", [1, 2])];
        insta::assert_snapshot!(write_parquet(Path::new("never"), &columns).unwrap_err(), @"column `b` has 2 rows, `a` has 1: columns of a table must be equally long");
    }
}
