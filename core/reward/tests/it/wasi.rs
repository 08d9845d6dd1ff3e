//! What a guest gets from WASI: nothing that differs between machines, runs or neighbours, and no file but granted ones.

use std::fs;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use restem_em::{Flow, VerdictRow, Verifier};
use restem_reward::{Grant, Plugin, PluginOptions, Pool, PoolOptions, WorkerCommand};
use tempfile::TempDir;
use wit_component::StringEncoding;

use crate::evil::{fault, limits, options, rows, task};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The guest of `tests/evil/wasi`.
fn guest() -> Vec<u8> {
    let source = |name: &str| fs::read_to_string(root().join("tests/evil/wasi").join(name)).unwrap();
    let mut bytes = wat::parse_str(source("wasi.wat")).unwrap();
    let mut resolve = wit_parser::Resolve::default();
    resolve.push_dir(root().join("sdk/reward/wit/v0.1")).unwrap();
    let package = resolve.push_str("wasi.wit", &source("wasi.wit")).unwrap();
    let world = resolve.select_world(&[package], Some("guest")).unwrap();
    wit_component::embed_component_metadata(&mut bytes, &resolve, world, StringEncoding::UTF8, false)
        .unwrap();
    bytes
}

pub(crate) fn plugin() -> Plugin {
    Plugin::from_bytes("evil-wasi.wasm", &guest(), &options()).unwrap()
}

/// A granted directory, and what lies beside it.
pub(crate) struct Granted {
    dir: TempDir,
}

impl Granted {
    pub(crate) fn new() -> Self {
        let granted = Self {
            dir: tempfile::tempdir().unwrap(),
        };
        fs::write(granted.dir.path().join("secret"), "secret").unwrap();
        fs::create_dir_all(granted.path("sub")).unwrap();
        fs::write(granted.path("inside"), "inside").unwrap();
        fs::write(granted.path("sub/deep"), "deep").unwrap();
        fs::write(granted.dir.path().join("evil-wasi.wasm"), guest()).unwrap();
        let manifest = "name = \"evil-wasi\"\n[directories]\ndata = \"the words it knows\"\n";
        fs::write(granted.dir.path().join("evil-wasi.toml"), manifest).unwrap();
        granted
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join("data").join(name)
    }

    pub(crate) fn plugin(&self) -> Plugin {
        let grant: Grant = format!("data={}", self.path("").display()).parse().unwrap();
        let options: PluginOptions = options().with_grants([grant]);
        Plugin::from_file(self.dir.path().join("evil-wasi.wasm"), &options).unwrap()
    }

    /// What the guest notes.
    fn notes(&self, deeds: &[&str]) -> Vec<String> {
        notes(&rows(&self.plugin(), &task("p", deeds)))
    }
}

fn notes(rows: &[VerdictRow]) -> Vec<String> {
    rows.iter()
        .map(|row| match row.verdict.score() {
            Some(score) => score.note.clone().unwrap(),
            None => fault(row),
        })
        .collect()
}

/// The fault of one deed, between two that must be answered.
fn attack(deed: &str) -> String {
    let begun = Instant::now();
    let rows = rows(&plugin(), &task("train/1041", &["e", deed, "e"]));
    assert_eq!(notes(&rows[..1]), ["0 0 "]);
    assert_eq!(notes(&rows[2..]), ["0 0 "]);
    assert!(begun.elapsed() < Duration::from_secs(20), "it waited");
    fault(&rows[1])
}

#[test]
fn imports_of_wasi_are_listed() {
    insta::assert_snapshot!(plugin().imports().join("\n"), @r"
    wasi:cli/environment@0.2.3
    wasi:cli/exit@0.2.3
    wasi:io/error@0.2.3
    wasi:io/streams@0.2.3
    wasi:cli/stderr@0.2.3
    wasi:io/poll@0.2.3
    wasi:clocks/monotonic-clock@0.2.3
    wasi:clocks/wall-clock@0.2.3
    wasi:filesystem/types@0.2.3
    wasi:filesystem/preopens@0.2.3
    wasi:random/random@0.2.3
    wasi:sockets/network@0.2.3
    wasi:sockets/instance-network@0.2.3
    wasi:sockets/ip-name-lookup@0.2.3
    wasi:sockets/tcp@0.2.3
    wasi:sockets/tcp-create-socket@0.2.3
    wasi:sockets/udp@0.2.3
    wasi:sockets/udp-create-socket@0.2.3
    ");
}

#[test]
fn clocks_numbers_and_environment_are_the_same_in_every_store() {
    let deeds = ["c", "r", "e"];
    let first = notes(&rows(&plugin(), &task("p", &deeds)));
    insta::assert_snapshot!(first.join("\n"), @r"
    6553f100 6553f100 3e8 7d0 
    e74e23330b0b155f 4549f7551b387b02 
    0 0
    ");
    assert_eq!(notes(&rows(&plugin(), &task("q", &deeds))), first);
    let alone: Vec<_> = deeds
        .iter()
        .flat_map(|deed| notes(&rows(&plugin(), &task("p", &[deed]))))
        .collect();
    assert_eq!(alone, first);
}

#[test]
fn sleeping_takes_no_time() {
    let begun = Instant::now();
    assert_eq!(notes(&rows(&plugin(), &task("p", &["s"]))), ["80000000000003e7 "]);
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn every_socket_and_every_name_is_refused() {
    // `B` is `access-denied`.
    assert_eq!(notes(&rows(&plugin(), &task("p", &["n"]))), ["!B!B!B"]);
}

#[test]
fn sleeping_for_ever_runs_out_of_fuel() {
    insta::assert_snapshot!(attack("S"), @r"
    out_of_fuel: plugin `evil-wasi` (sha256 …) ran out of fuel on problem `train/1041`, completion 1
      limit: fuel_per_task = 5000000, used 5000000
      hint: raise `limits.fuel_per_task` of this reward if the plugin is right to need it
    ");
}

#[test]
fn looking_at_the_clock_for_ever_runs_out_of_fuel() {
    insta::assert_snapshot!(attack("q"), @r"
    out_of_fuel: plugin `evil-wasi` (sha256 …) ran out of fuel on problem `train/1041`, completion 1
      limit: fuel_per_task = 5000000, used 5000000
      hint: raise `limits.fuel_per_task` of this reward if the plugin is right to need it
    ");
}

#[test]
fn waiting_for_nothing_is_the_end() {
    insta::assert_snapshot!(attack("w"), @r"
    trap: plugin `evil-wasi` (sha256 …) trapped on problem `train/1041`, completion 1: it waited for nothing (`wasi:io/poll`)
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn timers_without_end_hit_the_limit_on_handles() {
    insta::assert_snapshot!(attack("h"), @r"
    limit_exceeded: plugin `evil-wasi` (sha256 …) hit a limit on problem `train/1041`, completion 1
      limit: open handles = 1000, used 1000, asked for 1 more
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_guest_that_ends_itself_is_said_to_have() {
    insta::assert_snapshot!(attack("x"), @r"
    trap: plugin `evil-wasi` (sha256 …) trapped on problem `train/1041`, completion 1: it ended itself (`wasi:cli/exit`)
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_function_that_is_not_served_is_named() {
    insta::assert_snapshot!(attack("u"), @r"
    trap: plugin `evil-wasi` (sha256 …) trapped on problem `train/1041`, completion 1: it called `wasi:io/streams.[method]output-stream.subscribe-later`, which restem does not serve
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn what_a_guest_wrote_before_it_trapped_is_shown() {
    insta::assert_snapshot!(attack("v"), @r"
    trap: plugin `evil-wasi` (sha256 …) trapped on problem `train/1041`, completion 1: wasm `unreachable` instruction executed
      on standard error:
      | boom: all is lost
      | at line 7
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_flood_on_standard_error_hits_the_limit_on_logs() {
    insta::assert_snapshot!(attack("V"), @r"
    limit_exceeded: plugin `evil-wasi` (sha256 …) hit a limit on problem `train/1041`, completion 1
      limit: log_bytes = 20000, used 16384, asked for 4096 more
      hint: raise `limits.log_bytes` of this reward if the plugin is right to need it
    ");
}

#[test]
fn random_bytes_without_measure_are_refused() {
    insta::assert_snapshot!(attack("B"), @r"
    limit_exceeded: plugin `evil-wasi` (sha256 …) hit a limit on problem `train/1041`, completion 1
      limit: random bytes at once = 65536, used 0, asked for 1073741824 more
      hint: this is a bug of the plugin: report it to its author
    ");
}

#[test]
fn a_flood_of_calls_burns_fuel_faster_than_it_takes_time() {
    let rows = rows(&plugin(), &task("p", &["q"]));
    assert_eq!(rows[0].fuel, limits().fuel_per_task);
}

#[test]
fn without_a_grant_there_is_no_directory() {
    assert_eq!(notes(&rows(&plugin(), &task("p", &["oinside"]))), ["-"]);
}

#[test]
fn a_granted_directory_can_be_read() {
    let granted = Granted::new();
    assert_eq!(
        granted.notes(&[
            "oinside",
            "osub/deep",
            "osub/../inside",
            "o./inside",
            "o.",
            "l.",
            "lsub"
        ]),
        [
            "inside",
            "deep",
            "inside",
            "inside",
            "!O",
            "6inside 3sub ",
            "6deep "
        ]
    );
}

/// The worker has shut itself in: its kernel lets it read there and nowhere else.
#[test]
fn workers_read_a_granted_directory_and_agree_with_this_process() {
    let granted = Granted::new();
    let plugin = granted.plugin();
    let tasks: Vec<_> = (0..20)
        .map(|n| {
            task(
                &format!("p{n}"),
                &["oinside", "c", "o../secret", "l.", "r", "iinside", "Winside"],
            )
        })
        .collect();
    let here: Vec<_> = tasks.iter().flat_map(|task| rows(&plugin, task)).collect();
    assert_eq!(notes(&here[..3]), ["inside", "6553f100 6553f100 3e8 7d0 ", "!`"]);
    let command = WorkerCommand {
        program: PathBuf::from(env!("CARGO_BIN_EXE_restem-reward-worker")),
        args: Vec::new(),
    };
    let options = PoolOptions::with_command(command).with_workers(NonZeroUsize::new(2).unwrap());
    let mut there = Vec::new();
    Pool::new(&plugin, options)
        .unwrap()
        .verify(&tasks, &mut |row| {
            there.push(row);
            Flow::Continue
        })
        .unwrap();
    assert_eq!(there, here);
}

#[test]
fn the_directory_is_part_of_the_identity() {
    let granted = Granted::new();
    let before = granted.plugin().identity().clone();
    assert_eq!(before.directories.keys().collect::<Vec<_>>(), ["data"]);
    assert_eq!(granted.plugin().identity(), &before);
    fs::write(granted.path("sub/deep"), "Deep").unwrap();
    let after = granted.plugin().identity().clone();
    assert_ne!(after.directories, before.directories);
    assert!(plugin().identity().directories.is_empty());
}

#[test]
fn metadata_is_the_same_on_every_machine() {
    let (one, two) = (Granted::new(), Granted::new());
    fs::rename(two.path("inside"), two.path("x")).unwrap();
    fs::write(two.path("inside"), "inside").unwrap();
    fs::remove_file(two.path("x")).unwrap();
    let deeds = ["iinside", "isub", "isub/../inside", "l."];
    let seen = one.notes(&deeds);
    insta::assert_snapshot!(seen.join("\n"), @r"
    6 1 6 0 0 0 b6f4d21ee0e7fd7d 
    3 1 0 0 0 0 2134eca6bcbf9cc9 
    6 1 6 0 0 0 b6f4d21ee0e7fd7d 
    6inside 3sub
    ");
    assert_eq!(seen[0], seen[2]);
    assert_eq!(two.notes(&deeds), seen);
}

#[test]
fn nothing_can_be_written() {
    let granted = Granted::new();
    let deeds = [
        "Winside", "Cnew", "Cinside", "dnew", "Dsub", "kinside", "minside", "ynew", "zinside", "tinside",
    ];
    let notes = granted.notes(&deeds);
    // `b` is `read-only`.
    assert!(notes.iter().all(|note| note == "!b"), "{notes:?}");
    let mut left: Vec<_> = fs::read_dir(granted.path(""))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["inside", "sub"]);
    assert_eq!(fs::read_to_string(granted.path("inside")).unwrap(), "inside");
}

#[test]
fn odd_paths_have_errors_of_their_own() {
    let granted = Granted::new();
    let long = format!("o{}", "x".repeat(300));
    assert_eq!(
        granted.notes(&["o", "onothing", "oinside/x", "onul\0x", &long]),
        ["!U", "!U", "!Y", "!M", "!S"]
    );
}

#[test]
fn files_are_opened_up_to_a_number() {
    // `G` is `quota`.
    assert_eq!(Granted::new().notes(&["finside", "oinside"]), ["!G10 ", "!G"]);
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn no_path_leads_out() {
        let granted = Granted::new();
        symlink("../secret", granted.path("out")).unwrap();
        symlink("/etc/passwd", granted.path("absolute")).unwrap();
        symlink("..", granted.path("up")).unwrap();
        symlink("sub/../../secret", granted.path("roundabout")).unwrap();
        symlink("loop", granted.path("loop")).unwrap();
        symlink("inside", granted.path("in")).unwrap();
        let deeds = [
            "o../secret",
            "o/etc/passwd",
            "osub/../../secret",
            "oout",
            "oabsolute",
            "oup/secret",
            "oroundabout",
            "oloop",
            "Oout",
            "Oin",
            "oin",
            "l..",
            "Rin",
            "Rabsolute",
        ];
        let seen: Vec<_> = deeds
            .iter()
            .zip(granted.notes(&deeds))
            .map(|(deed, note)| format!("{deed}: {note}"))
            .collect();
        insta::assert_snapshot!(seen.join("\n"), @r"
        o../secret: !`
        o/etc/passwd: !`
        osub/../../secret: !`
        oout: !`
        oabsolute: !`
        oup/secret: !`
        oroundabout: !`
        oloop: !P
        Oout: !P
        Oin: !P
        oin: inside
        l..: !`
        Rin: inside
        Rabsolute: !`
        ");
    }

    /// The guest opens a name that is now a file and now a link to a secret.
    #[test]
    fn a_race_between_a_file_and_a_link_is_not_won() {
        let granted = Granted::new();
        let (race, file, link) = (granted.path("race"), granted.path("file"), granted.path("link"));
        fs::write(&race, "inside").unwrap();
        let plugin = granted.plugin();
        let ended = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !ended.load(Ordering::Relaxed) {
                    let _ = fs::remove_file(&link);
                    symlink("../secret", &link).unwrap();
                    fs::rename(&link, &race).unwrap();
                    fs::write(&file, "inside").unwrap();
                    fs::rename(&file, &race).unwrap();
                }
            });
            let begun = Instant::now();
            let (mut inside, mut refused) = (0, 0);
            let mut odd = Vec::new();
            // A busy machine may leave the other thread at one of the two for a while.
            while (inside < 100 || refused < 100) && begun.elapsed() < Duration::from_secs(60) {
                for note in notes(&rows(&plugin, &task("p", &["orace"; 12]))) {
                    match note.as_str() {
                        "inside" => inside += 1,
                        // `not-permitted`
                        "!`" => refused += 1,
                        // Emptied and not yet written again.
                        "" => {}
                        _ => odd.push(note),
                    }
                }
            }
            ended.store(true, Ordering::Relaxed);
            assert!(odd.is_empty(), "{odd:?}");
            assert!(
                inside >= 100 && refused >= 100,
                "inside {inside}, refused {refused}"
            );
        });
    }
}
