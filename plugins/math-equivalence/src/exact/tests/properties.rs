//! Normal forms against exact evaluation, on generated expressions.

use dashu_ratio::RBig;
use proptest::prelude::*;

use super::*;

/// Rational functions of two letters.
fn rational() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        (-9i64..10, 1i64..6).prop_map(|(above, below)| ratio(above, below)),
        (-9i64..10).prop_map(integer),
        Just(x()),
        Just(y()),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Expr::Sum),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Expr::Product),
            (inner.clone(), -2i64..4).prop_map(|(base, exponent)| base.to(integer(exponent))),
            inner.prop_map(Expr::inverted),
        ]
    })
}

/// Expressions with roots and functions too.
fn any_expr() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        (-9i64..10, 1i64..6).prop_map(|(above, below)| ratio(above, below)),
        Just(x()),
        Just(y()),
        Just(pi()),
        Just(e()),
        Just(i()),
    ];
    leaf.prop_recursive(4, 16, 3, |inner| {
        let functions = prop::sample::select(vec![
            Function::Sin,
            Function::Cos,
            Function::Tan,
            Function::Arcsin,
            Function::Arctan,
            Function::Cosh,
            Function::Ln,
            Function::Abs,
            Function::Floor,
            Function::Factorial,
            Function::Named("f".into()),
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 1..4).prop_map(Expr::Sum),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Expr::Product),
            (inner.clone(), inner.clone()).prop_map(|(base, exponent)| base.to(exponent)),
            (inner.clone(), -3i64..4, 2i64..4).prop_map(|(base, above, below)| base.to(ratio(above, below))),
            (2u32..5, inner.clone()).prop_map(|(index, radicand)| root(index, radicand)),
            (functions, inner).prop_map(|(function, argument)| of(function, argument)),
        ]
    })
}

/// Expressions small enough that two of them are often equal.
fn small() -> impl Strategy<Value = Expr> {
    let leaf = prop_oneof![
        prop::sample::select(vec![-3, -2, -1, 0, 1, 2, 3, 4, 8]).prop_map(integer),
        (1i64..4, 2i64..5).prop_map(|(above, below)| ratio(above, below)),
        Just(pi()),
        Just(e()),
        Just(i()),
        Just(x()),
    ];
    leaf.prop_recursive(2, 6, 2, |inner| {
        let functions = prop::sample::select(vec![
            Function::Sin,
            Function::Cos,
            Function::Tan,
            Function::Arcsin,
            Function::Arccos,
            Function::Arctan,
            Function::Sinh,
            Function::Tanh,
            Function::Ln,
            Function::Abs,
            Function::Floor,
            Function::Ceil,
            Function::Factorial,
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 2).prop_map(Expr::Sum),
            prop::collection::vec(inner.clone(), 2).prop_map(Expr::Product),
            (inner.clone(), inner.clone()).prop_map(|(base, exponent)| base.to(exponent)),
            (2u32..4, inner.clone()).prop_map(|(index, radicand)| root(index, radicand)),
            (functions, inner).prop_map(|(function, argument)| of(function, argument)),
        ]
    })
}

/// The value of a rational expression; None where it divides by zero.
fn value(expr: &Expr, at: &[RBig; 2]) -> Option<RBig> {
    Some(match expr {
        Expr::Number(value) => value.clone(),
        Expr::Variable(name) if &**name == "x" => at[0].clone(),
        Expr::Variable(_) => at[1].clone(),
        Expr::Sum(terms) => {
            let mut sum = RBig::ZERO;
            for term in terms {
                sum += value(term, at)?;
            }
            sum
        }
        Expr::Product(factors) => {
            let mut product = RBig::ONE;
            for factor in factors {
                product *= value(factor, at)?;
            }
            product
        }
        Expr::Power(base, exponent) => {
            let base = value(base, at)?;
            let exponent = value(exponent, at)?;
            let exponent = isize::try_from(exponent.numerator()).ok()?;
            if base.is_zero() && exponent <= 0 {
                return None;
            }
            base.pow(exponent)
        }
        _ => return None,
    })
}

fn points() -> [[RBig; 2]; 3] {
    let rational = |above: i32, below: u32| RBig::from_parts(above.into(), below.into());
    [
        [rational(17, 13), rational(-29, 11)],
        [rational(-101, 7), rational(53, 19)],
        [rational(997, 31), rational(211, 37)],
    ]
}

/// The same expression in other words.
fn rewritten(expr: &Expr, choice: u32) -> Expr {
    let next = choice.rotate_left(5).wrapping_mul(2_654_435_761).wrapping_add(1);
    let all = |parts: &[Expr]| {
        let mut parts: Vec<Expr> = parts.iter().map(|part| rewritten(part, next)).collect();
        if choice & 1 == 1 {
            parts.reverse();
        }
        parts
    };
    let same = match expr {
        Expr::Sum(terms) => Expr::Sum(all(terms)),
        Expr::Product(factors) => match factors.as_slice() {
            // Multiplied out.
            [first, Expr::Sum(terms)] if choice & 2 == 2 => Expr::Sum(
                terms
                    .iter()
                    .map(|term| first.clone().times(term.clone()))
                    .collect(),
            ),
            factors => Expr::Product(all(factors)),
        },
        Expr::Power(base, exponent) => rewritten(base, next).to(rewritten(exponent, next)),
        Expr::Root(index, radicand) => root(*index, rewritten(radicand, next)),
        Expr::Apply(function, arguments) => Expr::Apply(
            function.clone(),
            arguments.iter().map(|part| rewritten(part, next)).collect(),
        ),
        other => other.clone(),
    };
    match choice >> 8 & 7 {
        0 => same.plus(integer(3)).plus(integer(-3)),
        1 => same.times(integer(6)).over(integer(6)),
        2 => same.negated().negated(),
        _ => same,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn normal_forms_and_intervals_never_contradict_each_other(one in small(), other in small()) {
        let (Ok(form), Ok(other_form)) = (try_form(&one), try_form(&other)) else { return Ok(()) };
        let Ok(verdict) = super::super::compare(&form, &other_form, &mut budget()) else { return Ok(()) };
        let numeric = crate::numeric::compare(&one, &other, &mut budget());
        let contradiction = matches!(
            (verdict, &numeric),
            (Verdict::Equal, crate::numeric::Numeric::Different { .. })
                | (Verdict::Different, crate::numeric::Numeric::Equal { .. })
        );
        prop_assert!(!contradiction, "{:?} but {:?}\n{:?}\n{:?}", verdict, numeric, one, other);
    }

    #[test]
    fn equal_forms_have_equal_values_and_different_ones_do_not(one in rational(), other in rational()) {
        let (Ok(form), Ok(other_form)) = (try_form(&one), try_form(&other)) else { return Ok(()) };
        let Ok(verdict) = super::super::compare(&form, &other_form, &mut budget()) else { return Ok(()) };
        let mut agree = true;
        for point in points() {
            if let (Some(left), Some(right)) = (value(&one, &point), value(&other, &point)) {
                agree &= left == right;
            }
        }
        prop_assert_eq!(verdict == Verdict::Equal, agree, "{:?}\n{:?}", one, other);
        prop_assert_ne!(verdict, Verdict::Open);
    }

    #[test]
    fn the_form_of_a_difference_is_its_value(expr in rational()) {
        let Ok(form) = try_form(&expr) else { return Ok(()) };
        for point in points() {
            let Some(value) = value(&expr, &point) else { continue };
            let letters = [("x", &point[0]), ("y", &point[1])];
            let at = letters.into_iter().fold(expr.clone(), |expr, (name, value)| substituted(&expr, name, value));
            prop_assert_eq!(form_of(&at).as_rational(), Some(value.clone()));
            prop_assert!(!form.is_zero() || value.is_zero());
        }
    }

    #[test]
    fn rewriting_keeps_equality(expr in any_expr(), choice in any::<u32>()) {
        let other = rewritten(&expr, choice);
        let (Ok(form), Ok(other_form)) = (try_form(&expr), try_form(&other)) else { return Ok(()) };
        match super::super::compare(&form, &other_form, &mut budget()) {
            Ok(verdict) => prop_assert_eq!(verdict, Verdict::Equal, "{:?}\n{:?}", expr, other),
            Err(_) => return Ok(()),
        }
        if form.canonical().is_some() {
            prop_assert_eq!(form.canonical(), other_form.canonical());
        }
    }

    #[test]
    fn another_coefficient_breaks_equality(expr in rational(), by in 1i64..5) {
        let changed = expr.clone().plus(integer(by).times(x()));
        let (Ok(form), Ok(other)) = (try_form(&expr), try_form(&changed)) else { return Ok(()) };
        if let Ok(verdict) = super::super::compare(&form, &other, &mut budget()) {
            prop_assert_eq!(verdict, Verdict::Different);
        }
    }

    #[test]
    fn a_number_added_never_leaves_an_expression_equal(expr in any_expr(), by in 1i64..5) {
        let changed = expr.clone().plus(integer(by));
        let (Ok(form), Ok(other)) = (try_form(&expr), try_form(&changed)) else { return Ok(()) };
        if let Ok(verdict) = super::super::compare(&form, &other, &mut budget()) {
            prop_assert_ne!(verdict, Verdict::Equal);
        }
    }

    #[test]
    fn nested_roots_are_those_of_squares(first in 1i64..30, second in -30i64..30, radicand in 2i64..30) {
        let sum = || integer(first).plus(integer(second).times(root(2, integer(radicand))));
        let nested = root(2, sum().times(sum()));
        assert_equal(&nested, &of(Function::Abs, sum()));
    }

    #[test]
    fn proportions_survive_scaling(expr in rational(), factor in prop_oneof![-9i64..0, 1i64..9]) {
        let scaled = expr.clone().times(integer(factor));
        let (Ok(form), Ok(other)) = (try_form(&expr), try_form(&scaled)) else { return Ok(()) };
        if form.is_zero() {
            return Ok(());
        }
        if let Ok(ratio) = super::super::ratio_is_constant(&form, &other, &mut budget()) {
            let negative = Some(factor < 0);
            prop_assert_eq!(ratio, Some(super::super::Ratio { constant: true, negative }));
        }
    }
}

fn substituted(expr: &Expr, name: &str, value: &RBig) -> Expr {
    let all = |parts: &[Expr]| parts.iter().map(|part| substituted(part, name, value)).collect();
    match expr {
        Expr::Variable(own) if &**own == name => Expr::Number(value.clone()),
        Expr::Sum(terms) => Expr::Sum(all(terms)),
        Expr::Product(factors) => Expr::Product(all(factors)),
        Expr::Power(base, exponent) => substituted(base, name, value).to((**exponent).clone()),
        other => other.clone(),
    }
}
