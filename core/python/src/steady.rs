//! That a module's code changes nothing of an instance but its memory and its globals.
//!
//! What a snapshot keeps, and what is put back between two runs, is the memory and the globals: a table that changes while the
//! module runs would be neither.

use wasmparser::{FunctionBody, Operator};

use crate::PythonError;

/// Refuses a function that changes a table or drops its elements.
pub(crate) fn check(function: &FunctionBody<'_>) -> Result<(), PythonError> {
    let unreadable = |error: wasmparser::BinaryReaderError| PythonError::Module {
        what: format!("it can't be read: {error}"),
    };
    let mut operators = function.get_operators_reader().map_err(unreadable)?;
    while !operators.eof() {
        let operator = operators.read().map_err(unreadable)?;
        if matches!(
            operator,
            Operator::TableSet { .. }
                | Operator::TableGrow { .. }
                | Operator::TableFill { .. }
                | Operator::TableCopy { .. }
                | Operator::TableInit { .. }
                | Operator::ElemDrop { .. }
        ) {
            return Err(PythonError::Module {
                what: "its code changes its table, which a snapshot can't keep".to_owned(),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::rewrite;

    fn with_code(code: &str) -> Result<Vec<u8>, crate::PythonError> {
        let text = format!(
            "(module (memory (export \"memory\") 1) (table 4 funcref) (elem $e func 0) (global (mut i32) (i32.const 0))
               (func {code}))"
        );
        rewrite::with_exports(&wat::parse_str(text).unwrap())
    }

    #[test]
    fn code_that_changes_memory_and_globals_is_taken() {
        let code = "(i32.store (i32.const 8) (i32.const 1)) (memory.copy (i32.const 0) (i32.const 8) (i32.const 4))
                    (global.set 0 (i32.const 7)) (drop (table.get 0 (i32.const 0))) (drop (memory.grow (i32.const 1)))";
        with_code(code).unwrap();
    }

    #[test]
    fn code_that_changes_a_table_is_refused() {
        for code in [
            "(table.set 0 (i32.const 1) (ref.func 0))",
            "(drop (table.grow 0 (ref.null func) (i32.const 1)))",
            "(table.fill 0 (i32.const 0) (ref.null func) (i32.const 1))",
            "(table.copy (i32.const 0) (i32.const 1) (i32.const 1))",
            "(table.init $e (i32.const 0) (i32.const 0) (i32.const 1))",
            "(elem.drop $e)",
        ] {
            let error = with_code(code).unwrap_err().to_string();
            assert!(error.contains("changes its table"), "{code}: {error}");
        }
    }
}
