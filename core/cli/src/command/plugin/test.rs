//! `restem plugin test`: a plugin's examples, natively and in the sandbox, and what every plugin must keep.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use restem_em::{Verdict, VerdictRow};
use restem_reward::{Example, Finding, Manifest, conformance, printable_line};

use super::examples::{self, Group};
use super::native::{self, Native};
use super::subject;
use crate::args::PluginTestArgs;
use crate::numbers::{duration, grouped};

/// An example or a property failed.
const FAILED: u8 = 1;

/// What an example came to.
struct Judged<'a> {
    number: usize,
    example: &'a Example,
    native: Option<&'a Native>,
    row: VerdictRow,
}

pub(super) fn test(args: &PluginTestArgs) -> anyhow::Result<ExitCode> {
    let subject = subject::find(&args.plugin)?;
    let mut out = std::io::stdout().lock();
    let natives = match &subject.project {
        Some(project) if !args.no_native && project.join("Cargo.toml").is_file() => {
            let (natives, took) = native::run(project)?;
            writeln!(out, "native: `cargo test` passes ({})", duration(took))?;
            natives
        }
        _ => BTreeMap::new(),
    };
    let manifest = examples::manifest(&subject.wasm)?;
    let groups = examples::groups(&subject.wasm, &manifest, &args.grant)?;
    let judged = judge(&groups, &natives)?;
    out.write_all(table(&subject.wasm, &manifest, &judged).as_bytes())?;
    out.flush()?;
    let findings: Vec<_> = groups.iter().flat_map(keeps).collect();
    out.write_all(told(&findings).as_bytes())?;
    let failed = judged.iter().any(|judged| judged.complaint().is_some())
        || findings.iter().any(|finding| finding.failure.is_some());
    Ok(if failed {
        ExitCode::from(FAILED)
    } else {
        ExitCode::SUCCESS
    })
}

fn judge<'a>(groups: &[Group<'a>], natives: &'a BTreeMap<usize, Native>) -> anyhow::Result<Vec<Judged<'a>>> {
    let mut judged = Vec::new();
    for group in groups {
        for &(number, example) in &group.examples {
            judged.push(Judged {
                number,
                example,
                native: natives.get(&number),
                row: examples::judge(&group.plugin, &examples::task(example))?,
            });
        }
    }
    judged.sort_by_key(|judged| judged.number);
    Ok(judged)
}

fn keeps(group: &Group<'_>) -> Vec<Finding> {
    let tasks: Vec<_> = group
        .examples
        .iter()
        .map(|(_, example)| examples::task(example))
        .collect();
    conformance(&group.plugin, &tasks)
}

impl Judged<'_> {
    fn sandboxed(&self) -> Option<f64> {
        self.row.verdict.score().map(|score| score.reward)
    }

    /// What is not as the example says.
    fn complaint(&self) -> Option<String> {
        let wanted = self.example.reward;
        let native = self.native.and_then(|native| native.reward);
        let native_is_off = self.native.is_some() && native != Some(wanted);
        if self.sandboxed() == Some(wanted) && !native_is_off {
            return None;
        }
        let sandbox = match &self.row.verdict {
            Verdict::Scored(score) => {
                let mut told = score.reward.to_string();
                for (name, text) in [("answer", &score.answer), ("note", &score.note)] {
                    if let Some(text) = text {
                        told.push_str(&format!(", {name} `{}`", printable_line(text)));
                    }
                }
                told
            }
            Verdict::Fault { fault } => fault.to_string().replace('\n', "\n      "),
        };
        let mut lines = format!(
            "  example {} (problem `{}`)\n    wanted:  {wanted}\n    sandbox: {sandbox}\n",
            self.number + 1,
            self.example.id,
        );
        if let Some(native) = self.native {
            lines.push_str(&format!("    native:  {}\n", told_natively(native)));
        }
        Some(lines)
    }
}

fn told_natively(native: &Native) -> String {
    match (native.reward, &native.fault) {
        (Some(reward), _) => reward.to_string(),
        (None, Some(fault)) => format!("the fault {fault}"),
        (None, None) => "nothing".to_owned(),
    }
}

fn table(wasm: &Path, manifest: &Manifest, judged: &[Judged<'_>]) -> String {
    let width = judged
        .iter()
        .map(|judged| judged.example.id.chars().count())
        .max()
        .unwrap_or(0)
        .max("problem".len());
    let mut text = format!(
        "examples of {} ({})\n    #  {:<width$}  {:>6}  {:>6}  {:>7}  {:>14}\n",
        manifest.name,
        wasm.display(),
        "problem",
        "wanted",
        "native",
        "sandbox",
        "fuel"
    );
    for judged in judged {
        let native = judged.native.map_or("-".to_owned(), |native| {
            native
                .reward
                .map_or("fault".to_owned(), |reward| reward.to_string())
        });
        let sandbox = judged
            .sandboxed()
            .map_or("fault".to_owned(), |reward| reward.to_string());
        let mark = if judged.complaint().is_some() { "  <-" } else { "" };
        text.push_str(&format!(
            "  {:>3}  {:<width$}  {:>6}  {native:>6}  {sandbox:>7}  {:>14}{mark}\n",
            judged.number + 1,
            judged.example.id,
            judged.example.reward,
            grouped(judged.row.fuel),
        ));
    }
    judged
        .iter()
        .filter_map(Judged::complaint)
        .for_each(|lines| text.push_str(&lines));
    text
}

/// Each property once: the first group that broke it speaks.
fn told(findings: &[Finding]) -> String {
    let mut text = "what every plugin keeps\n".to_owned();
    for property in restem_reward::Property::ALL {
        let broken = findings
            .iter()
            .filter(|finding| finding.property == property)
            .find_map(|finding| finding.failure.as_ref());
        match broken {
            None => text.push_str(&format!("  ok    {}\n", property.statement())),
            Some(failure) => text.push_str(&format!(
                "  FAIL  {}\n        {}\n        hint: {}\n",
                property.statement(),
                failure.replace('\n', "\n        "),
                property.hint()
            )),
        }
    }
    text
}
