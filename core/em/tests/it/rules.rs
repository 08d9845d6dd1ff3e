//! What the loop promises about selection, faults and stopping.

use restem_em::{BASE, RewardKind, RunError, SelectError, StartFrom};

use crate::toy::{ToyVerifier, World, options};

fn pass_at_1(summary: &restem_em::RunSummary, arm: &str, set: &str) -> f64 {
    let arm = summary.arms.iter().find(|a| a.arm == arm).unwrap();
    arm.greedy
        .iter()
        .find(|e| e.set == set)
        .unwrap()
        .pass_at_1
        .unwrap()
        .value
}

#[test]
fn self_training_on_verified_samples_beats_the_base_and_random_rows() {
    let summary = World::new().run(&options(), 0).0.unwrap();
    let best = pass_at_1(&summary, &summary.best, "test");
    assert!(best > pass_at_1(&summary, BASE, "test"));
    assert!(best > pass_at_1(&summary, "random-kept", "test"));
    let names: Vec<&str> = summary.arms.iter().map(|arm| arm.arm.as_str()).collect();
    assert_eq!(
        names,
        ["base", "iteration-1", "iteration-2", "sft-human", "random-kept"]
    );
}

#[test]
fn comparison_arms_train_on_as_many_rows_as_were_kept() {
    let summary = World::new().run(&options(), 0).0.unwrap();
    let rows = |i: usize| summary.arms[i].trained.as_ref().unwrap().examples;
    let kept = summary.arms[1].iteration.as_ref().unwrap().kept;
    assert_eq!(rows(1), kept);
    assert_eq!(rows(3), kept.min(12));
    assert_eq!(rows(4), kept);
}

#[test]
fn each_iteration_starts_from_the_base_unless_told_to_go_on_from_the_last() {
    let starts = |start| {
        let mut world = World::new();
        let options = restem_em::RunOptions { start, ..options() };
        world.run(&options, 0).0.unwrap();
        world.starts.borrow().clone()
    };
    assert_eq!(
        starts(StartFrom::Base),
        ["base", "base", "base", "base"],
        "two iterations and two comparisons"
    );
    assert_eq!(
        starts(StartFrom::Previous)[..2],
        ["base".to_owned(), "iteration-1".to_owned()]
    );
}

#[test]
fn nothing_selected_stops_with_a_hint() {
    let mut world = World::new();
    world
        .models
        .borrow_mut()
        .get_mut("base")
        .unwrap()
        .values_mut()
        .for_each(|chance| *chance = 0);
    let error = world.run(&options(), 0).0.unwrap_err();
    assert!(
        matches!(error, RunError::NothingSelected { wrong: 72, .. }),
        "{error}"
    );
    assert!(error.to_string().contains("hint:"));
}

#[test]
fn faults_above_the_limit_stop_the_run_and_below_are_left_out() {
    let mut world = World::new();
    world.verifier.broken = vec!["train-3"];
    let error = world.run(&options(), 0).0.unwrap_err();
    assert!(
        matches!(
            error,
            RunError::TooManyFaults {
                faults: 6,
                rows: 72,
                ..
            }
        ),
        "{error}"
    );
    let lenient = restem_em::RunOptions {
        max_fault_rate: 0.1,
        ..options()
    };
    let summary = world.run(&lenient, 0).0.unwrap();
    assert_eq!(summary.arms[1].iteration.as_ref().unwrap().faults, 6);
}

#[test]
fn a_graded_verifier_needs_a_threshold() {
    let mut world = World::new();
    world.verifier = ToyVerifier::new(RewardKind::Graded);
    let error = world.run(&options(), 0).0.unwrap_err();
    assert!(matches!(
        error,
        RunError::Select(SelectError::GradedWithoutThreshold)
    ));
}

#[test]
fn a_plateau_ends_the_run() {
    let stop = restem_em::RunOptions {
        stop_on_plateau: true,
        max_iterations: 9,
        compare: Vec::new(),
        ..options()
    };
    let summary = World::new().run(&stop, 0).0.unwrap();
    assert!(summary.arms.len() < 10);
    assert_ne!(summary.best, summary.arms.last().unwrap().arm);
}
