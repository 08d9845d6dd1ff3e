//! What every plugin must keep is noticed where it is not kept.

use restem_reward::{Property, conformance};

use crate::evil::{blot, options, plugin, task};

/// How a property fails on a plugin that does these deeds.
fn failure(property: Property, deeds: &[&str]) -> Option<String> {
    let findings = conformance(&plugin(&options()), &[task("q", deeds)]);
    let finding = findings
        .into_iter()
        .find(|finding| finding.property == property)
        .unwrap();
    finding.failure.map(|failure| blot(&failure))
}

#[test]
fn a_plugin_that_counts_its_calls_depends_on_order_and_neighbours() {
    insta::assert_snapshot!(failure(Property::IndependentOfOrder, &["c", "o"]).unwrap(), @"problem `q`, completion 0: a reward of 1, then a reward of 0");
    insta::assert_snapshot!(failure(Property::IndependentOfNeighbours, &["o", "c"]).unwrap(), @"problem `q`, completion 1: a reward of 1, then a reward of 0");
    assert_eq!(failure(Property::Repeatable, &["c", "o"]), None);
}

#[test]
fn a_reward_of_nan_is_out_of_bounds() {
    let failure = failure(Property::Bounded, &["n"]).unwrap();
    assert!(failure.contains("a reward of NaN"), "{failure}");
}

#[test]
fn a_plugin_that_gives_up_on_what_it_does_not_know_does_not_tolerate_it() {
    let failure = failure(Property::ToleratesOdd, &["o"]).unwrap();
    assert!(failure.contains("I can't decide"), "{failure}");
}
