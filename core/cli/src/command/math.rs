//! `restem math`: one comparison, explained.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use restem_em::{Flow, ProblemId, Score, Verdict, VerdictRow, VerifierIdentity, VerifyTask};
use restem_reward::{Item, printable_line};
use serde_json::{Map, Value, json};

use crate::args::MathArgs;
use crate::config::RewardSection;
use crate::numbers::grouped;
use crate::settings::settings;
use crate::{error_text, reward};

/// The answer is not the reference's, or it can't be told.
const NOT_EQUAL: u8 = 1;

/// Nothing was compared.
const ERROR: u8 = 2;

/// Where an answer is looked for unless `--config extract=…` says otherwise: a bare answer marks nothing.
const EXTRACT: [&str; 4] = ["boxed", "hashes", "answer-is", "whole"];

/// Part of the plugin's score: 1 when it can't tell whether the answers are equal.
const UNDECIDED: &str = "undecided";

pub(crate) fn math(args: &MathArgs) -> ExitCode {
    match compare(args) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(NOT_EQUAL),
        Err(error) => {
            error_text::report(&error);
            ExitCode::from(ERROR)
        }
    }
}

/// Compares, tells, and says whether they are equal.
fn compare(args: &MathArgs) -> anyhow::Result<bool> {
    let plugin = reward::plugin(&section(args)?)?;
    let row = judge(&mut reward::pool(&plugin, 1)?, args)?;
    let score = match &row.verdict {
        Verdict::Scored(score) => score,
        Verdict::Fault { fault } => bail!("{fault}"),
    };
    let text = if args.json {
        in_json(args, score, row.fuel, plugin.identity())
    } else {
        in_words(score, row.fuel, plugin.identity())
    };
    writeln!(std::io::stdout(), "{text}").context("the verdict can't be written")?;
    Ok(is_equal(score))
}

fn section(args: &MathArgs) -> anyhow::Result<RewardSection> {
    let mut config = Map::from_iter([
        ("extract".to_owned(), json!(EXTRACT)),
        ("explain".to_owned(), json!(true)),
    ]);
    config.extend(settings(&args.config, "--config")?);
    Ok(RewardSection {
        plugin: args.plugin.clone(),
        config,
        ..RewardSection::default()
    })
}

fn judge(pool: &mut restem_reward::Pool, args: &MathArgs) -> anyhow::Result<VerdictRow> {
    let task = VerifyTask {
        problem: ProblemId::new("math"),
        prompt: None,
        reference: Some(args.reference.clone()),
        metadata: Map::new(),
        completions: vec![(0, args.answer.clone())],
    };
    let mut verdict = None;
    pool.score_each(std::iter::once(Item::Judge(task)), &mut |row| {
        verdict = Some(row);
        Flow::Continue
    })?;
    verdict.context("the plugin gave no verdict")
}

fn is_equal(score: &Score) -> bool {
    score.reward >= 1.0
}

fn outcome(score: &Score) -> &'static str {
    if is_equal(score) {
        "equal"
    } else if score.answer.is_none() {
        "no answer"
    } else if score
        .parts
        .iter()
        .any(|(name, value)| name == UNDECIDED && *value > 0.0)
    {
        "undecided"
    } else {
        "different"
    }
}

fn in_words(score: &Score, fuel: u64, identity: &VerifierIdentity) -> String {
    let mut lines = vec![outcome(score).to_owned()];
    // The note quotes the completion, which may hold what a terminal would obey.
    let note = score.note.as_deref().unwrap_or_default();
    lines.extend(note.lines().map(|line| format!("  {}", printable_line(line))));
    lines.push(format!("  fuel: {}", grouped(fuel)));
    lines.push(format!(
        "  judged by {} {} (sha256 {})",
        identity.name,
        identity.version,
        identity.sha256.short()
    ));
    lines.join("\n")
}

fn in_json(args: &MathArgs, score: &Score, fuel: u64, identity: &VerifierIdentity) -> String {
    let parts: Map<String, Value> = score
        .parts
        .iter()
        .map(|(name, value)| (name.clone(), Value::from(*value)))
        .collect();
    json!({
        "reference": args.reference,
        "answer": args.answer,
        "outcome": outcome(score),
        "reward": score.reward,
        "canonical": score.answer,
        "explanation": score.note,
        "parts": parts,
        "fuel": fuel,
        "plugin": {"name": identity.name, "version": identity.version, "sha256": identity.sha256},
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(reward: f64, answer: Option<&str>, parts: &[(&str, f64)]) -> Score {
        Score {
            reward,
            answer: answer.map(str::to_owned),
            note: None,
            parts: parts
                .iter()
                .map(|(name, value)| ((*name).to_owned(), *value))
                .collect(),
        }
    }

    #[test]
    fn the_outcome_is_read_off_the_score() {
        assert_eq!(outcome(&score(1.0, Some("1/2"), &[("marked", 1.0)])), "equal");
        assert_eq!(
            outcome(&score(0.0, Some("1/2"), &[("undecided", 0.0)])),
            "different"
        );
        assert_eq!(
            outcome(&score(0.0, Some("1/2"), &[("undecided", 1.0)])),
            "undecided"
        );
        assert_eq!(outcome(&score(0.0, None, &[])), "no answer");
    }
}
