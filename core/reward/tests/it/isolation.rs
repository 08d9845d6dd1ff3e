//! Which calls share a store.

use restem_em::Flow;
use restem_reward::Isolation;

use crate::evil::{options, plugin, rewards, rows, task};

#[test]
fn completions_of_a_task_share_a_store() {
    let plugin = plugin(&options());
    assert_eq!(
        rewards(&rows(&plugin, &task("t", &["c", "c", "c"]))),
        [Some(1.0), Some(0.0), Some(0.0)]
    );
}

#[test]
fn tasks_do_not_share_a_store() {
    let plugin = plugin(&options());
    for _ in 0..3 {
        assert_eq!(rewards(&rows(&plugin, &task("t", &["c"]))), [Some(1.0)]);
    }
}

#[test]
fn each_completion_has_its_own_store_when_asked() {
    let plugin = plugin(&options().with_isolation(Isolation::Completion));
    let rows = rows(&plugin, &task("t", &["c", "c", "t", "c"]));
    assert_eq!(rewards(&rows), [Some(1.0), Some(1.0), None, Some(1.0)]);
    assert_eq!(rows[0].fuel, rows[3].fuel);
}

#[test]
fn a_trapped_store_is_never_reused() {
    let plugin = plugin(&options());
    assert_eq!(
        rewards(&rows(&plugin, &task("t", &["c", "t", "c", "c"]))),
        [Some(1.0), None, Some(1.0), Some(0.0)]
    );
}

#[test]
fn a_call_that_uses_over_half_its_fuel_is_run_again_alone() {
    let light = plugin(&options());
    let first = rows(&light, &task("t", &["c", "b", "c"]));
    let fuel = first[1].fuel;
    // Under half its budget: it stays in the shared store, and so is not the first call there.
    assert!(fuel < 2_500_000, "{fuel}");
    assert_eq!(rewards(&first), [Some(1.0), Some(0.0), Some(0.0)]);

    let tight = plugin(&options().with_limits(crate::evil::limits().with_fuel_per_task(fuel + fuel / 2)));
    assert_eq!(
        rewards(&rows(&tight, &task("t", &["c", "b", "c"]))),
        [Some(1.0), Some(1.0), Some(1.0)],
        "alone, and its neighbour goes on in a new store"
    );
}

#[test]
fn fuel_is_the_same_each_time() {
    let plugin = plugin(&options());
    let task = task("t", &["o", "b", "l", "m", "z"]);
    let fuel = |_| {
        rows(&plugin, &task)
            .iter()
            .map(|row| row.fuel)
            .collect::<Vec<_>>()
    };
    let runs: Vec<_> = (0..3).map(fuel).collect();
    assert_eq!(runs[0], runs[1]);
    assert_eq!(runs[0], runs[2]);
    assert!(runs[0].iter().all(|&fuel| fuel > 0));
}

#[test]
fn a_sink_may_stop_early() {
    let plugin = plugin(&options());
    let mut seen = 0;
    let flow = plugin.score_task(&task("t", &["o", "o", "l"]), &mut |_| {
        seen += 1;
        if seen == 2 { Flow::Stop } else { Flow::Continue }
    });
    assert_eq!((flow, seen), (Flow::Stop, 2));
}
