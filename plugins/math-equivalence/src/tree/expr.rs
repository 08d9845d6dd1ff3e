//! Scalar expressions.

use std::rc::Rc;

use dashu_int::IBig;
use dashu_ratio::RBig;

/// A scalar expression. There is no subtraction and no division: `a - b` is `a + (-1)b`, and `a / b` is `a * b^(-1)`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Expr {
    /// A rational number, exactly. Decimals are rationals too.
    Number(RBig),
    /// A named number.
    Constant(Constant),
    /// A letter, with its index: `x`, `x_1`, `\theta`.
    Variable(Rc<str>),
    /// A sum of any number of terms.
    Sum(Vec<Expr>),
    /// A product of any number of factors.
    Product(Vec<Expr>),
    /// Base and exponent.
    Power(Box<Expr>, Box<Expr>),
    /// The root of this index. Of a negative number an odd root is the real one (`\sqrt[3]{-8}` is -2) and a square root is the
    /// principal one.
    Root(u32, Box<Expr>),
    /// A function of its arguments.
    Apply(Function, Vec<Expr>),
}

/// Named numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Constant {
    /// 3.14…
    Pi,
    /// 2.71…
    E,
    /// The imaginary unit.
    I,
    /// Positive infinity. It takes part in no arithmetic but its sign.
    Infinity,
}

/// Functions. Each takes one argument unless it says otherwise.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Function {
    /// Sine of radians.
    Sin,
    /// Cosine of radians.
    Cos,
    /// Tangent of radians.
    Tan,
    /// Principal inverse sine.
    Arcsin,
    /// Principal inverse cosine.
    Arccos,
    /// Principal inverse tangent.
    Arctan,
    /// Hyperbolic sine.
    Sinh,
    /// Hyperbolic cosine.
    Cosh,
    /// Hyperbolic tangent.
    Tanh,
    /// Natural logarithm. A logarithm to another base is a quotient of two.
    Ln,
    /// Absolute value.
    Abs,
    /// Largest integer not above.
    Floor,
    /// Smallest integer not below.
    Ceil,
    /// `n!`
    Factorial,
    /// Two arguments: n over k.
    Binomial,
    /// The greatest of its arguments.
    Max,
    /// The least of its arguments.
    Min,
    /// Greatest common divisor of its arguments.
    Gcd,
    /// Least common multiple of its arguments.
    Lcm,
    /// Anything else with a name (`f`, `\int`, `\sum`): its values are unknown, and it equals only itself.
    Named(Rc<str>),
}

impl Expr {
    /// An integer.
    #[must_use]
    pub fn integer(value: impl Into<IBig>) -> Self {
        Self::Number(RBig::from(value.into()))
    }

    /// A letter.
    #[must_use]
    pub fn variable(name: &str) -> Self {
        Self::Variable(Rc::from(name))
    }

    /// The negative; of a number, the negative number.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Number(value) => Self::Number(-value),
            Self::Product(mut factors) => {
                if let Some(Self::Number(first)) = factors.first_mut() {
                    *first = -std::mem::take(first);
                } else {
                    factors.insert(0, Self::integer(-1));
                }
                Self::Product(factors)
            }
            other => Self::Product(vec![Self::integer(-1), other]),
        }
    }

    /// This to the power of -1.
    #[must_use]
    pub fn inverted(self) -> Self {
        Self::Power(Box::new(self), Box::new(Self::integer(-1)))
    }

    /// This over that; of two numbers the fraction, unless it is over zero.
    #[must_use]
    pub fn over(self, divisor: Self) -> Self {
        match (self, divisor) {
            (Self::Number(over), Self::Number(under)) if !under.is_zero() => Self::Number(over / under),
            (over, under) => Self::Product(vec![over, under.inverted()]),
        }
    }

    /// The sum of this and that.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        match self {
            Self::Sum(mut terms) => {
                terms.push(other);
                Self::Sum(terms)
            }
            first => Self::Sum(vec![first, other]),
        }
    }

    /// The product of this and that.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        match self {
            Self::Product(mut factors) => {
                factors.push(other);
                Self::Product(factors)
            }
            first => Self::Product(vec![first, other]),
        }
    }

    /// This to a power.
    #[must_use]
    pub fn to(self, exponent: Self) -> Self {
        Self::Power(Box::new(self), Box::new(exponent))
    }

    /// This function of one argument.
    #[must_use]
    pub fn apply(function: Function, argument: Self) -> Self {
        Self::Apply(function, vec![argument])
    }
}
