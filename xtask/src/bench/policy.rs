//! `cargo xtask bench policy`: sampling and training on the demo model, alone or beside what people use instead.

mod install;
mod run;
mod sharing;
mod table;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;

use crate::cache::Cache;
use crate::workspace::Workspace;
use crate::{process, say};

/// What is measured and where it goes.
#[derive(Debug, Args)]
pub(crate) struct Options {
    /// Measure transformers, TRL and llama.cpp on the same prompts and rows too (needs ../shared/data; installs 5 GB, builds llama.cpp)
    #[arg(long)]
    peers: bool,
    /// How the time of a sample falls with samples per problem and few-shot examples
    #[arg(long, conflicts_with = "peers")]
    sharing: bool,
    /// Write the tables there as well
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Draw what `--sharing` measures there, as SVG
    #[arg(long, value_name = "FILE", requires = "sharing")]
    plot: Option<PathBuf>,
    /// Install what `--peers` needs, and stop
    #[arg(long, requires = "peers")]
    prepare: bool,
    /// Arguments of the program `throughput`, when it runs alone
    #[arg(last = true)]
    arguments: Vec<String>,
}

/// Measures and prints.
///
/// # Errors
/// When something can't be had or a side fails.
pub(crate) fn run(workspace: &Workspace, cache: &Cache, options: &Options) -> Result<()> {
    let ours = run::Ours::build(workspace, cache)?;
    let tables = if options.sharing {
        let points = sharing::measure(&ours)?;
        if let Some(path) = &options.plot {
            fs::write(path, sharing::draw(&points))
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        sharing::table(&points)
    } else if options.peers {
        let peers = install::Peers::install(workspace, cache)?;
        if options.prepare {
            return Ok(());
        }
        let workload = run::Workload::write(workspace, &peers, ours.model())?;
        let sampling = run::sampling(&ours, &peers, &workload)?;
        let training = run::training(&ours, &peers, &workload)?;
        format!("{}\n\n{}", table::sampling(&sampling), table::training(&training))
    } else {
        return process::run(ours.sampler().args(&options.arguments));
    };
    if let Some(path) = &options.out {
        fs::write(path, format!("{tables}\n")).with_context(|| format!("cannot write {}", path.display()))?;
    }
    say::data(tables);
    Ok(())
}
