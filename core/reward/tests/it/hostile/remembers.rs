//! Guests that keep something between calls, as if a reward might depend on its neighbours.

use restem_reward::Isolation;

use super::{DEED, evil_with};
use crate::evil::{options, rewards, rows, task};

#[test]
fn what_a_guest_remembers_ends_with_the_problem() {
    let plugin = evil_with("remembers", &options());
    for _ in 0..3 {
        let rows = rows(&plugin, &task("p", &[DEED, "o", DEED]));
        assert_eq!(rewards(&rows), [Some(1.0), Some(1.0), Some(0.0)]);
    }
}

#[test]
fn with_a_store_for_each_completion_it_remembers_nothing() {
    let plugin = evil_with("remembers", &options().with_isolation(Isolation::Completion));
    let rows = rows(&plugin, &task("p", &[DEED, "o", DEED]));
    assert_eq!(rewards(&rows), [Some(1.0); 3]);
    assert_eq!(rows[0].fuel, rows[2].fuel);
}
