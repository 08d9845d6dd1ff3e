//! Python literals, as some data sets write the arguments of a call.

use restem_sdk::python::{Int, Value};

/// Reads one literal: numbers, strings, `None`, `True`, `False`, lists, tuples and dicts. None for anything else.
pub(crate) fn read(text: &str) -> Option<Value> {
    let mut reader = Reader { rest: text.trim() };
    let value = reader.value(0)?;
    reader.rest.is_empty().then_some(value)
}

struct Reader<'a> {
    rest: &'a str,
}

impl Reader<'_> {
    /// Takes `token` and the space behind it.
    fn eat(&mut self, token: &str) -> bool {
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest.trim_start();
                true
            }
            None => false,
        }
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        if depth > Value::MAX_DEPTH {
            return None;
        }
        match self.rest.chars().next()? {
            '[' => {
                self.eat("[");
                self.items("]", depth).map(|(items, _)| Value::List(items))
            }
            '(' => {
                self.eat("(");
                match self.items(")", depth)? {
                    (mut items, false) if items.len() == 1 => items.pop(),
                    (items, _) => Some(Value::Tuple(items)),
                }
            }
            '{' => self.dict(depth),
            quote @ ('"' | '\'') => self.string(quote),
            '+' | '-' | '.' | '0'..='9' => self.number(),
            _ => self.word(),
        }
    }

    /// Items up to `close`, and whether a comma stands behind the last.
    fn items(&mut self, close: &str, depth: usize) -> Option<(Vec<Value>, bool)> {
        let (mut items, mut comma) = (Vec::new(), true);
        while !self.eat(close) {
            if !comma {
                return None;
            }
            items.push(self.value(depth + 1)?);
            comma = self.eat(",");
        }
        Some((items, comma))
    }

    fn dict(&mut self, depth: usize) -> Option<Value> {
        self.eat("{");
        let (mut entries, mut comma) = (Vec::new(), true);
        while !self.eat("}") {
            if !comma {
                return None;
            }
            let key = self.value(depth + 1)?;
            if !self.eat(":") {
                return None;
            }
            entries.push((key, self.value(depth + 1)?));
            comma = self.eat(",");
        }
        Some(Value::Dict(entries))
    }

    fn string(&mut self, quote: char) -> Option<Value> {
        let mut text = String::new();
        let mut chars = self.rest.char_indices().skip(1);
        loop {
            match chars.next()? {
                (at, char) if char == quote => {
                    self.rest = self.rest[at + 1..].trim_start();
                    return Some(Value::Str(text));
                }
                (_, '\\') => text.push(match chars.next()?.1 {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    char @ ('\\' | '\'' | '"') => char,
                    _ => return None,
                }),
                (_, char) => text.push(char),
            }
        }
    }

    fn number(&mut self) -> Option<Value> {
        let inside = |char: char| char.is_ascii_alphanumeric() || matches!(char, '.' | '+' | '-');
        let length = self.rest.find(|char| !inside(char)).unwrap_or(self.rest.len());
        let text = &self.rest[..length];
        let value = match Int::parse(text) {
            Some(int) => Value::Int(int),
            None if text.bytes().any(|byte| byte.is_ascii_digit()) => {
                Value::Float(text.parse().ok().filter(|float: &f64| float.is_finite())?)
            }
            None => return None,
        };
        self.rest = self.rest[length..].trim_start();
        Some(value)
    }

    fn word(&mut self) -> Option<Value> {
        let words = [
            ("None", Value::None),
            ("True", Value::Bool(true)),
            ("False", Value::Bool(false)),
            ("null", Value::None),
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
        ];
        words
            .into_iter()
            .find_map(|(word, value)| self.eat(word).then_some(value))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn literals_are_read() {
        for (text, value) in [
            ("['aabb', \"it's\"]", r#"["aabb", "it's"]"#),
            ("(1, 2.5, -3)", r#"{"tuple": [1, 2.5, -3]}"#),
            ("(1,)", r#"{"tuple": [1]}"#),
            ("(1)", "1"),
            ("[[], None, True,]", "[[], null, true]"),
            ("{'a': 1, 2: []}", r#"{"dict": [["a", 1], [2, []]]}"#),
            (
                " 123456789012345678901234567890 ",
                "123456789012345678901234567890",
            ),
            (r"'a\n\'b'", r#""a\n'b""#),
            ("1e3", "1000.0"),
        ] {
            assert_eq!(read(text), Some(Value::parse(value).unwrap()), "{text}");
        }
    }

    #[test]
    fn anything_else_is_text_for_the_caller() {
        for text in [
            "adfa", "", "1 2", "[1", "Truely", "1-2", "x(1)", "{1}", "'a' 'b'", "--1", "+",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(read(&"[".repeat(100_000)), None);
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(text in r#"[\[\](){}'",: 0-9eE.+\-\\aNné]{0,40}"#) {
            let _ = read(&text);
        }
    }
}
