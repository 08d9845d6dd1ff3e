//! Several verifiers behind one.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use proptest::prelude::*;
use restem_em::*;
use serde_json::Map;

/// What a verifier was shown, call by call.
type Seen = Rc<RefCell<Vec<String>>>;

/// Judges a completion such as `a=1 b=0.5,half c=fault`: the verifier `b` gives 0.5 and the answer `half`.
struct Scripted {
    identity: VerifierIdentity,
    seen: Seen,
}

impl Scripted {
    fn new(name: &str, kind: RewardKind) -> Self {
        let identity = VerifierIdentity {
            name: name.to_owned(),
            version: "1".into(),
            sha256: Digest::of(name),
            config: Digest::of("{}"),
            api: "0.1.0".into(),
            kind,
            interpreter: None,
            directories: BTreeMap::new(),
            members: BTreeMap::new(),
        };
        Self {
            identity,
            seen: Seen::default(),
        }
    }

    fn verdict(&self, completion: &str) -> Verdict {
        let mine = completion
            .split(' ')
            .find_map(|word| word.strip_prefix(self.identity.name.as_str())?.strip_prefix('='));
        let (value, answer) = match mine.unwrap().split_once(',') {
            Some((value, answer)) => (value, Some(answer)),
            None => (mine.unwrap(), None),
        };
        match value.parse() {
            Ok(reward) => Verdict::Scored(Score {
                reward,
                answer: answer.map(str::to_owned),
                note: answer.map(|answer| format!("it says {answer}")),
                parts: vec![("length".to_owned(), completion.len() as f64)],
            }),
            Err(_) => Verdict::fault(
                FaultClass::Trap,
                format!("plugin `{}` trapped", self.identity.name),
            ),
        }
    }
}

impl Verifier for Scripted {
    fn identity(&self) -> &VerifierIdentity {
        &self.identity
    }

    fn verify(
        &mut self,
        tasks: &[VerifyTask],
        sink: &mut dyn FnMut(VerdictRow) -> Flow,
    ) -> Result<(), VerifierError> {
        for task in tasks {
            for (k, completion) in &task.completions {
                self.seen.borrow_mut().push(format!("{}/{k}", task.problem));
                let row = VerdictRow {
                    problem: task.problem.clone(),
                    k: *k,
                    verdict: self.verdict(completion),
                    fuel: 10,
                };
                if sink(row) == Flow::Stop {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

fn part(name: &str) -> RewardPart {
    RewardPart {
        name: name.to_owned(),
        ..RewardPart::default()
    }
}

fn weighing(name: &str, weight: f64) -> RewardPart {
    RewardPart {
        weight: Some(weight),
        ..part(name)
    }
}

fn gate(name: &str) -> RewardPart {
    RewardPart {
        gate: true,
        ..part(name)
    }
}

fn from(threshold: f64, part: RewardPart) -> RewardPart {
    RewardPart {
        threshold: Some(threshold),
        ..part
    }
}

use RewardKind::{Binary, Graded};

fn try_combine(
    rule: CombineRule,
    parts: &[(RewardPart, RewardKind)],
) -> Result<(Combined<'static>, Vec<Seen>), CombineError> {
    let mut seen = Vec::new();
    let verifiers = parts.iter().map(|(part, kind)| {
        let verifier = Scripted::new(&part.name, *kind);
        seen.push(Rc::clone(&verifier.seen));
        (part.clone(), Box::new(verifier) as Box<dyn Verifier>)
    });
    let verifiers: Vec<_> = verifiers.collect();
    Ok((Combined::new(rule, None, verifiers)?, seen))
}

fn combine(rule: CombineRule, parts: &[(RewardPart, RewardKind)]) -> (Combined<'static>, Vec<Seen>) {
    try_combine(rule, parts).unwrap()
}

fn refused(rule: CombineRule, parts: &[(RewardPart, RewardKind)]) -> String {
    try_combine(rule, parts).map(|_| ()).unwrap_err().to_string()
}

fn task(problem: &str, completions: &[&str]) -> VerifyTask {
    VerifyTask {
        problem: problem.into(),
        prompt: None,
        reference: None,
        metadata: Map::new(),
        completions: (0..)
            .zip(completions.iter().map(|&text| text.to_owned()))
            .collect(),
    }
}

fn judge(verifier: &mut dyn Verifier, tasks: &[VerifyTask]) -> Vec<VerdictRow> {
    let mut rows = Vec::new();
    verifier
        .verify(tasks, &mut |row| {
            rows.push(row);
            Flow::Continue
        })
        .unwrap();
    rows
}

fn rewards(rows: &[VerdictRow]) -> Vec<Option<f64>> {
    rows.iter()
        .map(|row| row.verdict.score().map(|score| score.reward))
        .collect()
}

const SUM: CombineRule = CombineRule::WeightedSum;
const ALL: CombineRule = CombineRule::AllOf;
const GATE: CombineRule = CombineRule::Gate;

#[test]
fn a_weighted_sum_is_the_mean_by_weight_and_records_each_part() {
    let (mut both, _) = combine(SUM, &[(weighing("a", 3.0), Binary), (weighing("b", 1.0), Graded)]);
    assert_eq!(both.identity().kind, Graded);
    let rows = judge(&mut both, &[task("p", &["a=1 b=0.5,half", "a=0,none b=1"])]);
    assert_eq!(rewards(&rows), [Some(0.875), Some(0.25)]);
    let score = rows[0].verdict.score().unwrap();
    assert_eq!(
        score.parts,
        [("a", 1.0), ("a.length", 14.0), ("b", 0.5), ("b.length", 14.0)]
            .map(|(name, value)| (name.to_owned(), value))
    );
    assert_eq!(score.answer.as_deref(), Some("half"));
    assert_eq!(score.note.as_deref(), Some("b: it says half"));
    assert_eq!(rows[0].fuel, 20);
    assert_eq!(rows[1].verdict.score().unwrap().answer.as_deref(), Some("none"));
}

#[test]
fn a_part_of_weight_0_is_recorded_and_does_not_count() {
    let (mut both, _) = combine(SUM, &[(part("a"), Binary), (weighing("b", 0.0), Graded)]);
    assert_eq!(both.identity().kind, Binary, "only `a` counts");
    let rows = judge(&mut both, &[task("p", &["a=1 b=0.25"])]);
    assert_eq!(rewards(&rows), [Some(1.0)]);
    assert_eq!(rows[0].verdict.score().unwrap().parts[2], ("b".to_owned(), 0.25));
}

#[test]
fn all_of_is_binary_and_wants_each_part_correct() {
    let (mut both, _) = combine(ALL, &[(part("a"), Binary), (from(0.5, part("b")), Graded)]);
    assert_eq!(both.identity().kind, Binary);
    let rows = judge(&mut both, &[task("p", &["a=1 b=0.5", "a=1 b=0.49", "a=0 b=1"])]);
    assert_eq!(rewards(&rows), [Some(1.0), Some(0.0), Some(0.0)]);
}

#[test]
fn behind_a_gate_that_fails_nobody_is_asked() {
    // The gate stands last in the file and is asked first all the same.
    let (mut gated, seen) = combine(
        GATE,
        &[
            (part("a"), Graded),
            (gate("form"), Binary),
            (from(0.5, gate("size")), Graded),
        ],
    );
    assert_eq!(gated.identity().kind, Graded);
    let rows = judge(
        &mut gated,
        &[
            task(
                "p",
                &[
                    "a=0.7 form=0 size=1",
                    "a=0.7 form=1 size=0.5",
                    "a=1 form=1 size=0.4",
                ],
            ),
            task("q", &["a=1 form=0 size=1"]),
            task("r", &["a=0.25 form=1 size=1"]),
        ],
    );
    assert_eq!(
        rewards(&rows),
        [Some(0.0), Some(0.7), Some(0.0), Some(0.0), Some(0.25)]
    );
    assert_eq!(
        rows.iter().map(|row| row.fuel).collect::<Vec<_>>(),
        [10, 30, 20, 10, 30]
    );
    assert_eq!(seen[0].borrow()[..], ["p/1", "r/0"]);
    assert_eq!(seen[2].borrow()[..], ["p/1", "p/2", "r/0"]);
    let parts = |row: &VerdictRow| {
        let score = row.verdict.score().unwrap();
        score
            .parts
            .iter()
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
            .join(" ")
    };
    assert_eq!(parts(&rows[0]), "form form.length");
    assert_eq!(parts(&rows[1]), "a a.length form form.length size size.length");
}

#[test]
fn one_part_behind_the_gates_keeps_its_kind() {
    let (gated, _) = combine(GATE, &[(gate("form"), Binary), (part("a"), Binary)]);
    assert_eq!(gated.identity().kind, Binary);
}

#[test]
fn any_parts_fault_is_the_rows_and_names_the_part() {
    let (mut both, seen) = combine(ALL, &[(part("a"), Binary), (part("b"), Binary)]);
    let rows = judge(
        &mut both,
        &[task("p", &["a=1 b=fault", "a=1 b=1", "a=fault b=1"])],
    );
    assert_eq!(rewards(&rows), [None, Some(1.0), None]);
    let fault = |row: &VerdictRow| match &row.verdict {
        Verdict::Fault { fault } => fault.to_string(),
        Verdict::Scored(score) => panic!("{score:?}"),
    };
    insta::assert_snapshot!(fault(&rows[0]), @"trap: part `b`: plugin `b` trapped");
    insta::assert_snapshot!(fault(&rows[2]), @"trap: part `a`: plugin `a` trapped");
    assert_eq!(seen[1].borrow()[..], ["p/0", "p/1"], "a lost row costs no more");
}

#[test]
fn a_fault_behind_a_gate_that_failed_does_not_arise() {
    let (mut gated, _) = combine(GATE, &[(gate("form"), Binary), (part("a"), Binary)]);
    let rows = judge(&mut gated, &[task("p", &["form=0 a=fault", "form=1 a=fault"])]);
    assert_eq!(rewards(&rows), [Some(0.0), None]);
}

#[test]
fn a_named_part_gives_the_answers() {
    let parts = ["a", "b"].map(|name| {
        (
            part(name),
            Box::new(Scripted::new(name, Binary)) as Box<dyn Verifier>,
        )
    });
    let mut both = Combined::new(ALL, Some("b"), parts.into()).unwrap();
    let rows = judge(&mut both, &[task("p", &["a=1,one b=1,two", "a=1,one b=1"])]);
    let answer = |row: &VerdictRow| row.verdict.score().unwrap().answer.clone();
    assert_eq!(answer(&rows[0]).as_deref(), Some("two"));
    assert_eq!(
        answer(&rows[1]),
        None,
        "answers of two parts are not compared with each other"
    );
}

#[test]
fn the_identity_changes_with_any_part() {
    let identity = |rule, parts: &[(RewardPart, RewardKind)]| combine(rule, parts).0.identity().clone();
    let parts = [(part("a"), Binary), (part("b"), Binary)];
    let one = identity(ALL, &parts);
    assert_eq!(one, identity(ALL, &parts));
    insta::assert_snapshot!(format!("{} {}, api {}", one.name, one.version, one.api), @"all-of(a, b) 1, api 0.1.0");
    assert_eq!(one.members["b"].sha256, Digest::of("b"));
    let other = identity(SUM, &parts);
    assert_ne!(one.config, other.config);
    assert_eq!(one.sha256, other.sha256);
    let lighter = identity(SUM, &[(weighing("a", 0.5), Binary), (part("b"), Binary)]);
    assert_ne!(other.config, lighter.config);
    let swapped = identity(ALL, &[(part("b"), Binary), (part("a"), Binary)]);
    assert_ne!(one.sha256, swapped.sha256);
}

#[test]
fn what_makes_no_sense_is_said_with_the_part() {
    let all = |parts: &[(RewardPart, RewardKind)]| refused(ALL, parts);
    insta::assert_snapshot!(refused(SUM, &[]), @"nothing to combine: add `[[reward]]` tables");
    insta::assert_snapshot!(all(&[(part("a.b\n"), Binary)]), @r"
    `a.b\n` can't name a `[[reward]]` table: a name has 1 to 64 letters, digits, `-` or `_`
      hint: set `name` in that table
    ");
    insta::assert_snapshot!(all(&[(part("a"), Binary), (part("a"), Graded)]), @r"
    two `[[reward]]` tables are named `a`
      hint: set `name` in each of them
    ");
    insta::assert_snapshot!(all(&[(part("a"), Binary), (part("b"), Graded)]), @r"
    `b` gives graded rewards, and `all-of` asks whether it finds a completion correct
      hint: set `threshold` in its `[[reward]]` table
    ");
    insta::assert_snapshot!(all(&[(from(0.0, part("a")), Graded)]), @"threshold = 0 of `a` is out of range: use a value above 0, up to 1");
    insta::assert_snapshot!(all(&[(weighing("a", 2.0), Binary)]), @r#"
    `weight` of `a` means nothing under rule = "all-of"
      hint: remove it, or choose another `combine.rule`
    "#);
    insta::assert_snapshot!(refused(SUM, &[(weighing("a", -1.0), Binary)]), @"weight = -1 of `a` is out of range: use 0 to 1000000000");
    insta::assert_snapshot!(refused(SUM, &[(weighing("a", f64::NAN), Binary)]), @"weight = NaN of `a` is out of range: use 0 to 1000000000");
    insta::assert_snapshot!(refused(SUM, &[(weighing("a", 0.0), Binary)]), @r"
    every weight is 0, so that no part makes a reward
      hint: give the parts that count a weight above 0
    ");
    insta::assert_snapshot!(refused(SUM, &[(from(0.5, part("a")), Graded)]), @r#"
    `threshold` of `a` means nothing under rule = "weighted-sum"
      hint: remove it, or choose another `combine.rule`
    "#);
    insta::assert_snapshot!(refused(GATE, &[(part("a"), Binary), (part("b"), Binary)]), @r#"
    rule = "gate", and no part is one
      hint: set `gate = true` in the `[[reward]]` tables that must pass first
    "#);
    insta::assert_snapshot!(refused(GATE, &[(gate("a"), Binary)]), @r#"
    every part is a gate, so that nothing behind them makes the reward
      hint: use rule = "all-of"
    "#);
    insta::assert_snapshot!(refused(GATE, &[(gate("a"), Graded), (part("b"), Binary)]), @r"
    `a` gives graded rewards, and `gate` asks whether it finds a completion correct
      hint: set `threshold` in its `[[reward]]` table
    ");
    let parts = vec![(
        part("a"),
        Box::new(Scripted::new("a", Binary)) as Box<dyn Verifier>,
    )];
    let error = Combined::new(ALL, Some("c"), parts).map(|_| ()).unwrap_err();
    insta::assert_snapshot!(error, @r#"combine.answer = "c" names no part; there is `a`"#);
}

#[test]
fn many_tasks_come_back_in_order_and_a_sink_may_stop() {
    let (mut both, _) = combine(GATE, &[(gate("form"), Binary), (part("a"), Binary)]);
    let tasks: Vec<_> = (0..500)
        .map(|i| {
            task(
                &format!("p{i}"),
                &[if i % 3 == 0 { "form=0 a=1" } else { "form=1 a=1" }, "form=1 a=0"],
            )
        })
        .collect();
    let rows = judge(&mut both, &tasks);
    let wanted = (0..500).flat_map(|i| [(format!("p{i}"), 0), (format!("p{i}"), 1)]);
    let got: Vec<_> = rows.iter().map(|row| (row.problem.to_string(), row.k)).collect();
    assert_eq!(got, wanted.collect::<Vec<_>>());
    let mut taken = 0;
    both.verify(&tasks, &mut |_| {
        taken += 1;
        if taken == 5 { Flow::Stop } else { Flow::Continue }
    })
    .unwrap();
    assert_eq!(taken, 5);
}

/// A verifier that leaves out the last row of a call.
struct Forgetful(Scripted);

impl Verifier for Forgetful {
    fn identity(&self) -> &VerifierIdentity {
        self.0.identity()
    }

    fn verify(
        &mut self,
        tasks: &[VerifyTask],
        sink: &mut dyn FnMut(VerdictRow) -> Flow,
    ) -> Result<(), VerifierError> {
        self.0.verify(&tasks[..tasks.len() - 1], sink)
    }
}

#[test]
fn a_verifier_that_forgets_a_row_is_an_error() {
    let parts = vec![(
        part("a"),
        Box::new(Forgetful(Scripted::new("a", Binary))) as Box<dyn Verifier>,
    )];
    let mut one = Combined::new(ALL, None, parts).unwrap();
    let tasks = [task("p", &["a=1"]), task("q", &["a=1"])];
    let error = one.verify(&tasks, &mut |_| Flow::Continue).unwrap_err();
    insta::assert_snapshot!(error, @"part `a` ended before every completion had its row: this is a bug of restem");
}

/// Rewards, weights and which of the parts are gates.
fn parts() -> impl Strategy<Value = Vec<(f64, f64, bool)>> {
    let reward = prop_oneof![Just(0.0), Just(1.0), 0.0..=1.0];
    let weight = prop_oneof![Just(1.0), 1e-9..=1e9, 0.0..=1.0];
    proptest::collection::vec((reward, weight, any::<bool>()), 1..6)
}

proptest! {
    #[test]
    fn every_combination_stays_within_0_and_1(parts in parts(), rule in prop_oneof![Just(SUM), Just(ALL), Just(GATE)]) {
        let completion: Vec<String> =
            parts.iter().enumerate().map(|(i, (reward, ..))| format!("n{i}={reward}")).collect();
        let made: Vec<_> = parts.iter().enumerate().map(|(i, (_, weight, is_gate))| {
            let name = format!("n{i}");
            let part = match rule {
                GATE if *is_gate => from(0.5, gate(&name)),
                ALL => from(0.5, part(&name)),
                _ => weighing(&name, *weight),
            };
            (part, Graded)
        }).collect();
        // Only gates, no gate, no weight: refused, as the texts above say.
        let Ok((mut combined, _)) = try_combine(rule, &made) else { return Ok(()) };
        let rows = judge(&mut combined, &[task("p", &[&completion.join(" ")])]);
        let reward = rows[0].verdict.score().unwrap().reward;
        prop_assert!((0.0..=1.0).contains(&reward), "{reward}");
        let all = |wanted: f64| parts.iter().all(|(reward, ..)| *reward == wanted);
        if all(1.0) { prop_assert_eq!(reward, 1.0) }
        if all(0.0) { prop_assert_eq!(reward, 0.0) }
        let counting: Vec<f64> = parts.iter().filter(|(.., is_gate)| !(rule == GATE && *is_gate)).map(|part| part.0).collect();
        let gates_pass = rule != GATE || parts.iter().all(|(reward, _, is_gate)| !is_gate || *reward >= 0.5);
        if rule != ALL && gates_pass {
            // A mean lies between the least and the most, up to the rounding of its sums.
            let least = counting.iter().copied().fold(1.0, f64::min);
            let most = counting.iter().copied().fold(0.0, f64::max);
            prop_assert!(reward >= least - 1e-12 && reward <= most + 1e-12, "{least} {reward} {most}");
        }
    }

    #[test]
    fn verdicts_do_not_depend_on_chunks(rows in proptest::collection::vec((0..=2_u8, any::<bool>()), 1..120)) {
        let tasks: Vec<_> = rows.iter().enumerate().map(|(i, (form, right))| {
            let form = ["0", "1", "fault"][usize::from(*form)];
            task(&format!("p{i}"), &[&format!("form={form} a={}", u8::from(*right))])
        }).collect();
        let (mut whole, _) = combine(GATE, &[(gate("form"), Binary), (part("a"), Binary)]);
        let together = judge(&mut whole, &tasks);
        let alone: Vec<_> = tasks.iter().flat_map(|task| judge(&mut whole, std::slice::from_ref(task))).collect();
        prop_assert_eq!(together, alone);
    }
}
