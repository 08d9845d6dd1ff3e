//! What a plugin is and may do, in words.

use restem_em::RewardKind;
use restem_reward::{Capability, Limits, PluginInfo, Probe, printable_line};

use crate::numbers::grouped;

/// `binary: 0 or 1`, `graded: 0 to 0.5`.
pub(super) fn rewards(info: &PluginInfo) -> String {
    match info.kind {
        RewardKind::Binary => format!("binary: {} or {}", info.min, info.max),
        RewardKind::Graded => format!("graded: {} to {}", info.min, info.max),
    }
}

/// `84 KiB`, rounded up.
pub(super) fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} B"),
        1024..10_485_760 => format!("{} KiB", grouped(bytes.div_ceil(1024))),
        _ => format!("{} MiB", grouped(bytes.div_ceil(1 << 20))),
    }
}

/// What the plugin can do once it is run, one sentence each.
pub(super) fn can(probe: &Probe) -> Vec<String> {
    let limits = Limits::default();
    let mut can = vec![
        "see each problem (id, prompt, reference, metadata) and its completions, and decide their rewards"
            .to_owned(),
    ];
    if imports(probe, "restem:reward/host") {
        can.push(format!(
            "send restem log lines and the text of a panic (at most {} a problem)",
            size(limits.log_bytes)
        ));
    }
    if imports(probe, "wasi:") {
        can.push(
            "call WASI and find it empty: no arguments or environment, no files but those of a directory that you grant, a clock that stands still, random numbers that are always the same".to_owned(),
        );
    }
    for capability in probe.needs() {
        let Capability::Python = capability;
        can.push(format!(
            "run Python programs in restem's own sandbox, without files, network or clock{}",
            given(probe, capability)
        ));
    }
    let directories = probe
        .manifest
        .iter()
        .flat_map(|(_, manifest)| &manifest.directories);
    can.extend(directories.map(|(name, purpose)| {
        format!(
            "read the files beneath one directory that you name, as `/{name}` (it says: {}): only when you say `--grant {name}=DIR`",
            printable_line(purpose)
        )
    }));
    can
}

/// What no plugin can do, and what bounds it by default.
pub(super) fn cannot() -> Vec<String> {
    let limits = Limits::default();
    vec![
        "write files, read any but those of a directory that you grant, open connections, start programs, or see the environment".to_owned(),
        "tell the time, draw random numbers, or use threads: the same row gets the same verdict on every machine".to_owned(),
        "see other problems, or remember anything from one problem to the next".to_owned(),
        format!(
            "use more than {} fuel and {} of memory for a call, unless you raise `limits` (hitting one is a fault of the row, never a reward)",
            grouped(limits.fuel_per_task),
            size(limits.memory_bytes)
        ),
    ]
}

/// What still keeps it from a capability that it needs.
fn given(probe: &Probe, capability: Capability) -> String {
    let asks = probe
        .manifest
        .as_ref()
        .is_some_and(|(_, manifest)| manifest.capabilities.contains(&capability));
    if asks {
        format!(": only when you say `--grant {capability}`")
    } else {
        format!(": not before its manifest asks for `{capability}`")
    }
}

fn imports(probe: &Probe, prefix: &str) -> bool {
    probe.imports.iter().any(|import| import.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_a_fitting_unit() {
        let sizes = [7, 1024, 1025, 86_016, 41_943_041].map(size);
        assert_eq!(sizes, ["7 B", "1 KiB", "2 KiB", "84 KiB", "41 MiB"]);
    }
}
