//! Identity testing at points modulo primes, for rational expressions that are too large to expand.
//!
//! Equal rational functions take the same value modulo a prime wherever both are defined there, so one difference is proof. Agreement
//! everywhere is evidence: the primes are drawn from all those of 61 bits by the two expressions themselves, so that no answer can be
//! made to fit them, and the points by the names of the variables.

pub(crate) mod arithmetic;
mod prime;
mod program;

#[cfg(test)]
mod tests;

use crate::budget::Budget;
use crate::tree::Expr;
use prime::Generator;
use program::{Program, Stop};

/// What points modulo primes say about two expressions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// They agree at every point.
    Equal {
        /// At how many, modulo what.
        evidence: String,
    },
    /// They differ, certainly.
    Different {
        /// Modulo which prime, and where.
        witness: String,
    },
}

/// Primes for expressions with variables, and points for each.
const PRIMES: usize = 2;
const POINTS: usize = 4;

/// Primes for numbers, which have but one point each.
const PRIMES_FOR_NUMBERS: usize = 3;

/// How many primes or points may fall on a zero of a denominator before the expression is taken to be undefined everywhere.
const MISSES: usize = 4;

/// Compares two rational expressions: numbers, variables, sums, products, and powers with whole exponents, which may be huge.
///
/// None for any other expression, when one side is undefined at every point, and when the budget is not enough.
#[must_use]
pub fn compare(one: &Expr, other: &Expr, budget: &mut Budget) -> Option<Verdict> {
    let one = Program::compile(one, budget)?;
    let other = Program::compile(other, budget)?;
    let mut names = one.variables().clone();
    names.extend(other.variables().iter().cloned());
    let mut generator = Generator::seeded([one.fingerprint(), other.fingerprint()]);
    let (primes, points) = if names.is_empty() {
        (PRIMES_FOR_NUMBERS, 1)
    } else {
        (PRIMES, POINTS)
    };
    let (mut agreed, mut misses) = (0, 0);
    while agreed < primes * points {
        let field = prime::next(&mut generator, budget)?;
        let (one, other) = match (one.modulo(&field, budget), other.modulo(&field, budget)) {
            (Ok(one), Ok(other)) => (one, other),
            (Err(Stop::TooMuch), _) | (_, Err(Stop::TooMuch)) => return None,
            _ => {
                misses += 1;
                if misses > MISSES {
                    return None;
                }
                continue;
            }
        };
        let mut here = 0;
        while here < points {
            let point = generator.point(&names, &field);
            match (one.at(&point, budget), other.at(&point, budget)) {
                (Ok(left), Ok(right)) if left == right => here += 1,
                (Ok(_), Ok(_)) => {
                    return Some(Verdict::Different {
                        witness: witness(&field, &point),
                    });
                }
                (Err(Stop::TooMuch), _) | (_, Err(Stop::TooMuch)) => return None,
                _ => {
                    misses += 1;
                    if misses > MISSES {
                        return None;
                    }
                    if names.is_empty() {
                        break;
                    }
                }
            }
        }
        agreed += here;
    }
    let evidence = if names.is_empty() {
        format!("equal modulo {primes} primes of 61 bits")
    } else {
        format!("equal at {agreed} points modulo {primes} primes of 61 bits")
    };
    Some(Verdict::Equal { evidence })
}

fn witness(field: &arithmetic::Field, point: &program::Point) -> String {
    let values: Vec<String> = point
        .iter()
        .map(|(name, value)| format!("{name} = {}", field.residue(*value)))
        .collect();
    let at = if values.is_empty() { "" } else { " at " };
    format!(
        "they differ modulo the prime {}{at}{}",
        field.modulus(),
        values.join(", ")
    )
}
