//! Two expressions, compared by their values.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::decimal::{plain, shown};
use super::dyadic::signed;
use super::evaluate::evaluate;
use super::failure::Failure;
use super::point::{Kind, Point, collect_letters};
use super::value::{Likeness, Value};
use super::{FULL, LAST, Numeric, QUICK};
use crate::budget::Budget;
use crate::tree::{Constant, Expr, Function};

/// Binary digits that values must share at [`FULL`] precision: 60 decimal ones.
const SHARED: i64 = 200;

/// Bits between 288 and 640, for a second opinion on constants that agree.
const SECOND: usize = 448;

/// Bits of a precision that may be lost on the way to a result.
const LOST: i64 = 88;

/// Binary digits that values must share at the least, when there are not even that many bits to lose.
const FEW: i64 = 40;

/// Points that must agree.
const WANTED: usize = 5;

/// Points that are looked at in any case, to find differences quickly.
const LOOK: u64 = 8;

/// Points that are looked at when many of them are of no use.
const TRIES: u64 = 32;

/// Points with real values on both sides that make those with others not count.
const REAL: usize = 3;

/// Compares two expressions at points, or two constants at growing precision.
pub fn compare(a: &Expr, b: &Expr, budget: &mut Budget) -> Numeric {
    if let Some(why) = unknown(a).or_else(|| unknown(b)) {
        return undecided(why);
    }
    let mut letters = BTreeSet::new();
    collect_letters(a, &mut letters);
    collect_letters(b, &mut letters);
    let comparison = Comparison { a, b, budget };
    if letters.is_empty() {
        comparison.constants()
    } else {
        comparison.functions(&letters)
    }
}

/// What makes every evaluation of an expression fail.
fn unknown(expr: &Expr) -> Option<&'static str> {
    let any = |items: &[Expr]| items.iter().find_map(unknown);
    match expr {
        Expr::Apply(Function::Named(_), _) => Some("a function's values are not known"),
        Expr::Constant(Constant::Infinity) => Some("infinity is not a number"),
        Expr::Sum(items) | Expr::Product(items) | Expr::Apply(_, items) => any(items),
        Expr::Power(base, exponent) => unknown(base).or_else(|| unknown(exponent)),
        Expr::Root(_, radicand) => unknown(radicand),
        Expr::Number(_) | Expr::Constant(_) | Expr::Variable(_) => None,
    }
}

struct Comparison<'a> {
    a: &'a Expr,
    b: &'a Expr,
    budget: &'a mut Budget,
}

/// Both values at a point.
struct Pair {
    a: Value,
    b: Value,
    real: bool,
}

/// A point where both sides have values that do not rule out equality, or do so only for complex numbers.
struct Sample {
    point: Point,
    real: bool,
    difference: Option<String>,
}

impl Comparison<'_> {
    fn constants(mut self) -> Numeric {
        let nowhere = Point::default();
        let mut agreed = Vec::new();
        let mut failed = None;
        for bits in [QUICK, FULL, SECOND, LAST] {
            if agreed.len() > 1 && agreed.contains(&SECOND) {
                break;
            }
            match self.at(&nowhere, bits) {
                Ok(Pair { a, b, .. }) => match a.likeness(&b, bits) {
                    Likeness::Apart => {
                        return Numeric::Different {
                            witness: witness(None, &a, &b),
                        };
                    }
                    Likeness::Same => {
                        return Numeric::Equal {
                            evidence: format!("both are {}", shown(&a, 20)),
                        };
                    }
                    Likeness::Open => {
                        if a.agrees(&b, digits(bits), bits) {
                            agreed.push(bits);
                        }
                    }
                },
                Err(failure) => {
                    failed = Some(failure);
                    if failure != Failure::Imprecise {
                        break;
                    }
                }
            }
        }
        match agreed.as_slice() {
            [.., last] if agreed.len() > 1 && *last >= FULL => {
                let decimals = digits(*last) * 30_103 / 100_000;
                Numeric::Equal {
                    evidence: format!("both agree to {decimals} digits"),
                }
            }
            _ => match failed {
                Some(failure) => undecided(format!("a value cannot be computed: {failure}")),
                None => undecided("no difference was found, but too few digits either"),
            },
        }
    }

    fn functions(mut self, letters: &BTreeSet<Rc<str>>) -> Numeric {
        let kind = match (Kind::of(self.a), Kind::of(self.b)) {
            (Kind::Rational, Kind::Rational) => Kind::Rational,
            _ => Kind::Integer,
        };
        let mut seen: Vec<Point> = Vec::new();
        let mut samples: Vec<Sample> = Vec::new();
        for number in 0..TRIES {
            if number >= LOOK && enough(&samples) {
                break;
            }
            let point = Point::of_sequence(letters, number, kind);
            if seen.contains(&point) {
                continue;
            }
            seen.push(point.clone());
            let found = match self.at(&point, QUICK) {
                Err(Failure::Imprecise) => self.at(&point, FULL),
                found => found,
            };
            match found {
                Ok(Pair { a, b, real }) => {
                    let apart = a.likeness(&b, QUICK) == Likeness::Apart;
                    let difference = apart.then(|| witness(Some(&point), &a, &b));
                    match difference {
                        Some(witness) if real => return Numeric::Different { witness },
                        difference => samples.push(Sample {
                            point,
                            real,
                            difference,
                        }),
                    }
                }
                Err(Failure::TooMuch(why)) => return undecided(why),
                Err(_) => {}
            }
        }
        let passed_over = seen.len() - samples.len();
        self.verdict(samples, passed_over)
    }

    /// Confirms at full precision what a first look did not rule out.
    fn verdict(mut self, mut samples: Vec<Sample>, mut passed_over: usize) -> Numeric {
        let real = samples.iter().filter(|sample| sample.real).count();
        let differ = samples.iter_mut().find_map(|sample| sample.difference.take());
        if let Some(witness) = differ {
            if real < REAL {
                return Numeric::Different { witness };
            }
            // Where a side is not real, branches differ: ln x² and 2 ln x are one function on the positive numbers.
            passed_over += samples.len() - real;
            samples.retain(|sample| sample.real);
        }
        let usable = samples.len();
        let mut agreeing = 0;
        for sample in &samples {
            if agreeing == WANTED {
                break;
            }
            for bits in [FULL, LAST] {
                match self.at(&sample.point, bits) {
                    Ok(Pair { a, b, .. }) => match a.likeness(&b, bits) {
                        Likeness::Apart if sample.real || real < REAL => {
                            return Numeric::Different {
                                witness: witness(Some(&sample.point), &a, &b),
                            };
                        }
                        Likeness::Apart => break,
                        Likeness::Same => {
                            agreeing += 1;
                            break;
                        }
                        Likeness::Open => {
                            if a.agrees(&b, SHARED, bits) {
                                agreeing += 1;
                                break;
                            }
                        }
                    },
                    Err(Failure::TooMuch(why)) => return undecided(why),
                    Err(_) => {}
                }
            }
        }
        let others = if passed_over > 0 {
            format!(", {passed_over} passed over")
        } else {
            String::new()
        };
        if agreeing == WANTED {
            Numeric::Equal {
                evidence: format!("both agree to 60 digits at {agreeing} points{others}"),
            }
        } else {
            undecided(format!("only {agreeing} of {usable} points confirm it{others}"))
        }
    }

    fn at(&mut self, point: &Point, bits: usize) -> Result<Pair, Failure> {
        let a = evaluate(self.a, point, bits, self.budget)?;
        let b = evaluate(self.b, point, bits, self.budget)?;
        Ok(Pair {
            real: a.real && b.real,
            a: a.value,
            b: b.value,
        })
    }
}

/// Whether more points would add nothing: there are enough real ones, or there seem to be none.
fn enough(samples: &[Sample]) -> bool {
    let real = samples.iter().filter(|sample| sample.real).count();
    real >= WANTED || (real == 0 && samples.len() >= WANTED)
}

/// Binary digits that values of this precision must share.
fn digits(bits: usize) -> i64 {
    (signed(bits) - LOST).max(FEW)
}

fn undecided(why: impl std::fmt::Display) -> Numeric {
    Numeric::Undecided { why: why.to_string() }
}

/// Both values, to as many digits as it takes to tell them apart.
fn witness(point: Option<&Point>, a: &Value, b: &Value) -> String {
    let place = point.map(|point| format!("at {point}: ")).unwrap_or_default();
    let digits = [10, 20, 40, 80, 160];
    let enough = digits
        .into_iter()
        .find(|&digits| plain(a, digits) != plain(b, digits))
        .unwrap_or(digits[0]);
    format!("{place}{} and {}", shown(a, enough), shown(b, enough))
}
