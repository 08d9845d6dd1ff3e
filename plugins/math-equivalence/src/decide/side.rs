//! Left sides that only name what the right side is: `x = 5`, `f(x) = 2x`, `\text{Area} = 3`.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::scalar::variables;
use crate::tree::{Answer, Expr, Relation, Sign};

/// The value that a chain of equations arrives at, if its first side names it.
///
/// `x = 2 + 3 = 5` is 5, and so is `x = 5 \approx 5.0`: what follows an approximation is none. `2x = 10` names nothing: it is an equation to solve.
pub(super) fn named_value(relation: &Relation) -> Option<&Answer> {
    if let ([element, set], [Sign::In]) = (relation.sides.as_slice(), relation.signs.as_slice()) {
        return names(element).then_some(set);
    }
    let equal = relation
        .signs
        .iter()
        .take_while(|sign| **sign == Sign::Equal)
        .count();
    let rest_approximates = relation.signs[equal..]
        .iter()
        .all(|sign| *sign == Sign::Approximately);
    if !rest_approximates {
        return None;
    }
    let named = names(&relation.sides[0]);
    if equal == 0 {
        // `x \approx 5` and `2/3 \approx 0.67`.
        return if named {
            relation.sides.get(1)
        } else {
            relation.sides.first().filter(|side| is_constant(side))
        };
    }
    (named || is_constant(&relation.sides[0])).then(|| &relation.sides[equal])
}

/// The value of `x = 2` with the variable's name.
pub(super) fn assignment(answer: &Answer) -> Option<(Rc<str>, Answer)> {
    let Answer::Relation(Relation { sides, signs }) = answer else {
        return None;
    };
    match (sides.as_slice(), signs.as_slice()) {
        ([Answer::Value(Expr::Variable(name)), value], [Sign::Equal]) => {
            Some((Rc::clone(name), value.clone()))
        }
        _ => None,
    }
}

/// Whether a side names a thing rather than says how to find it: words, a letter, a function of letters, letters multiplied or divided (`AB`, `f(x)`,
/// `a/b`), three letters or more added (`a + b + c`) that are not just coordinates. With numbers in it (`2x`, `x^2`, `4x - 5y`) it is an equation's side, and `x + y = 3` is a line.
pub(super) fn names(side: &Answer) -> bool {
    match side {
        Answer::Text(_) => true,
        Answer::Quantity(expr, _) | Answer::Value(expr) => match expr {
            Expr::Sum(terms) => {
                let letters = terms.iter().all(|term| matches!(term, Expr::Variable(_)));
                // `x + y + z = 0` is a plane.
                terms.len() > 2 && letters && !terms.iter().all(is_coordinate)
            }
            expr => is_factor_of_name(expr),
        },
        // `(x, y) = (1, 2)`
        Answer::Sequence(sequence) => sequence.items.iter().all(names),
        Answer::List(items) => items.iter().all(names),
        Answer::Ratio(parts) => parts.iter().all(|part| !free(part).is_empty()),
        _ => false,
    }
}

fn is_coordinate(expr: &Expr) -> bool {
    matches!(expr, Expr::Variable(name) if matches!(&**name, "x" | "y" | "z"))
}

fn is_factor_of_name(expr: &Expr) -> bool {
    match expr {
        Expr::Variable(_) => true,
        Expr::Apply(..) => !free(expr).is_empty(),
        Expr::Product(factors) => factors.iter().all(is_factor_of_name),
        Expr::Power(base, exponent) => {
            // `\sin^2 x`, `f^{-1}(x)` and what is divided by.
            let inverse = matches!(exponent.as_ref(), Expr::Number(power) if *power == (-1).into());
            is_factor_of_name(base) && (inverse || matches!(base.as_ref(), Expr::Apply(..)))
        }
        _ => false,
    }
}

fn is_constant(side: &Answer) -> bool {
    match side {
        Answer::Quantity(expr, _) | Answer::Value(expr) => free(expr).is_empty(),
        _ => false,
    }
}

fn free(expr: &Expr) -> BTreeSet<Rc<str>> {
    let mut found = BTreeSet::new();
    variables(expr, &mut found);
    found
}
