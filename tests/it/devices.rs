//! Several devices: the same samples on any number of them, and a lost one is named.

use std::fs;
use std::process::{Command, Output};

use restem_tests::{World, restem};

/// `restem run` where the scripted backend pretends so many CUDA devices.
fn run(world: &World, pretended: u32, device: &str) -> Command {
    let mut command = restem();
    command
        .env("RESTEM_SCRIPTED_CUDA", pretended.to_string())
        .arg("run")
        .arg(world.config())
        .args(["--resume", "--progress", "plain"])
        .args([
            "--set",
            "run.compare=[]",
            "--set",
            &format!("model.device={device}"),
        ]);
    command
}

fn finished(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    said
}

fn failed(output: &Output) -> String {
    assert!(!output.status.success());
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// What a run's report says of the things whose names begin so.
fn facts(world: &World, beginning: &str) -> Vec<String> {
    let report = fs::read_to_string(world.path("run/report.md")).unwrap();
    let beginning = format!("- {beginning}");
    report
        .lines()
        .filter(|line| line.starts_with(&beginning))
        .map(str::to_owned)
        .collect()
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_run_is_the_same_on_any_number_of_devices() {
    let digests = |world: &World| {
        let digest = facts(world, "digest of all samples and verdicts");
        assert_eq!(digest.len(), 1, "{digest:?}");
        let weights = fs::read(world.path("run/checkpoints/iteration-2/model.safetensors")).unwrap();
        let mut lock: serde_json::Value =
            serde_json::from_slice(&fs::read(world.path("run/restem.lock")).unwrap()).unwrap();
        lock["settings"].take();
        (digest, weights, lock)
    };
    let alone = World::new(20);
    finished(&mut run(&alone, 1, "cuda:0"));
    let several = World::new(20);
    let said = finished(&mut run(&several, 3, "cuda:all"));
    let devices = "cuda:0, cuda:1, cuda:2 (each draws a part of the samples, cuda:0 trains)";
    assert!(said.contains(&format!("devices: {devices}\n")), "{said}");
    assert!(facts(&several, "devices")[0].contains(devices));
    assert!(digests(&alone) == digests(&several));
    // A run may go on with fewer devices, and not with another kind.
    finished(&mut run(&several, 2, r#"["cuda:1"]"#));
    assert!(digests(&alone) == digests(&several));
    let error = failed(&run(&several, 2, "cpu").output().unwrap());
    assert!(
        error.contains(r#"generator.device: begun with "cuda/f32", now "cpu/f32""#),
        "{error}"
    );
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_lost_device_is_named_and_a_run_goes_on_without_it() {
    let whole = World::new(40);
    finished(&mut run(&whole, 1, "cuda:0"));
    let world = World::new(40);
    let output = run(&world, 2, "cuda:all")
        .args(["--set", "model.options.lose_device=cuda:1"])
        .output()
        .unwrap();
    let error = failed(&output);
    insta::assert_snapshot!(error.split_once("error: ").unwrap().1, @"
    device `cuda:1`: backend `scripted`, gen_step: the device is lost
      hint: samples that had ended are kept; go on with the other devices by leaving this one out of `model.device`
    ");
    let journal = world.path("run/journal/base/validation-greedy/samples.jsonl");
    let kept = fs::read_to_string(journal).unwrap_or_default().lines().count();
    assert!(
        kept < 20,
        "{kept} samples are kept: the device was lost later than it should be"
    );
    finished(run(&world, 2, "cuda:0").args(["--set", "model.options.lose_device=cuda:1"]));
    let digest = |world: &World| facts(world, "digest of all samples and verdicts");
    assert_eq!(digest(&world), digest(&whole));
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn devices_that_can_not_be_used_are_refused_before_a_run_begins() {
    let world = World::new(4);
    let refusal = |device: &str| {
        let error = failed(&run(&world, 2, device).output().unwrap());
        assert!(!world.path("run").exists());
        error
    };
    insta::assert_snapshot!(refusal(r#"["cuda:0", "cuda:0"]"#), @"
    error: devices [cuda:0, cuda:0]: `cuda:0` is named twice, and a second copy there would only take its memory
      hint: name each device once, or write `cuda:all` for every one that there is
    ");
    insta::assert_snapshot!(refusal(r#"["cuda:0", "cpu"]"#), @"
    error: devices [cuda:0, cpu]: `cuda:0` and `cpu` would draw different samples
      hint: name devices of one kind
    ");
    insta::assert_snapshot!(refusal("[0, 1]"), @r#"error: the configuration is not valid: model.device is a name such as "cuda:0" or a list of names such as ["cuda:0", "cuda:1"]"#);
    let missing = failed(&run(&world, 2, "cuda:2").output().unwrap());
    insta::assert_snapshot!(missing, @"error: backend `scripted`, suitability: device `cuda:2`: cpu, cuda:0, cuda:1 is all there is");
    let plan = run(&world, 2, "cuda:all").arg("--dry-run").output().unwrap();
    let plan = String::from_utf8(plan.stdout).unwrap();
    assert!(
        plan.contains("devices:       cuda:0, cuda:1 (each draws"),
        "{plan}"
    );
}
