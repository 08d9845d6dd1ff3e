//! Expressions at points.

use dashu_int::ops::BitTest;
use dashu_ratio::RBig;

use super::cost;
use super::elementary;
use super::failure::Failure;
use super::functions;
use super::point::Point;
use super::power;
use super::rectangle::Rectangle;
use super::value::Value;
use crate::budget::Budget;
use crate::tree::{Constant, Expr};

/// What an expression evaluates to, and how.
pub struct Evaluated {
    /// Its value.
    pub value: Value,
    /// Whether every step on the way was real: `√x √x` is real at -1, but not all the way.
    pub real: bool,
}

/// Evaluates an expression at a point, to about so many bits.
///
/// # Errors
/// Where it has no value, its value is not known, more precision is needed, or the budget is used up.
pub fn evaluate(expr: &Expr, point: &Point, bits: usize, budget: &mut Budget) -> Result<Evaluated, Failure> {
    let mut evaluation = Evaluation {
        point,
        bits,
        budget,
        real: true,
    };
    let value = evaluation.value(expr)?;
    Ok(Evaluated {
        value,
        real: evaluation.real,
    })
}

struct Evaluation<'a> {
    point: &'a Point,
    bits: usize,
    budget: &'a mut Budget,
    real: bool,
}

impl Evaluation<'_> {
    fn value(&mut self, expr: &Expr) -> Result<Value, Failure> {
        let value = self.step(expr)?;
        self.real &= value.is_real();
        Ok(value)
    }

    fn step(&mut self, expr: &Expr) -> Result<Value, Failure> {
        let bits = self.bits;
        match expr {
            Expr::Number(number) => {
                let length = number.numerator().bit_len().max(number.denominator().bit_len());
                self.spend(cost::arithmetic(bits.max(length)))?;
                Ok(Value::rational(number.clone(), bits))
            }
            Expr::Constant(Constant::Pi) => {
                self.spend(cost::arithmetic(bits))?;
                Ok(Value::real(elementary::pi(bits)?))
            }
            Expr::Constant(Constant::E) => self.exp(&Value::Exact(RBig::ONE)),
            Expr::Constant(Constant::I) => Ok(Value::complex(Rectangle::i())),
            Expr::Constant(Constant::Infinity) => Err(Failure::Unsupported("infinity is not a number")),
            Expr::Variable(name) => {
                self.spend(1)?;
                let value = self
                    .point
                    .get(name)
                    .ok_or(Failure::Unsupported("a letter has no value"))?;
                Ok(Value::rational(value.clone(), bits))
            }
            Expr::Sum(terms) => self.fold(terms, 0, Value::plus),
            Expr::Product(factors) => self.fold(factors, 1, Value::times),
            Expr::Power(base, exponent) if **base == Expr::Constant(Constant::E) => {
                let exponent = self.value(exponent)?;
                self.exp(&exponent)
            }
            Expr::Power(base, exponent) => {
                let (base, exponent) = (self.value(base)?, self.value(exponent)?);
                self.spend(cost::power(&base, &exponent, bits))?;
                power::power(&base, &exponent, bits)
            }
            Expr::Root(degree, radicand) => {
                let radicand = self.value(radicand)?;
                self.spend(cost::root(*degree, &radicand, bits))?;
                power::root(*degree, &radicand, bits)
            }
            Expr::Apply(function, arguments) => {
                let values = arguments
                    .iter()
                    .map(|argument| self.value(argument))
                    .collect::<Result<Vec<_>, _>>()?;
                self.spend(cost::function(function, &values, bits))?;
                functions::apply(function, &values, bits)
            }
        }
    }

    fn fold(
        &mut self,
        items: &[Expr],
        start: u8,
        step: fn(&Value, &Value, usize) -> Value,
    ) -> Result<Value, Failure> {
        let Some((first, rest)) = items.split_first() else {
            return Ok(Value::Exact(start.into()));
        };
        let mut result = self.value(first)?;
        for item in rest {
            let value = self.value(item)?;
            self.spend(cost::operation(&result, &value, self.bits))?;
            result = step(&result, &value, self.bits);
            self.real &= result.is_real();
        }
        Ok(result)
    }

    fn exp(&mut self, exponent: &Value) -> Result<Value, Failure> {
        self.spend(cost::elementary(self.bits) * cost::weight(exponent))?;
        exponent.exp(self.bits)
    }

    fn spend(&mut self, units: u64) -> Result<(), Failure> {
        Ok(self.budget.spend(units)?)
    }
}
