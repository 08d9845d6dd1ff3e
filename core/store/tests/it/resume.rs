//! What a run finds when it goes on.

use std::fs;

use restem_em::{Digest, Journal, Phase};
use restem_store::{Metric, RunDir, RunIdentity, RunView, StoreError};
use serde_json::json;

use crate::{phase, sample, verdict};

#[test]
fn everything_appended_is_found_again() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("deep/run");
    let test = Phase::new("base", "test-greedy");
    let mut run = RunDir::create(&path, "seed = 1\n").unwrap();
    run.append_sample(&phase(), &sample(1)).unwrap();
    run.append_sample(&phase(), &sample(0)).unwrap();
    run.append_verdict(&test, &verdict(0)).unwrap();
    assert_eq!(run.samples(&phase()).unwrap(), [sample(1), sample(0)]);
    assert_eq!(run.result(&test).unwrap(), None);
    run.record_result(&test, &json!({ "correct": 3 })).unwrap();
    let metric = Metric {
        series: "iteration-1/loss".into(),
        step: 1,
        value: 0.1 + 0.2,
        unix_seconds: 1.7e9,
    };
    run.append_metric(&metric).unwrap();
    drop(run);

    let run = RunDir::open(&path).unwrap();
    assert_eq!(run.samples(&phase()).unwrap(), [sample(1), sample(0)]);
    assert_eq!(run.verdicts(&test).unwrap(), [verdict(0)]);
    let typed: Option<std::collections::BTreeMap<String, u32>> =
        (&run as &dyn Journal).typed_result(&test).unwrap();
    assert_eq!(typed.unwrap()["correct"], 3);

    let view = RunView::open(&path).unwrap();
    assert_eq!(view.config().unwrap(), "seed = 1\n");
    assert_eq!(view.phases().unwrap(), [test.clone(), phase()]);
    assert_eq!(view.results().unwrap(), [(test, json!({ "correct": 3 }))]);
    assert_eq!(view.metrics().unwrap(), [metric]);
}

#[test]
fn a_new_run_never_takes_over_a_directory_in_use() {
    let dir = tempfile::tempdir().unwrap();
    drop(RunDir::create(dir.path(), "").unwrap());
    assert!(matches!(
        RunDir::create(dir.path(), ""),
        Err(StoreError::AlreadyARun { .. })
    ));

    let other = tempfile::tempdir().unwrap();
    assert!(matches!(
        RunDir::open(other.path()),
        Err(StoreError::NotARun { .. })
    ));
    fs::write(other.path().join("thesis.tex"), "").unwrap();
    assert!(matches!(
        RunDir::create(other.path(), ""),
        Err(StoreError::NotEmpty { entry, .. }) if entry == "thesis.tex"
    ));
}

#[test]
fn a_run_killed_while_it_began_can_begin_again() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join(".lock"), "process 1 on elsewhere\n").unwrap();
    fs::write(dir.path().join("config.toml.partial"), "see").unwrap();
    RunDir::create(dir.path(), "seed = 1\n").unwrap();
}

#[test]
fn an_identity_is_written_once_and_then_compared() {
    let dir = tempfile::tempdir().unwrap();
    let identity = |weights: &str| RunIdentity {
        models: [("base".to_owned(), Digest::of(weights))].into(),
        ..RunIdentity::default()
    };
    let mut run = RunDir::create(dir.path(), "").unwrap();
    assert_eq!(run.identity().unwrap(), None);
    run.lock_identity(&identity("a")).unwrap();
    drop(run);

    let mut run = RunDir::open(dir.path()).unwrap();
    run.lock_identity(&identity("a")).unwrap();
    let Err(StoreError::IdentityChanged { differences, .. }) = run.lock_identity(&identity("b")) else {
        panic!("another model was accepted");
    };
    assert_eq!(differences[0].name, "models.base");
    assert_eq!(run.identity().unwrap(), Some(identity("a")));
}

#[test]
fn a_damaged_row_stops_the_resumption_and_touches_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut run = RunDir::create(dir.path(), "").unwrap();
    for k in 0..3 {
        run.append_sample(&phase(), &sample(k)).unwrap();
    }
    drop(run);
    let file = dir.path().join("journal/iteration-1/train/samples.jsonl");
    let mut bytes = fs::read(&file).unwrap();
    bytes[20] ^= 1;
    fs::write(&file, &bytes).unwrap();

    let mut run = RunDir::open(dir.path()).unwrap();
    let error = run.samples(&phase()).unwrap_err().to_string();
    assert!(error.contains("samples.jsonl:1: "), "{error}");
    assert!(run.append_sample(&phase(), &sample(3)).is_err());
    drop(run);
    assert_eq!(fs::read(&file).unwrap(), bytes);
}
