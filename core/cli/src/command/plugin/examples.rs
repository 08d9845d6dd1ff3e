//! The `[[example]]` rows of a manifest, as tasks.

use std::path::Path;

use anyhow::{Context as _, bail};
use restem_em::{Flow, ProblemId, VerdictRow, VerifyTask};
use restem_reward::{Example, Grant, Manifest, Plugin};

use crate::config::RewardSection;
use crate::reward;

/// Examples that share a configuration, and the plugin under it.
pub(super) struct Group<'a> {
    pub(super) plugin: Plugin,
    /// Number in the manifest, from 0, with the example.
    pub(super) examples: Vec<(usize, &'a Example)>,
}

/// The manifest beside a plugin, which must have examples.
pub(super) fn manifest(wasm: &Path) -> anyhow::Result<Manifest> {
    let found = Manifest::beside(wasm)?;
    let (path, manifest) = found.with_context(|| {
        format!(
            "no manifest beside {}\n  hint: write a `plugin.toml` with `name` and `[[example]]` rows",
            wasm.display()
        )
    })?;
    if manifest.examples.is_empty() {
        bail!(
            "{} has no `[[example]]`\n  hint: add a row with `id`, `reference`, `completion` and the `reward` that it gets",
            path.display()
        );
    }
    Ok(manifest)
}

/// The plugin once for each configuration that the examples name.
pub(super) fn groups<'a>(
    wasm: &Path,
    manifest: &'a Manifest,
    grant: &[Grant],
) -> anyhow::Result<Vec<Group<'a>>> {
    let mut groups: Vec<Group<'a>> = Vec::new();
    for (number, example) in manifest.examples.iter().enumerate() {
        let same = groups
            .iter_mut()
            .find(|group| group.examples[0].1.config == example.config);
        match same {
            Some(group) => group.examples.push((number, example)),
            None => {
                let plugin = reward::plugin(&RewardSection {
                    plugin: wasm.to_string_lossy().into_owned(),
                    config: example.config.clone(),
                    grant: grant.to_vec(),
                    ..RewardSection::default()
                })?;
                groups.push(Group {
                    plugin,
                    examples: vec![(number, example)],
                });
            }
        }
    }
    Ok(groups)
}

/// An example as a task of its own.
pub(super) fn task(example: &Example) -> VerifyTask {
    VerifyTask {
        problem: ProblemId::new(&example.id),
        prompt: example.prompt.clone(),
        reference: example.reference.clone(),
        metadata: example.metadata.clone(),
        completions: vec![(0, example.completion.clone())],
    }
}

/// Judges a task of one completion.
pub(super) fn judge(plugin: &Plugin, task: &VerifyTask) -> anyhow::Result<VerdictRow> {
    let mut judged = None;
    plugin.score_task(task, &mut |row| {
        judged = Some(row);
        Flow::Continue
    });
    judged.context("a task with a completion has a row")
}
