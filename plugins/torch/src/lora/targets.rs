//! Which projections have adapters.

use std::path::Path;

use restem_policy_abi::{ALL_LINEAR, Lora};

use super::adapter::Scaling;
use crate::error::{Result, TorchError};
use crate::model::Model;

/// Names of the projections that `targets` mean, in the model's order. As in PEFT a target is a name or the end of one.
///
/// # Errors
/// [`TorchError::Lora`] for a target that means none.
pub(super) fn resolve<'a>(model: &'a Model, targets: &[String]) -> Result<Vec<&'a str>> {
    let all: Vec<&str> = names(model).collect();
    if targets == [ALL_LINEAR] {
        return Ok(all);
    }
    let unknown = |target: &&String| !all.iter().any(|name| is_meant(name, target));
    if let Some(target) = targets.iter().find(unknown) {
        let known = ends(&all).join(", ");
        return Err(TorchError::Lora(format!(
            "target_modules: no projection of this model's layers is named `{target}`; there are {known}, and `{ALL_LINEAR}` \
             for all of them"
        )));
    }
    if targets.is_empty() {
        return Err(TorchError::Lora(format!(
            "target_modules is empty: write `{ALL_LINEAR}` or names"
        )));
    }
    let meant = |name: &&str| targets.iter().any(|target| is_meant(name, target));
    Ok(all.into_iter().filter(meant).collect())
}

/// Targets that mean exactly the adapted projections of `model`: ends of names where all of that end have an adapter.
pub(super) fn describe(model: &Model) -> Vec<String> {
    let all: Vec<&str> = names(model).collect();
    let adapted = adapted(model);
    let mut targets = Vec::new();
    for end in ends(&adapted) {
        let own = |names: &[&str]| names.iter().filter(|name| is_meant(name, end)).count();
        if own(&all) == own(&adapted) {
            targets.push(end.to_owned());
        } else {
            let each = adapted.iter().filter(|name| is_meant(name, end));
            targets.extend(each.map(|&name| name.to_owned()));
        }
    }
    targets
}

/// Checks that the adapters of `model`, which came from `directory`, are what `lora` asks for.
///
/// # Errors
/// [`TorchError::Lora`] naming the first difference.
pub(crate) fn check(model: &Model, directory: &Path, lora: &Lora) -> Result<()> {
    let differs = |what: &str, found: String, asked: String| {
        Err(TorchError::Lora(format!(
            "the adapter `{}` has {what} = {found}, not {asked}\n  hint: train on with the adapter's own settings, or merge it \
             into its base first (`restem model merge`)",
            directory.display()
        )))
    };
    let asked = super::attach::scaling(lora)?;
    let mut scalings = model.linears().filter_map(|linear| linear.adapter.as_ref());
    if let Some(Scaling { rank, alpha, rslora }) = scalings.next().map(|adapter| adapter.scaling) {
        if rank != asked.rank {
            return differs("rank", rank.to_string(), asked.rank.to_string());
        }
        if (alpha, rslora) != (asked.alpha, asked.rslora) {
            let text = |alpha: f64, rslora: bool| format!("{alpha} (rslora = {rslora})");
            return differs("alpha", text(alpha, rslora), text(asked.alpha, asked.rslora));
        }
    }
    if adapted(model) != resolve(model, &lora.target_modules)? {
        let list = |names: &[String]| names.join(", ");
        return differs(
            "target_modules",
            list(&describe(model)),
            list(&lora.target_modules),
        );
    }
    Ok(())
}

fn names(model: &Model) -> impl Iterator<Item = &str> {
    let parts = model.linears().flat_map(|linear| &linear.parts);
    parts.map(|(name, _)| name.as_str())
}

fn adapted(model: &Model) -> Vec<&str> {
    let linears = model.linears();
    let linears = linears.filter_map(|linear| Some(linear.parts.iter().zip(&linear.adapter.as_ref()?.b)));
    let parts = linears.flatten().filter(|(_, b)| b.is_some());
    parts.map(|((name, _), _)| name.as_str()).collect()
}

fn is_meant(name: &str, target: &str) -> bool {
    name.strip_suffix(target)
        .is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

/// The last parts of the names, each once, in order of appearance.
fn ends<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let mut ends = Vec::new();
    for name in names {
        let end = name.rsplit('.').next().unwrap_or(name);
        if !ends.contains(&end) {
            ends.push(end);
        }
    }
    ends
}
