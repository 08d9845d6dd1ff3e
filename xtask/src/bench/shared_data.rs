//! The folder of public data sets, and their lines.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::read::GzDecoder;
use serde_json::Value;

use crate::env_vars;
use crate::workspace::Workspace;

/// `RESTEM_SHARED_DATA`, else `../shared/data` beside the checkout.
pub(crate) fn folder(workspace: &Workspace) -> PathBuf {
    std::env::var_os(env_vars::SHARED_DATA).map_or_else(
        || workspace.root().join("..").join("shared").join("data"),
        PathBuf::from,
    )
}

/// The objects of a gzipped file with one per line.
///
/// # Errors
/// When it is not there. Lines that can't be read are errors of their own.
pub(crate) fn lines(path: &Path) -> Result<impl Iterator<Item = Result<Value>> + use<>> {
    let file = File::open(path).with_context(|| {
        format!(
            "cannot open {}\n  hint: RESTEM_SHARED_DATA names the folder of public data",
            path.display()
        )
    })?;
    Ok(BufReader::new(GzDecoder::new(file))
        .lines()
        .map(|line| Ok(serde_json::from_str(&line?)?)))
}
