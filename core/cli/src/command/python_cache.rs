//! What the Python sandbox keeps on disk: shown by `restem python doctor`, removed by `restem python clean`.

use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;
use std::time::SystemTime;

use restem_python::{CacheEntry, EntryKind, Remove, clean as remove, entries};

use crate::numbers::{grouped, megabytes};

const SECONDS_PER_DAY: u64 = 24 * 60 * 60;

/// One line for each entry.
pub(crate) fn list(cache: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    let now = SystemTime::now();
    for entry in entries(cache)? {
        writeln!(out, "entry:       {}", line(&entry, now))?;
    }
    Ok(())
}

/// A hint where other builds' entries take room.
pub(crate) fn tell_of_unused(cache: &Path, out: &mut dyn Write) -> anyhow::Result<()> {
    let found = entries(cache)?;
    let unused: Vec<_> = found.iter().filter(|entry| !entry.is_ours).collect();
    if !unused.is_empty() {
        writeln!(
            out,
            "not used by this version of restem: {} more, {}; `restem python clean` removes that",
            grouped(unused.len() as u64),
            megabytes(unused.iter().map(|entry| entry.bytes).sum()),
        )?;
    }
    Ok(())
}

/// Removes entries and says which.
pub(crate) fn clean(cache: &Path, which: Remove) -> anyhow::Result<ExitCode> {
    let removed = remove(cache, which)?;
    let now = SystemTime::now();
    let mut out = io::stdout().lock();
    for entry in &removed {
        writeln!(out, "removed {}", line(entry, now))?;
    }
    if removed.is_empty() {
        writeln!(out, "nothing to remove in {}", cache.display())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// `python-0123, 337 MB, CPython 3.15.0, last read 3 days ago (of another version of restem)`.
fn line(entry: &CacheEntry, now: SystemTime) -> String {
    let name = entry.path.file_name().unwrap_or_default().to_string_lossy();
    let kind = match &entry.kind {
        EntryKind::Interpreter { python } => format!("CPython {python}"),
        EntryKind::Damaged => "damaged interpreter".to_owned(),
        EntryKind::Functions => "compiled functions".to_owned(),
        EntryKind::Unfinished => "unfinished installation".to_owned(),
    };
    let days = entry
        .last_read
        .map(|read| now.duration_since(read).unwrap_or_default().as_secs() / SECONDS_PER_DAY);
    let read = match days {
        None => String::new(),
        Some(0) => ", last read today".to_owned(),
        Some(1) => ", last read yesterday".to_owned(),
        Some(days) => format!(", last read {} days ago", grouped(days)),
    };
    let whose = if entry.is_ours {
        "in use"
    } else {
        "not used by this version of restem"
    };
    format!("{name}, {}, {kind}{read} ({whose})", megabytes(entry.bytes))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_entry_is_told_in_one_line() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        let entry = |days: u64, kind, is_ours| CacheEntry {
            path: "/cache/python-0123".into(),
            kind,
            bytes: 336_500_000,
            last_read: Some(now - Duration::from_secs(days * SECONDS_PER_DAY)),
            is_ours,
        };
        let python = EntryKind::Interpreter {
            python: "3.15.0".to_owned(),
        };
        insta::assert_snapshot!(line(&entry(0, python.clone(), true), now), @"python-0123, 337 MB, CPython 3.15.0, last read today (in use)");
        insta::assert_snapshot!(line(&entry(1, EntryKind::Damaged, false), now), @"python-0123, 337 MB, damaged interpreter, last read yesterday (not used by this version of restem)");
        insta::assert_snapshot!(line(&entry(9, python, false), now), @"python-0123, 337 MB, CPython 3.15.0, last read 9 days ago (not used by this version of restem)");
    }
}
