//! Named functions of values.

use std::cmp::Ordering;

use dashu_int::IBig;

use super::complex;
use super::counting;
use super::dyadic::Dyadic;
use super::failure::Failure;
use super::interval::Interval;
use super::real;
use super::rectangle::Rectangle;
use super::value::Value;
use crate::tree::Function;

/// Longest integer, in bits, whose floor is taken of an interval.
const FLOOR_BITS: i64 = 2048;

const ARGUMENTS: Failure = Failure::Unsupported("a function has the wrong number of arguments");
const UNKNOWN: Failure = Failure::Unsupported("a function's values are not known");
const NOT_REAL: Failure = Failure::Unsupported("a function of real numbers has an argument that is not real");

/// A function of something, to so many bits.
type Of<T> = fn(&T, usize) -> Result<T, Failure>;

/// A function of one variable on the real line, with what it is on the complex plane.
struct Elementary {
    real: Of<Interval>,
    complex: Option<Of<Rectangle>>,
}

/// The function's value.
///
/// # Errors
/// Where it has none, or it is not known.
pub fn apply(function: &Function, arguments: &[Value], bits: usize) -> Result<Value, Failure> {
    if let Some(elementary) = elementary(function) {
        let value = single(arguments)?;
        return match (value.interval(bits), elementary.complex) {
            (Some(interval), _) => Ok(Value::real((elementary.real)(&interval, bits)?)),
            (None, Some(complex)) => Ok(Value::complex(complex(&value.rectangle(bits), bits)?)),
            (None, None) => Err(NOT_REAL),
        };
    }
    match function {
        Function::Ln => single(arguments)?.ln(bits),
        Function::Abs => single(arguments)?.absolute(bits),
        Function::Floor => floor(single(arguments)?, bits),
        Function::Ceil => {
            let minus = Value::integer(-1, bits);
            Ok(floor(&single(arguments)?.times(&minus, bits), bits)?.times(&minus, bits))
        }
        Function::Factorial => counting::factorial(single(arguments)?, bits),
        Function::Binomial => match arguments {
            [n, k] => counting::binomial(n, k, bits),
            _ => Err(ARGUMENTS),
        },
        Function::Max => extreme(arguments, Ordering::Greater, bits),
        Function::Min => extreme(arguments, Ordering::Less, bits),
        Function::Gcd => counting::gcd(arguments, bits),
        Function::Lcm => counting::lcm(arguments, bits),
        _ => Err(UNKNOWN),
    }
}

fn elementary(function: &Function) -> Option<Elementary> {
    let everywhere = |real, complex| {
        Some(Elementary {
            real,
            complex: Some(complex),
        })
    };
    let on_the_line = |real| Some(Elementary { real, complex: None });
    match function {
        Function::Sin => everywhere(real::sin, complex::sin),
        Function::Cos => everywhere(real::cos, complex::cos),
        Function::Tan => everywhere(real::tan, complex::tan),
        Function::Sinh => everywhere(real::sinh, complex::sinh),
        Function::Cosh => everywhere(real::cosh, complex::cosh),
        Function::Tanh => everywhere(real::tanh, complex::tanh),
        Function::Arcsin => on_the_line(real::arcsin),
        Function::Arccos => on_the_line(real::arccos),
        Function::Arctan => on_the_line(real::arctan),
        _ => None,
    }
}

fn single(arguments: &[Value]) -> Result<&Value, Failure> {
    match arguments {
        [only] => Ok(only),
        _ => Err(ARGUMENTS),
    }
}

fn floor(value: &Value, bits: usize) -> Result<Value, Failure> {
    match value {
        Value::Exact(value) => Ok(Value::integer(value.floor(), bits)),
        Value::Real(interval) => {
            let of = |end: &Dyadic| -> Result<IBig, Failure> {
                if end.top() > FLOOR_BITS {
                    Err(Failure::Imprecise)
                } else {
                    Ok(end.scaled_floor(0))
                }
            };
            let (low, high) = (of(interval.low())?, of(interval.high())?);
            if low == high {
                Ok(Value::integer(low, bits))
            } else {
                Err(Failure::Imprecise)
            }
        }
        Value::Complex(_) => Err(NOT_REAL),
    }
}

/// The greatest or the least of real values.
fn extreme(values: &[Value], which: Ordering, bits: usize) -> Result<Value, Failure> {
    let (first, rest) = values.split_first().ok_or(ARGUMENTS)?;
    if !first.is_real() {
        return Err(NOT_REAL);
    }
    rest.iter().try_fold(first.clone(), |best, value| {
        if let (Value::Exact(a), Value::Exact(b)) = (&best, value) {
            return Ok(Value::Exact(if b.cmp(a) == which {
                b.clone()
            } else {
                a.clone()
            }));
        }
        let (Some(a), Some(b)) = (best.interval(bits), value.interval(bits)) else {
            return Err(NOT_REAL);
        };
        Ok(Value::real(if which == Ordering::Greater {
            a.greater(b)
        } else {
            a.lesser(b)
        }))
    })
}

#[cfg(test)]
mod tests {
    use dashu_ratio::RBig;

    use super::*;

    const BITS: usize = 100;

    fn exact(numerator: i64, denominator: u64) -> Value {
        Value::Exact(RBig::from_parts(numerator.into(), denominator.into()))
    }

    fn of(function: &Function, argument: &Value) -> Result<Value, Failure> {
        apply(function, std::slice::from_ref(argument), BITS)
    }

    fn pi() -> Value {
        Value::real(super::super::elementary::pi(BITS).expect("it is known"))
    }

    #[test]
    fn values_at_zero_and_one_are_exact() {
        let (zero, one) = (exact(0, 1), exact(1, 1));
        for function in [
            Function::Sin,
            Function::Tan,
            Function::Sinh,
            Function::Tanh,
            Function::Arcsin,
            Function::Arctan,
        ] {
            assert_eq!(of(&function, &zero), Ok(zero.clone()), "{function:?}");
        }
        assert_eq!(of(&Function::Cos, &zero), Ok(one.clone()));
        assert_eq!(of(&Function::Cosh, &zero), Ok(one.clone()));
        assert_eq!(of(&Function::Ln, &one), Ok(zero.clone()));
        assert_eq!(of(&Function::Arccos, &one), Ok(zero));
    }

    #[test]
    fn the_floor_of_an_interval_is_known_between_two_integers_only() {
        assert_eq!(of(&Function::Floor, &pi()), Ok(exact(3, 1)));
        assert_eq!(of(&Function::Ceil, &pi()), Ok(exact(4, 1)));
        assert_eq!(of(&Function::Floor, &exact(-7, 2)), Ok(exact(-4, 1)));
        assert_eq!(of(&Function::Ceil, &exact(-7, 2)), Ok(exact(-3, 1)));
        let three =
            Value::Real(Interval::around(3.into(), 0, 0, BITS).widened(&Dyadic::new(1.into(), -90), BITS));
        assert_eq!(of(&Function::Floor, &three), Err(Failure::Imprecise));
    }

    #[test]
    fn inverse_functions_are_defined_where_they_are_real() {
        assert_eq!(of(&Function::Arcsin, &exact(2, 1)), Err(Failure::Undefined));
        assert!(
            of(&Function::Arccos, &exact(-1, 1))
                .expect("it is pi")
                .agrees(&pi(), 90, BITS)
        );
        let Ok(Value::Real(right_angle)) = of(&Function::Arcsin, &exact(-1, 1)) else {
            panic!("it is real")
        };
        assert!(right_angle.high().is_negative());
    }

    #[test]
    fn the_greatest_and_the_least_are_found() {
        let values = [exact(1, 2), pi(), exact(-3, 1)];
        assert_eq!(apply(&Function::Max, &values, BITS), Ok(pi()));
        assert_eq!(apply(&Function::Min, &values, BITS), Ok(exact(-3, 1)));
        assert_eq!(apply(&Function::Max, &[], BITS), Err(ARGUMENTS));
    }

    #[test]
    fn complex_functions_agree_with_their_real_counterparts() {
        let i = Value::complex(Rectangle::i());
        let one = exact(1, 1);
        let turned = of(&Function::Sin, &i).expect("it is i sinh 1");
        assert!(turned.agrees(
            &i.times(&of(&Function::Sinh, &one).expect("it is real"), BITS),
            80,
            BITS
        ));
        let turned = of(&Function::Cos, &i).expect("it is cosh 1");
        assert!(turned.agrees(&of(&Function::Cosh, &one).expect("it is real"), 80, BITS));
        let turned = of(&Function::Tanh, &i).expect("it is i tan 1");
        assert!(turned.agrees(
            &i.times(&of(&Function::Tan, &one).expect("it is real"), BITS),
            80,
            BITS
        ));
        assert_eq!(of(&Function::Arctan, &i), Err(NOT_REAL));
    }
}
