//! Elementary functions of complex rectangles, from those of their parts.

use super::failure::Failure;
use super::interval::Interval;
use super::real;
use super::rectangle::Rectangle;

/// e to the power of z.
///
/// # Errors
/// A part is out of range.
pub fn exp(z: &Rectangle, bits: usize) -> Result<Rectangle, Failure> {
    let size = real::exp(&z.re, bits)?;
    Ok(Rectangle {
        re: real::cos(&z.im, bits)?,
        im: real::sin(&z.im, bits)?,
    }
    .scaled(&size, bits))
}

/// The principal logarithm of z.
///
/// # Errors
/// [`Failure::Undefined`] for 0; [`Failure::Imprecise`] when 0 or the negative real axis is too close.
pub fn ln(z: &Rectangle, bits: usize) -> Result<Rectangle, Failure> {
    let im = z.argument(bits)?;
    Ok(Rectangle {
        re: real::ln(&z.absolute(bits)?, bits)?,
        im,
    })
}

/// The sine of z.
///
/// # Errors
/// A part is out of range.
pub fn sin(z: &Rectangle, bits: usize) -> Result<Rectangle, Failure> {
    let parts = Parts::of(z, bits)?;
    Ok(Rectangle {
        re: parts.sin.times(&parts.cosh, bits),
        im: parts.cos.times(&parts.sinh, bits),
    })
}

/// The cosine of z.
///
/// # Errors
/// A part is out of range.
pub fn cos(z: &Rectangle, bits: usize) -> Result<Rectangle, Failure> {
    let parts = Parts::of(z, bits)?;
    Ok(Rectangle {
        re: parts.cos.times(&parts.cosh, bits),
        im: parts.sin.times(&parts.sinh, bits).negated(),
    })
}

/// The tangent of z.
///
/// # Errors
/// A part is out of range, or there may be a pole in z.
pub fn tan(z: &Rectangle, bits: usize) -> Result<Rectangle, Failure> {
    Ok(sin(z, bits)?.times(&cos(z, bits)?.inverse(bits)?, bits))
}

/// The hyperbolic sine of z.
///
/// # Errors
/// A part is out of range.
pub fn sinh(z: &Rectangle, bits: usize) -> Result<Rectangle, Failure> {
    let turned = Rectangle {
        re: z.im.negated(),
        im: z.re.clone(),
    };
    let Rectangle { re, im } = sin(&turned, bits)?;
    Ok(Rectangle {
        re: im,
        im: re.negated(),
    })
}

/// The hyperbolic cosine of z.
///
/// # Errors
/// A part is out of range.
pub fn cosh(z: &Rectangle, bits: usize) -> Result<Rectangle, Failure> {
    cos(
        &Rectangle {
            re: z.im.negated(),
            im: z.re.clone(),
        },
        bits,
    )
}

/// The hyperbolic tangent of z.
///
/// # Errors
/// A part is out of range, or there may be a pole in z.
pub fn tanh(z: &Rectangle, bits: usize) -> Result<Rectangle, Failure> {
    Ok(sinh(z, bits)?.times(&cosh(z, bits)?.inverse(bits)?, bits))
}

/// What both sine and cosine are made of: circular functions of the real part, hyperbolic ones of the imaginary part.
struct Parts {
    sin: Interval,
    cos: Interval,
    sinh: Interval,
    cosh: Interval,
}

impl Parts {
    fn of(z: &Rectangle, bits: usize) -> Result<Self, Failure> {
        Ok(Self {
            sin: real::sin(&z.re, bits)?,
            cos: real::cos(&z.re, bits)?,
            sinh: real::sinh(&z.im, bits)?,
            cosh: real::cosh(&z.im, bits)?,
        })
    }
}
