//! A JSON reader that keeps every digit: integers have no size here, and text may hold lone surrogates. It takes `NaN`,
//! `Infinity` and `-Infinity` for numbers, as Python writes them.

use super::{ReadError, Value};

/// JSON with numbers as they are written.
pub(crate) enum Json<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    /// Code points instead of a string where they hold a lone surrogate.
    Text(Result<String, Vec<u32>>),
    List(Vec<Json<'a>>),
    Object(Vec<(Result<String, Vec<u32>>, Json<'a>)>),
}

/// Reads a whole text.
pub(crate) fn read(text: &str) -> Result<Json<'_>, ReadError> {
    let mut reader = Reader { text, at: 0 };
    let json = reader.value(0)?;
    reader.spaces();
    if reader.at < text.len() {
        return Err(reader.error("the end"));
    }
    Ok(json)
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn error(&self, wanted: &'static str) -> ReadError {
        ReadError::Syntax { at: self.at, wanted }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn spaces(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, token: &str) -> bool {
        let found = self.text.as_bytes()[self.at..].starts_with(token.as_bytes());
        if found {
            self.at += token.len();
        }
        found
    }

    fn value(&mut self, depth: usize) -> Result<Json<'a>, ReadError> {
        if depth > Value::MAX_DEPTH {
            return Err(ReadError::TooDeep { at: self.at });
        }
        self.spaces();
        match self.peek() {
            Some(b'[') => self.items(b']', |reader| reader.value(depth + 1)).map(Json::List),
            Some(b'{') => self
                .items(b'}', |reader| {
                    reader.spaces();
                    let key = reader.string()?;
                    reader.spaces();
                    if !reader.eat(":") {
                        return Err(reader.error("`:`"));
                    }
                    Ok((key, reader.value(depth + 1)?))
                })
                .map(Json::Object),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number().map(Json::Number),
            _ if self.eat("NaN") => Ok(Json::Number("NaN")),
            _ if self.eat("Infinity") => Ok(Json::Number("Infinity")),
            _ if self.eat("null") => Ok(Json::Null),
            _ if self.eat("true") => Ok(Json::Bool(true)),
            _ if self.eat("false") => Ok(Json::Bool(false)),
            _ => Err(self.error("a value")),
        }
    }

    /// What stands between brackets, the opening one being next.
    fn items<T>(
        &mut self,
        close: u8,
        read: impl Fn(&mut Self) -> Result<T, ReadError>,
    ) -> Result<Vec<T>, ReadError> {
        self.at += 1;
        self.spaces();
        let mut items = Vec::new();
        if self.peek() == Some(close) {
            self.at += 1;
            return Ok(items);
        }
        loop {
            items.push(read(self)?);
            self.spaces();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(byte) if byte == close => {
                    self.at += 1;
                    return Ok(items);
                }
                _ => return Err(self.error("`,` or a closing bracket")),
            }
        }
    }

    fn digits(&mut self) -> Result<(), ReadError> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.error("a digit"));
        }
        Ok(())
    }

    fn number(&mut self) -> Result<&'a str, ReadError> {
        let start = self.at;
        if self.eat("-") && self.eat("Infinity") {
            return Ok("-Infinity");
        }
        self.digits()?;
        if self.eat(".") {
            self.digits()?;
        }
        if self.eat("e") || self.eat("E") {
            let _ = self.eat("+") || self.eat("-");
            self.digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    fn string(&mut self) -> Result<Result<String, Vec<u32>>, ReadError> {
        if !self.eat("\"") {
            return Err(self.error("a string"));
        }
        let mut text = String::new();
        // Filled from the first lone surrogate on.
        let mut points: Option<Vec<u32>> = None;
        loop {
            let rest = &self.text[self.at..];
            let Some(char) = rest.chars().next() else {
                return Err(self.error("a closing quote"));
            };
            let point = match char {
                '"' => {
                    self.at += 1;
                    return Ok(points.map_or(Ok(text), Err));
                }
                '\\' => self.escape()?,
                char => {
                    self.at += char.len_utf8();
                    char as u32
                }
            };
            match (&mut points, char::from_u32(point)) {
                (None, Some(char)) => text.push(char),
                (None, None) => points = Some(text.chars().map(u32::from).chain([point]).collect()),
                (Some(points), _) => points.push(point),
            }
        }
    }

    fn escape(&mut self) -> Result<u32, ReadError> {
        self.at += 1;
        let Some(kind) = self.peek() else {
            return Err(self.error("an escape"));
        };
        let simple = match kind {
            b'"' | b'\\' | b'/' => kind,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                self.at += 1;
                let high = self.unit()?;
                let before = self.at;
                if (0xd800..0xdc00).contains(&high) && self.eat("\\u") {
                    match self.unit()? {
                        low if (0xdc00..0xe000).contains(&low) => {
                            return Ok(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00));
                        }
                        _ => self.at = before,
                    }
                }
                return Ok(high);
            }
            _ => return Err(self.error("an escape")),
        };
        self.at += 1;
        Ok(simple.into())
    }

    fn unit(&mut self) -> Result<u32, ReadError> {
        let digits = self
            .text
            .get(self.at..self.at + 4)
            .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
            .ok_or_else(|| self.error("four hexadecimal digits"))?;
        self.at += 4;
        u32::from_str_radix(digits, 16).map_err(|_| self.error("four hexadecimal digits"))
    }
}
