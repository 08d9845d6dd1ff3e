//! Names in Python source, read without a parser: enough to see what tests call and what a program defines.

use std::collections::BTreeSet;

/// Names that are Python's own: never a program's.
const BUILT_IN: &[&str] = &[
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BaseException",
    "EOFError",
    "Exception",
    "False",
    "FloatingPointError",
    "ImportError",
    "IndexError",
    "KeyError",
    "LookupError",
    "MemoryError",
    "NameError",
    "None",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "RecursionError",
    "RuntimeError",
    "StopIteration",
    "SyntaxError",
    "SystemExit",
    "True",
    "TypeError",
    "UnicodeError",
    "ValueError",
    "ZeroDivisionError",
    "abs",
    "aiter",
    "all",
    "and",
    "anext",
    "any",
    "as",
    "ascii",
    "assert",
    "async",
    "await",
    "bin",
    "bool",
    "break",
    "breakpoint",
    "bytearray",
    "bytes",
    "callable",
    "case",
    "chr",
    "class",
    "classmethod",
    "compile",
    "complex",
    "continue",
    "def",
    "del",
    "delattr",
    "dict",
    "dir",
    "divmod",
    "elif",
    "else",
    "enumerate",
    "eval",
    "except",
    "exec",
    "filter",
    "finally",
    "float",
    "for",
    "format",
    "from",
    "frozenset",
    "getattr",
    "global",
    "globals",
    "hasattr",
    "hash",
    "help",
    "hex",
    "id",
    "if",
    "import",
    "in",
    "input",
    "int",
    "is",
    "isinstance",
    "issubclass",
    "iter",
    "lambda",
    "len",
    "list",
    "locals",
    "map",
    "match",
    "max",
    "memoryview",
    "min",
    "next",
    "nonlocal",
    "not",
    "object",
    "oct",
    "open",
    "or",
    "ord",
    "pass",
    "pow",
    "print",
    "property",
    "raise",
    "range",
    "repr",
    "return",
    "reversed",
    "round",
    "set",
    "setattr",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "try",
    "tuple",
    "type",
    "vars",
    "while",
    "with",
    "yield",
    "zip",
];

/// One name and what stands around it.
struct Name<'a> {
    text: &'a str,
    /// Whether a point stands before it: an attribute.
    is_attribute: bool,
    /// Whether `(` follows.
    is_called: bool,
    /// Whether it gets a value here: `def`, `class`, `import`, `as`, `for`, `=`.
    is_bound: bool,
}

/// Names that a source calls, which are neither Python's own nor bound in it; in their order, each once.
pub(crate) fn called(source: &str) -> Vec<String> {
    let names = names(source);
    let bound: BTreeSet<&str> = names
        .iter()
        .filter(|name| name.is_bound)
        .map(|name| name.text)
        .collect();
    let mut seen = BTreeSet::new();
    names
        .iter()
        .filter(|name| name.is_called && !name.is_attribute && !bound.contains(name.text))
        .filter(|name| BUILT_IN.binary_search(&name.text).is_err() && seen.insert(name.text))
        .map(|name| name.text.to_owned())
        .collect()
}

/// The first name that a source calls, Python's own included: some programs define a `sum` of theirs.
pub(crate) fn first_called(source: &str) -> Option<String> {
    let names = names(source);
    let first = names.iter().find(|name| name.is_called && !name.is_attribute)?;
    Some(first.text.to_owned())
}

fn names(source: &str) -> Vec<Name<'_>> {
    let bytes = source.as_bytes();
    let mut names: Vec<Name<'_>> = Vec::new();
    let (mut at, mut before, mut importing) = (0, "", false);
    let mut after_point = false;
    while let Some(char) = source[at..].chars().next() {
        let start = at;
        at += char.len_utf8();
        match char {
            '#' => at = source[at..].find('\n').map_or(source.len(), |end| at + end),
            '"' | '\'' => at = string_end(bytes, start),
            '\n' | ';' => (importing, before, after_point) = (false, "", false),
            char if char.is_alphabetic() || char == '_' => {
                let rest = &source[start..];
                let length = rest
                    .find(|char: char| !(char.is_alphanumeric() || char == '_'))
                    .unwrap_or(rest.len());
                at = start + length;
                let text = &rest[..length];
                // The prefix of a string: r"…", f'…'.
                if length <= 2 && matches!(bytes.get(at), Some(b'"' | b'\'')) {
                    continue;
                }
                let next = source[at..].trim_start_matches([' ', '\t']);
                importing |= text == "import" && !after_point;
                names.push(Name {
                    text,
                    is_attribute: after_point,
                    is_called: next.starts_with('('),
                    is_bound: !after_point
                        && (importing
                            || matches!(before, "def" | "class" | "as" | "for")
                            || next.starts_with('=') && !next.starts_with("==")),
                });
                (before, after_point) = (text, false);
            }
            char if char.is_ascii_digit() => {
                let rest = &source[start..];
                let length = rest
                    .find(|char: char| !(char.is_alphanumeric() || char == '_' || char == '.'))
                    .unwrap_or(rest.len());
                at = start + length;
                after_point = false;
            }
            '.' => after_point = true,
            ' ' | '\t' | '\r' => {}
            _ => (before, after_point) = ("", false),
        }
    }
    names
}

/// Where the string that starts at `start` ends, its closing quote included; the end of the source when it does not close.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let quote = bytes[start];
    let triple = bytes[start..].starts_with(&[quote; 3]);
    let close: &[u8] = &[quote; 3][..if triple { 3 } else { 1 }];
    let mut at = start + close.len();
    while at < bytes.len() {
        if bytes[at] == b'\\' {
            at += 2;
        } else if bytes[at..].starts_with(close) {
            return at + close.len();
        } else if bytes[at] == b'\n' && !triple {
            return at;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

/// Whether a source defines a name at its top level: `def`, `class`, or an assignment that starts a line.
pub(crate) fn defines(source: &str, name: &str) -> bool {
    source.lines().any(|line| {
        let line = line.strip_prefix("async ").unwrap_or(line);
        let rest = match line.strip_prefix("def ").or_else(|| line.strip_prefix("class ")) {
            Some(rest) => return starts_with_name(rest.trim_start(), name).is_some(),
            None => starts_with_name(line, name),
        };
        rest.is_some_and(|rest| {
            let rest = rest.trim_start();
            rest.starts_with('=') && !rest.starts_with("==") || rest.starts_with(':')
        })
    })
}

/// Whether the class `Solution` at the top level of a source has a method of that name.
pub(crate) fn solution_has(source: &str, method: &str) -> bool {
    let mut inside = false;
    for line in source.lines() {
        let text = line.trim_start();
        if text.len() == line.len() && !text.is_empty() && !text.starts_with('#') {
            inside = text
                .strip_prefix("class ")
                .is_some_and(|rest| starts_with_name(rest.trim_start(), "Solution").is_some());
        } else if inside {
            let text = text.strip_prefix("async ").unwrap_or(text);
            if text
                .strip_prefix("def ")
                .is_some_and(|rest| starts_with_name(rest.trim_start(), method).is_some())
            {
                return true;
            }
        }
    }
    false
}

fn starts_with_name<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.strip_prefix(name)
        .filter(|rest| !rest.starts_with(|char: char| char.is_alphanumeric() || char == '_'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn python_s_own_names_are_sorted() {
        assert!(BUILT_IN.is_sorted());
    }

    #[test]
    fn calls_are_found_outside_of_strings_comments_and_attributes() {
        assert_eq!(
            called("assert set(f((1, 2))) == set(g ([3])) # h()\nassert math.isclose(f(\"k()\"), r'x()')"),
            ["f", "g"]
        );
        assert_eq!(called("assert '''\nx()''' == y('\\'z()')"), ["y"]);
        assert_eq!(
            called("assert 1.5.is_integer() and 3 .bit_length() == w(2)"),
            ["w"]
        );
    }

    #[test]
    fn the_first_call_may_be_of_a_name_that_python_has_too() {
        assert_eq!(
            first_called("assert sum(10, abs(15)) == 6").as_deref(),
            Some("sum")
        );
        assert_eq!(first_called("assert x == 6"), None);
    }

    #[test]
    fn names_that_the_tests_bind_are_theirs() {
        assert_eq!(
            called(
                "from math import isclose, sqrt\nimport re\nroot = Node(1)\ndef h(): pass\nassert isclose(f(root), sqrt(2)) and h()"
            ),
            ["Node", "f"]
        );
    }

    #[test]
    fn definitions_stand_at_the_top_level() {
        assert!(defines("import x\ndef f (a):\n  pass", "f"));
        assert!(defines("async def f(a): pass", "f"));
        assert!(defines("class f: pass", "f"));
        assert!(defines("f = lambda x: x", "f"));
        assert!(defines("f: Callable = g", "f"));
        for source in [
            "    def f(): pass",
            "def ff(): pass",
            "f(1)",
            "f == 1",
            "# def f():",
            "",
        ] {
            assert!(!defines(source, "f"), "{source}");
        }
    }

    #[test]
    fn methods_are_looked_for_in_the_class_solution() {
        let source = "class Other:\n  def g(self): pass\nclass Solution(object):\n# note\n  def f(self):\n    pass\ndef h(self): pass\n";
        assert!(solution_has(source, "f"));
        assert!(!solution_has(source, "g"));
        assert!(!solution_has(source, "h"));
    }

    proptest! {
        #[test]
        fn no_source_makes_it_panic(source in r#"[a-z_ .'"\\\n#(=;é]{0,60}"#) {
            let _ = (called(&source), defines(&source, "a"), solution_has(&source, "a"));
        }
    }
}
