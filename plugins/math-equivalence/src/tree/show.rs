//! How trees are shown to people: names of nodes, and what is below them in brackets.

use std::fmt::{self, Display, Formatter};

use super::{Answer, Bracket, Constant, Expr, Function, Sign};

impl Display for Answer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(expr) => expr.fmt(f),
            Self::Quantity(expr, unit) => write!(f, "quantity({expr}, {})", unit.canonical()),
            Self::Relation(relation) => {
                write!(f, "relation(")?;
                for (at, side) in relation.sides.iter().enumerate() {
                    if at > 0 {
                        write!(f, " {} ", relation.signs[at - 1])?;
                    }
                    side.fmt(f)?;
                }
                write!(f, ")")
            }
            Self::Sequence(sequence) => {
                write!(f, "{}", if sequence.open == Bracket::Round { '(' } else { '[' })?;
                list(f, &sequence.items)?;
                write!(
                    f,
                    "{}",
                    if sequence.close == Bracket::Round {
                        ')'
                    } else {
                        ']'
                    }
                )
            }
            Self::List(items) => named(f, "list", items),
            Self::Set(items) => named(f, "set", items),
            Self::Union(parts) => named(f, "union", parts),
            Self::Without(from, removed) => write!(f, "without({from}, {removed})"),
            Self::Matrix(rows) => {
                write!(f, "matrix(")?;
                for (at, row) in rows.iter().enumerate() {
                    if at > 0 {
                        write!(f, "; ")?;
                    }
                    list(f, row)?;
                }
                write!(f, ")")
            }
            Self::Ratio(parts) => named(f, "ratio", parts),
            Self::Choice(letter) => write!(f, "option({letter})"),
            Self::Truth(true) => write!(f, "yes"),
            Self::Truth(false) => write!(f, "no"),
            Self::Text(text) => match &text.unread {
                None => write!(f, "words({:?})", text.spelling),
                Some(reason) => write!(f, "unread({:?}: {reason})", text.spelling),
            },
        }
    }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(value) => value.fmt(f),
            Self::Constant(constant) => constant.fmt(f),
            Self::Variable(name) => f.write_str(name),
            Self::Sum(terms) => named(f, "sum", terms),
            Self::Product(factors) => named(f, "product", factors),
            Self::Power(base, exponent) => write!(f, "power({base}, {exponent})"),
            Self::Root(index, of) => write!(f, "root({index}, {of})"),
            Self::Apply(function, arguments) => named(f, &function.to_string(), arguments),
        }
    }
}

impl Display for Constant {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pi => "pi",
            Self::E => "e",
            Self::I => "i",
            Self::Infinity => "∞",
        })
    }
}

impl Display for Function {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sin => "sin",
            Self::Cos => "cos",
            Self::Tan => "tan",
            Self::Arcsin => "arcsin",
            Self::Arccos => "arccos",
            Self::Arctan => "arctan",
            Self::Sinh => "sinh",
            Self::Cosh => "cosh",
            Self::Tanh => "tanh",
            Self::Ln => "ln",
            Self::Abs => "abs",
            Self::Floor => "floor",
            Self::Ceil => "ceil",
            Self::Factorial => "factorial",
            Self::Binomial => "binomial",
            Self::Max => "max",
            Self::Min => "min",
            Self::Gcd => "gcd",
            Self::Lcm => "lcm",
            Self::Named(name) => name,
        })
    }
}

impl Display for Sign {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Equal => "=",
            Self::NotEqual => "≠",
            Self::Less => "<",
            Self::LessOrEqual => "≤",
            Self::Greater => ">",
            Self::GreaterOrEqual => "≥",
            Self::Approximately => "≈",
            Self::In => "∈",
            Self::Congruent => "≡",
        })
    }
}

fn named<T: Display>(f: &mut Formatter<'_>, name: &str, items: &[T]) -> fmt::Result {
    write!(f, "{name}(")?;
    list(f, items)?;
    write!(f, ")")
}

fn list<T: Display>(f: &mut Formatter<'_>, items: &[T]) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            write!(f, ", ")?;
        }
        item.fmt(f)?;
    }
    Ok(())
}
