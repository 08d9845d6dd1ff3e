//! Values in the encoding of the WIT file.

use std::fmt::{self, Write};

use super::Value;

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("null"),
            Self::Bool(bool) => write!(f, "{bool}"),
            Self::Int(int) => write!(f, "{int}"),
            Self::Float(float) => print_float(f, *float),
            Self::Str(text) => print_text(f, text),
            Self::CodePoints(points) => {
                f.write_str("{\"str\":")?;
                list(f, points, |f, point| write!(f, "{point}"))?;
                f.write_char('}')
            }
            Self::List(items) => print_list(f, items),
            Self::Tuple(items) => tagged(f, "tuple", items),
            Self::Set(items) => tagged(f, "set", items),
            Self::Frozenset(items) => tagged(f, "frozenset", items),
            Self::Dict(entries) => {
                f.write_str("{\"dict\":")?;
                list(f, entries, |f, (key, value)| write!(f, "[{key},{value}]"))?;
                f.write_char('}')
            }
            Self::Bytes(bytes) => {
                f.write_str("{\"bytes\":\"")?;
                bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))?;
                f.write_str("\"}")
            }
            Self::Complex(real, imaginary) => {
                f.write_str("{\"complex\":[")?;
                print_float(f, *real)?;
                f.write_char(',')?;
                print_float(f, *imaginary)?;
                f.write_str("]}")
            }
            Self::Other { type_name, repr } => {
                f.write_str("{\"other\":{\"type\":")?;
                print_text(f, type_name)?;
                f.write_str(",\"repr\":")?;
                print_text(f, repr)?;
                f.write_str("}}")
            }
        }
    }
}

fn list<T>(
    f: &mut fmt::Formatter<'_>,
    items: &[T],
    print: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    f.write_char('[')?;
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            f.write_char(',')?;
        }
        print(f, item)?;
    }
    f.write_char(']')
}

fn print_list(f: &mut fmt::Formatter<'_>, items: &[Value]) -> fmt::Result {
    list(f, items, |f, item| write!(f, "{item}"))
}

fn tagged(f: &mut fmt::Formatter<'_>, tag: &str, items: &[Value]) -> fmt::Result {
    write!(f, "{{\"{tag}\":")?;
    print_list(f, items)?;
    f.write_char('}')
}

fn print_float(f: &mut fmt::Formatter<'_>, float: f64) -> fmt::Result {
    if float.is_nan() {
        f.write_str("{\"float\":\"nan\"}")
    } else if float.is_infinite() {
        f.write_str(if float > 0.0 {
            "{\"float\":\"inf\"}"
        } else {
            "{\"float\":\"-inf\"}"
        })
    } else {
        // The shortest digits that read back as the same float, always with a point or an exponent.
        write!(f, "{float:?}")
    }
}

fn print_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for char in text.chars() {
        match char {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            char if char < ' ' => write!(f, "\\u{:04x}", char as u32)?,
            char => f.write_char(char)?,
        }
    }
    f.write_char('"')
}
