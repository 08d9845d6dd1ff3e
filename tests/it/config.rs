//! `restem config`: where values come from.

use restem_tests::{World, restem};

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn flags_win_over_the_environment_over_the_file() {
    let world = World::new(1);
    let show = |args: &[&str]| {
        let output = restem()
            .args(["config", "show"])
            .arg(world.config())
            .arg("--origin")
            .args(args)
            .env("RESTEM__TRAIN__EPOCHS", "7")
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let line = text
            .lines()
            .find(|line| line.contains("train.epochs"))
            .unwrap()
            .to_owned();
        line.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(show(&[]), ["train.epochs", "7", "$RESTEM__TRAIN__EPOCHS"]);
    assert_eq!(show(&["--set", "train.epochs=9"]), ["train.epochs", "9", "--set"]);
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn an_unknown_key_names_the_nearest() {
    let world = World::new(1);
    let output = restem()
        .args(["config", "show"])
        .arg(world.config())
        .args(["--set", "train.epoch=1"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    let error = String::from_utf8(output.stderr).unwrap();
    insta::assert_snapshot!(error.trim_end(), @"error: unknown key `train.epoch`: did you mean `epochs`? (from --set)");
}
