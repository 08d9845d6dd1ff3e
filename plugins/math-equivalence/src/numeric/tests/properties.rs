//! What holds of any expression.

use std::collections::BTreeSet;
use std::rc::Rc;

use proptest::prelude::*;

use super::*;
use crate::numeric::evaluate::evaluate;
use crate::numeric::point::{Kind, Point};
use crate::numeric::value::Likeness;
use crate::numeric::{Numeric, canonical, compare, sign};

/// Any expression with the letters x and y, and any constants.
fn expression() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        4 => (-12_i64..13, 1_u64..8).prop_map(|(n, d)| frac(n, d)),
        1 => any::<i64>().prop_map(int),
        1 => (any::<i64>(), 1_u64..).prop_map(|(n, d)| frac(n, d)),
        1 => Just(pi()),
        1 => Just(e()),
        1 => Just(i()),
        3 => Just(x()),
        2 => Just(y()),
    ];
    leaf.prop_recursive(5, 24, 3, |inner| {
        let function = prop::sample::select(vec![
            Function::Sin,
            Function::Cos,
            Function::Tan,
            Function::Arcsin,
            Function::Arccos,
            Function::Arctan,
            Function::Sinh,
            Function::Cosh,
            Function::Tanh,
            Function::Ln,
            Function::Abs,
            Function::Floor,
            Function::Ceil,
            Function::Factorial,
            Function::Binomial,
            Function::Max,
            Function::Min,
            Function::Gcd,
            Function::Lcm,
        ]);
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 0..4).prop_map(Expr::Sum),
            3 => prop::collection::vec(inner.clone(), 0..4).prop_map(Expr::Product),
            2 => (inner.clone(), inner.clone()).prop_map(|(base, exponent)| base.to(exponent)),
            2 => (inner.clone(), -4_i64..5).prop_map(|(base, exponent)| base.to(int(exponent))),
            1 => (inner.clone(), -5_i64..6, 2_u64..5).prop_map(|(base, n, d)| base.to(frac(n, d))),
            2 => (0_u32..6, inner.clone()).prop_map(|(degree, of)| Expr::Root(degree, Box::new(of))),
            3 => (function, prop::collection::vec(inner, 0..3)).prop_map(|(f, of)| Expr::Apply(f, of)),
        ]
    })
}

/// The same in another form: the other way round, and with something added that is nothing.
fn rewritten(expr: &Expr) -> Expr {
    match expr {
        Expr::Sum(items) => {
            let mut terms: Vec<Expr> = items.iter().rev().map(rewritten).collect();
            terms.extend([sqrt(int(2)), int(2).to(frac(1, 2)).negated()]);
            Expr::Sum(terms)
        }
        Expr::Product(items) => {
            let mut factors: Vec<Expr> = items.iter().rev().map(rewritten).collect();
            factors.extend([pi(), frac(1, 3), int(3), pi().inverted()]);
            Expr::Product(factors)
        }
        Expr::Apply(function, of) => Expr::Apply(function.clone(), of.iter().map(rewritten).collect()),
        other => other.clone(),
    }
}

fn letters() -> BTreeSet<Rc<str>> {
    ["x", "y"].into_iter().map(Rc::from).collect()
}

proptest! {
    #[test]
    fn enclosures_of_any_precision_have_the_value_in_common(expr in expression(), number in 0_u64..8) {
        let point = Point::of_sequence(&letters(), number, Kind::of(&expr));
        let coarse = evaluate(&expr, &point, 64, &mut budget());
        let fine = evaluate(&expr, &point, 300, &mut Budget::of(400_000));
        if let (Ok(coarse), Ok(fine)) = (coarse, fine) {
            let likeness = coarse.value.likeness(&fine.value, 300);
            prop_assert_ne!(likeness, Likeness::Apart, "{:?} and {:?}", coarse.value, fine.value);
        }
    }

    #[test]
    fn rewriting_never_makes_a_difference(expr in expression()) {
        let other = rewritten(&expr);
        for verdict in [compare(&expr, &expr, &mut budget()), compare(&expr, &other, &mut budget())] {
            let different = matches!(verdict, Numeric::Different { .. });
            prop_assert!(!different, "{:?}: {:?}", other, verdict);
        }
    }

    #[test]
    fn a_small_change_never_goes_unnoticed(expr in expression()) {
        let changed = expr.clone().plus(frac(1, 1_000_000_007));
        let verdict = compare(&expr, &changed, &mut budget());
        let equal = matches!(verdict, Numeric::Equal { .. });
        prop_assert!(!equal, "{:?}", verdict);
    }

    #[test]
    fn questions_have_the_same_answer_every_time(a in expression(), b in expression()) {
        prop_assert_eq!(compare(&a, &b, &mut budget()), compare(&a, &b, &mut budget()));
        prop_assert_eq!(canonical(&a, &mut budget()), canonical(&a, &mut budget()));
        let opposite = sign(&a.clone().negated(), &mut budget()).map(std::cmp::Ordering::reverse);
        if let (Some(one), Some(other)) = (sign(&a, &mut budget()), opposite) {
            prop_assert_eq!(one, other);
        }
    }
}
