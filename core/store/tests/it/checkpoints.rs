//! Deleting checkpoints.

use std::fs;

use restem_store::{Keep, RunDir};

#[test]
fn obsolete_checkpoints_go_and_all_others_stay() {
    let dir = tempfile::tempdir().unwrap();
    let mut run = RunDir::create(dir.path(), "").unwrap();
    let arms = ["iteration-1", "iteration-2", "iteration-3"];
    for arm in arms.iter().chain(&["sft"]) {
        let checkpoint = run.layout().checkpoint(arm).unwrap();
        fs::create_dir_all(&checkpoint).unwrap();
        fs::write(checkpoint.join("model.safetensors"), "weights").unwrap();
    }
    let deleted = run
        .prune_checkpoints(Keep::Best, &arms, Some("iteration-1"))
        .unwrap();
    assert_eq!(deleted, ["iteration-2"]);
    assert!(
        run.prune_checkpoints(Keep::Best, &arms, Some("iteration-1"))
            .unwrap()
            .is_empty()
    );
    let left = fs::read_dir(dir.path().join("checkpoints")).unwrap().count();
    assert_eq!(left, 3);
}

#[test]
fn a_deletion_cut_short_is_finished_on_resume() {
    let dir = tempfile::tempdir().unwrap();
    drop(RunDir::create(dir.path(), "").unwrap());
    let half = dir.path().join("checkpoints/.deleted-iteration-1");
    fs::create_dir_all(&half).unwrap();
    fs::write(half.join("tokenizer.json"), "").unwrap();
    RunDir::open(dir.path()).unwrap();
    assert!(!half.exists());
}

#[cfg(unix)]
#[test]
fn a_linked_checkpoint_loses_its_link_and_not_its_weights() {
    let dir = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    fs::write(elsewhere.path().join("model.safetensors"), "weights").unwrap();
    let mut run = RunDir::create(dir.path(), "").unwrap();
    fs::create_dir_all(dir.path().join("checkpoints")).unwrap();
    let link = run.layout().checkpoint("iteration-1").unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), &link).unwrap();
    let deleted = run
        .prune_checkpoints(Keep::Last, &["iteration-1", "iteration-2"], None)
        .unwrap();
    assert_eq!(deleted, ["iteration-1"]);
    assert!(!link.exists());
    assert!(elsewhere.path().join("model.safetensors").exists());
}
