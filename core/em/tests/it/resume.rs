//! A run stopped at any event goes on to the result of an uninterrupted one.

use restem_em::RunError;

use crate::toy::{World, options};

#[test]
fn stopping_at_any_event_and_going_on_changes_nothing() {
    let (whole, events) = World::new().run(&options(), 0);
    let whole = whole.unwrap();
    for at in (1..=events).step_by(7) {
        let mut world = World::new();
        let stopped = world.run(&options(), at).0;
        assert!(
            matches!(stopped, Err(RunError::Interrupted) | Ok(_)),
            "event {at}: {stopped:?}"
        );
        assert_eq!(
            world.run(&options(), 0).0.unwrap(),
            whole,
            "stopped at event {at}"
        );
    }
}

#[test]
fn a_finished_run_draws_nothing_again() {
    let mut world = World::new();
    let first = world.run(&options(), 0).0.unwrap();
    world.models.borrow_mut().clear();
    assert_eq!(world.run(&options(), 0).0.unwrap(), first);
}
