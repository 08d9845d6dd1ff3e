//! `restem replay`: judge a run's samples again, with the same plugin, and compare.

use std::collections::{BTreeSet, HashMap};
use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use restem_em::{Flow, ProblemId, PromptedProblem, VerdictRow, VerifierIdentity, VerifyTask};
use restem_store::RunView;

use crate::args::ReplayArgs;
use crate::config::Layers;
use crate::numbers::grouped;
use crate::prepare::prepare;
use crate::reward;

/// A verdict changed.
const CHANGED: u8 = 3;

/// Changed rows that are shown.
const SHOWN: usize = 20;

pub(crate) fn replay(args: &ReplayArgs) -> anyhow::Result<ExitCode> {
    let view = RunView::open(&args.run)?;
    let config = Layers::default().file(&view.layout().config())?.resolve()?.config;
    let identity = view
        .identity()?
        .with_context(|| format!("{} has judged nothing yet", args.run.display()))?;
    let mut judge = reward::open(&config)?;
    let verifier = judge.verifier();
    if let Some(recorded) = identity
        .verifier
        .filter(|recorded| recorded != verifier.identity())
    {
        bail!(
            "the plugin is not the one that judged the run: {}\n  hint: give the recorded plugin back its place, or score the \
             samples with `restem score`",
            changes(&recorded, verifier.identity()).join("; ")
        );
    }
    let prepared = prepare(&config)?;
    let sets = std::iter::once(&prepared.validation)
        .chain(&prepared.tests)
        .map(|set| &set.problems);
    let problems: HashMap<&ProblemId, &PromptedProblem> = std::iter::once(&prepared.train)
        .chain(sets)
        .flatten()
        .map(|prompted| (&prompted.problem.id, prompted))
        .collect();
    let mut out = std::io::stdout().lock();
    let (mut rows, mut changed) = (0_u64, 0_u64);
    for phase in view.phases()? {
        let samples = view.samples(&phase)?;
        let recorded: HashMap<(ProblemId, u32), VerdictRow> = view
            .verdicts(&phase)?
            .into_iter()
            .map(|row| ((row.problem.clone(), row.k), row))
            .collect();
        // Grouped as the run grouped them: fuel is equal for equal grouping.
        let mut tasks: Vec<VerifyTask> = Vec::new();
        let mut sorted: Vec<_> = samples.iter().collect();
        sorted.sort_by(|a, b| (&a.problem, a.k).cmp(&(&b.problem, b.k)));
        for group in sorted.chunk_by(|a, b| a.problem == b.problem) {
            let prompted = problems.get(&group[0].problem).with_context(|| {
                format!(
                    "problem `{}` of `{phase}` is in no dataset any more",
                    group[0].problem
                )
            })?;
            tasks.push(prompted.verify_task(group.iter().map(|s| (s.k, s.completion.clone())).collect()));
        }
        verifier.verify(&tasks, &mut |row| {
            let key = (row.problem.clone(), row.k);
            rows += 1;
            if recorded.get(&key) != Some(&row) {
                changed += 1;
                if changed <= SHOWN as u64 {
                    // A closed output does not change the count.
                    let _ = writeln!(
                        out,
                        "{phase}: `{}` sample {}: recorded {:?}, now {row:?}",
                        row.problem,
                        row.k,
                        recorded.get(&key)
                    );
                }
            }
            Flow::Continue
        })?;
    }
    writeln!(
        out,
        "{} verdicts replayed, {} changed (verdict, answer, note or fuel)",
        grouped(rows),
        grouped(changed)
    )?;
    Ok(if changed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(CHANGED)
    })
}

/// What judged a run and what would judge it now: of a combination, the parts that differ, or all of it where none does.
fn changes(recorded: &VerifierIdentity, now: &VerifierIdentity) -> Vec<String> {
    let say = |id: Option<&VerifierIdentity>| match id {
        Some(id) => format!(
            "{} {} (sha256 {}, config {})",
            id.name,
            id.version,
            id.sha256,
            id.config.short()
        ),
        None => "nothing".to_owned(),
    };
    let parts: BTreeSet<&String> = recorded.members.keys().chain(now.members.keys()).collect();
    let directories: BTreeSet<&String> = recorded
        .directories
        .keys()
        .chain(now.directories.keys())
        .collect();
    let digest = |id: &VerifierIdentity, name: &str| {
        let digest = id.directories.get(name);
        digest.map_or("nothing".to_owned(), |digest| digest.short())
    };
    let changed_directories = directories
        .into_iter()
        .filter(|name| recorded.directories.get(*name) != now.directories.get(*name))
        .map(|name| {
            format!(
                "the contents of the directory `{name}`: recorded {}, now {}",
                digest(recorded, name),
                digest(now, name)
            )
        });
    let changed: Vec<String> = parts
        .into_iter()
        .map(|part| (part, recorded.members.get(part), now.members.get(part)))
        .filter(|(_, recorded, now)| recorded != now)
        .map(|(part, recorded, now)| format!("part `{part}`: recorded {}, now {}", say(recorded), say(now)))
        .chain(changed_directories)
        .collect();
    if changed.is_empty() {
        vec![format!(
            "recorded {}, now {}",
            say(Some(recorded)),
            say(Some(now))
        )]
    } else {
        changed
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use restem_em::{Digest, RewardKind};

    use super::*;

    fn identity(name: &str, members: &[(&str, &str)]) -> VerifierIdentity {
        VerifierIdentity {
            name: name.to_owned(),
            version: "1".into(),
            sha256: Digest::of(name),
            config: Digest::of("{}"),
            api: "0.1.0".into(),
            kind: RewardKind::Binary,
            interpreter: None,
            directories: BTreeMap::new(),
            members: members
                .iter()
                .map(|(part, name)| ((*part).to_owned(), identity(name, &[])))
                .collect::<BTreeMap<_, _>>(),
        }
    }

    #[test]
    fn the_part_that_changed_is_named() {
        let recorded = identity("all-of(a, b)", &[("a", "one"), ("b", "two")]);
        let now = identity("all-of(a, b)", &[("a", "one"), ("b", "three")]);
        insta::assert_snapshot!(changes(&recorded, &now).join("; "), @"part `b`: recorded two 1 (sha256 3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3, config 44136fa3), now three 1 (sha256 8b5b9db0c13db24256c829aa364aa90c6d2eba318b9232a4ab9313b954d3555f, config 44136fa3)");
        let weighted = VerifierIdentity {
            config: Digest::of("other weights"),
            ..recorded.clone()
        };
        assert!(changes(&recorded, &weighted)[0].starts_with("recorded all-of(a, b) 1 "));
    }
}
