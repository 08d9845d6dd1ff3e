//! Rational functions.

use super::*;

fn canonical(expr: &Expr) -> Option<String> {
    form_of(expr).canonical()
}

#[test]
fn numbers_are_added_and_multiplied_exactly() {
    let sum = ratio(1, 3).plus(ratio(1, 6)).times(integer(4));
    assert_eq!(
        form_of(&sum).as_rational().map(|value| value.to_string()),
        Some("2".to_owned())
    );
    assert_eq!(form_of(&sum).as_integer(), Some(2.into()));
    assert_eq!(canonical(&integer(-7).over(integer(2))).as_deref(), Some("-7/2"));
}

#[test]
fn products_of_sums_are_expanded() {
    let square = x().plus(integer(1)).to(integer(2));
    assert_equal(
        &square,
        &x().to(integer(2)).plus(x().times(integer(2))).plus(integer(1)),
    );
    assert_different(&square, &x().to(integer(2)).plus(integer(1)));
    assert_eq!(canonical(&square).as_deref(), Some("x^2 + 2*x + 1"));
    let two = minus(x(), y()).times(x().plus(y()));
    assert_equal(&two, &minus(x().to(integer(2)), y().to(integer(2))));
    assert_eq!(canonical(&two).as_deref(), Some("x^2 - y^2"));
}

#[test]
fn quotients_in_one_letter_are_in_lowest_terms() {
    let quotient =
        minus(x().to(integer(2)), integer(1)).over(x().to(integer(2)).plus(minus(x(), integer(2))));
    assert_eq!(canonical(&quotient).as_deref(), Some("(x + 1)/(x + 2)"));
    let turned = minus(integer(1), x()).inverted();
    assert_eq!(canonical(&turned).as_deref(), Some("-1/(x - 1)"));
    let halves = x().over(integer(2).times(x()).plus(integer(4)));
    assert_eq!(canonical(&halves).as_deref(), Some("1/2*x/(x + 2)"));
    let polynomial = minus(x().to(integer(3)), integer(1)).over(minus(x(), integer(1)));
    assert_eq!(canonical(&polynomial).as_deref(), Some("x^2 + x + 1"));
}

#[test]
fn common_letters_leave_fractions() {
    assert_eq!(
        canonical(&x().times(y()).over(x().times(y()).times(x()))).as_deref(),
        Some("x^(-1)")
    );
    let nested = integer(1).over(integer(1).plus(x().inverted()));
    assert_equal(&nested, &x().over(x().plus(integer(1))));
    assert_eq!(canonical(&nested).as_deref(), Some("x/(x + 1)"));
    let below = integer(1).over(x().to(integer(2)).plus(x()));
    assert_eq!(canonical(&below).as_deref(), Some("1/(x^2 + x)"));
}

#[test]
fn quotients_in_several_letters_compare_without_lowest_terms() {
    let quotient = minus(x().to(integer(2)), y().to(integer(2))).over(minus(x(), y()));
    assert_equal(&quotient, &x().plus(y()));
    assert_different(&quotient, &minus(x(), y()));
    assert_eq!(canonical(&x().plus(y()).over(minus(x(), y()))), None);
    let one = minus(x(), y()).over(minus(y(), x()));
    assert_eq!(canonical(&one).as_deref(), Some("-1"));
}

#[test]
fn a_numerator_in_more_letters_is_divided_coefficient_by_coefficient() {
    let above = y().times(minus(x().to(integer(2)), integer(1)));
    let quotient = above.over(minus(x(), integer(1)));
    assert_eq!(canonical(&quotient).as_deref(), Some("x*y + y"));
}

#[test]
fn division_by_what_is_zero_is_an_error() {
    let zero = minus(x().plus(integer(1)), integer(1).plus(x()));
    assert_eq!(try_form(&zero.clone().inverted()), Err(NoForm::DividesByZero));
    assert_eq!(try_form(&zero.clone().to(integer(0))), Err(NoForm::Unsupported));
    assert_eq!(
        try_form(&zero.to(integer(3))).map(|form| form.is_zero()),
        Ok(true)
    );
}

#[test]
fn infinity_has_no_normal_form() {
    let infinity = Expr::Constant(Constant::Infinity);
    assert_eq!(try_form(&infinity.plus(integer(1))), Err(NoForm::Infinite));
}

#[test]
fn polynomials_are_told_from_other_functions() {
    let is_polynomial = |expr: &Expr| form_of(expr).is_polynomial();
    assert!(is_polynomial(&integer(3)));
    assert!(is_polynomial(
        &pi().times(x().to(integer(2))).plus(root(2, integer(2)))
    ));
    assert!(is_polynomial(&of(Function::Sin, integer(1)).times(x())));
    assert!(!is_polynomial(&x().inverted()));
    assert!(!is_polynomial(&root(2, x())));
    assert!(!is_polynomial(&x().plus(integer(1)).inverted()));
    assert!(!is_polynomial(&of(Function::Sin, x())));
    assert!(!is_polynomial(&integer(2).to(x())));
}

#[test]
fn variables_are_found_at_any_depth() {
    let expr = of(Function::Ln, x().plus(y())).times(integer(2).to(Expr::variable("n")));
    let names: Vec<String> = form_of(&expr)
        .variables()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(names, ["n", "x", "y"]);
}

#[test]
fn equations_are_in_proportion_or_not() {
    let ratio_of = |one: &Expr, other: &Expr| {
        super::super::ratio_is_constant(&form_of(one), &form_of(other), &mut budget()).expect("cheap")
    };
    let constant = |negative| {
        Some(super::super::Ratio {
            constant: true,
            negative,
        })
    };
    let no = Some(super::super::Ratio {
        constant: false,
        negative: None,
    });
    let line = minus(integer(2).times(x()), integer(4).times(y()));
    assert_eq!(
        ratio_of(&line, &minus(integer(2).times(y()), x())),
        constant(Some(true))
    );
    assert_eq!(
        ratio_of(&line, &minus(x(), integer(2).times(y()))),
        constant(Some(false))
    );
    assert_eq!(ratio_of(&line, &minus(x(), y())), no);
    assert_eq!(ratio_of(&line, &minus(x(), integer(2).times(y())).times(x())), no);
    let scaled = minus(root(2, integer(2)).times(x()), root(2, integer(6)));
    assert_eq!(
        ratio_of(&scaled, &minus(x(), root(2, integer(3)))),
        constant(Some(false))
    );
    assert_eq!(ratio_of(&scaled, &minus(x(), root(2, integer(2)))), no);
    let circle = minus(x().over(y()), y().over(x()));
    assert_eq!(
        ratio_of(&circle, &minus(x().to(integer(2)), y().to(integer(2)))),
        constant(None)
    );
    assert_eq!(ratio_of(&x().to(integer(2)), &x()), no);
    assert_eq!(ratio_of(&integer(0), &integer(0)), constant(Some(false)));
    assert_eq!(ratio_of(&integer(0), &x()), no);
    assert_eq!(ratio_of(&integer(2), &integer(-3)), constant(Some(true)));
    assert_eq!(ratio_of(&i().times(x()), &x()), constant(None));
}
