//! `restem run --dry-run`: what the run would do, how large it is and how long it takes.

use std::io::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use restem_data::HfTokenizer;
use restem_em::{
    BASE, Checkpoint, Flow, PromptKind, PromptedProblem, SampleRequest, Sampler, Sampling, Seed,
    Tokenizer as _,
};
use restem_report::{Align, Table};

use crate::config::Config;
use crate::numbers::{duration, grouped};
use crate::policy::{Policy, Source, tokenizer};
use crate::prepare::Prepared;
use crate::reward;

/// Samples of the measurement: enough to fill the rows of a decode step.
const MEASURED_SAMPLES: u32 = 64;

/// New tokens of each.
const MEASURED_TOKENS: u32 = 8;

/// Prompts of the measurement.
const MEASURED_PROMPTS: usize = 8;

/// A backward pass costs about twice a forward pass.
const TRAINING_OVER_FORWARD: f64 = 3.0;

/// One row of the plan.
struct Step {
    name: String,
    what: String,
    /// Seconds at most.
    seconds: f64,
}

/// Prints the plan.
pub(crate) fn print(config: &Config, prepared: &Prepared) -> anyhow::Result<ExitCode> {
    let mut judge = reward::open(config)?;
    let checkpoint = Checkpoint {
        path: config.model.path.clone(),
    };
    let source = Source::load(&config.model)?;
    if let Some(lora) = config.train_options().lora {
        source.check_lora(&config.model, &checkpoint, &lora)?;
    }
    let Policy {
        mut generator,
        memory,
        ..
    } = source.open(&config.model, &checkpoint)?;
    let identity = generator.identity();
    let tokenizer = tokenizer(&config.model.path)?;
    let rates = {
        let mut sampler = generator.open(&checkpoint)?;
        Rates::measure(&mut *sampler, &tokenizer, prepared, config)?
    };
    let mut out = std::io::stdout().lock();
    let id = judge.verifier().identity();
    writeln!(out, "run directory: {}", config.run.out.display())?;
    writeln!(
        out,
        "model:         {} on {} ({})",
        config.model.path.display(),
        identity.backend,
        identity.place()
    )?;
    if let Some(memory) = memory {
        writeln!(out, "devices:       {}", memory.devices())?;
        if let Some(text) = memory.of_sampling(identity.rows, config.generate.max_tokens) {
            writeln!(out, "memory:        {text}")?;
        }
        if let Some(warning) = memory.crowding() {
            writeln!(out, "{warning}")?;
        }
    }
    writeln!(
        out,
        "verifier:      {} {} (sha256 {})",
        id.name,
        id.version,
        id.sha256.short()
    )?;
    for (part, id) in &id.members {
        writeln!(
            out,
            "  part `{part}`: {} {} (sha256 {})",
            id.name,
            id.version,
            id.sha256.short()
        )?;
    }
    writeln!(
        out,
        "measured now:  {:.0} new tokens/s, {:.0} prompt tokens/s\n",
        rates.new_tokens, rates.prompt_tokens
    )?;
    let steps = steps(config, prepared, &tokenizer, &rates)?;
    let mut table = Table::new([
        ("step", Align::Left),
        ("size", Align::Left),
        ("at most", Align::Right),
    ]);
    for step in &steps {
        table.row(vec![step.name.clone(), step.what.clone(), time(step.seconds)]);
    }
    let total: f64 = steps.iter().map(|step| step.seconds).sum();
    table.row(vec!["all".into(), String::new(), time(total)]);
    writeln!(out, "{}", table.to_text().trim_end())?;
    writeln!(
        out,
        "\nTimes reckon that each completion reaches {} tokens and that selection keeps every problem's {} rows; \
         training counts as {TRAINING_OVER_FORWARD} forward passes.",
        config.generate.max_tokens, config.select.max_per_problem
    )?;
    Ok(ExitCode::SUCCESS)
}

struct Rates {
    prompt_tokens: f64,
    new_tokens: f64,
}

impl Rates {
    fn measure(
        sampler: &mut dyn Sampler,
        tokenizer: &HfTokenizer,
        prepared: &Prepared,
        config: &Config,
    ) -> anyhow::Result<Self> {
        let kind = config.generate.prompt;
        let sampling = |max_tokens| Sampling {
            max_tokens,
            stop: Vec::new(),
            ..config.run_options().sampling
        };
        let first = &prepared.train[..prepared.train.len().min(MEASURED_PROMPTS)];
        let one_each: Vec<_> = first.iter().map(|prompted| request(prompted, kind, 1)).collect();
        let prompts = mean_prompt(tokenizer, first, kind)? * first.len() as f64;
        let mut discard = |_| Flow::Continue;
        let begun = Instant::now();
        sampler.sample(&one_each, &sampling(1), &mut discard)?;
        let prefill = begun.elapsed().as_secs_f64();
        let many = [request(&first[0], kind, MEASURED_SAMPLES)];
        let begun = Instant::now();
        sampler.sample(&many, &sampling(MEASURED_TOKENS), &mut discard)?;
        let decode = begun.elapsed().as_secs_f64();
        let new_tokens = f64::from(MEASURED_SAMPLES * MEASURED_TOKENS);
        Ok(Self {
            prompt_tokens: prompts / prefill.max(1e-6),
            new_tokens: new_tokens / decode.max(1e-6),
        })
    }

    fn sampling(&self, prompts: f64, prompt_tokens: f64, samples: f64, max_tokens: u32) -> f64 {
        prompts * prompt_tokens / self.prompt_tokens
            + prompts * samples * f64::from(max_tokens) / self.new_tokens
    }
}

fn request(prompted: &PromptedProblem, kind: PromptKind, samples: u32) -> SampleRequest {
    SampleRequest {
        problem: prompted.problem.id.clone(),
        prompt: prompted.prompt(kind).to_owned(),
        samples: (0..samples).map(|k| (k, Seed(u64::from(k)))).collect(),
    }
}

/// Mean tokens of the prompts of up to 50 problems.
fn mean_prompt(
    tokenizer: &HfTokenizer,
    problems: &[PromptedProblem],
    kind: PromptKind,
) -> anyhow::Result<f64> {
    let some = &problems[..problems.len().min(50)];
    let mut tokens = 0;
    for prompted in some {
        tokens += tokenizer.encode(prompted.prompt(kind), true)?.len();
    }
    Ok(tokens as f64 / some.len().max(1) as f64)
}

fn steps(
    config: &Config,
    prepared: &Prepared,
    tokenizer: &HfTokenizer,
    rates: &Rates,
) -> anyhow::Result<Vec<Step>> {
    let (generate, train) = (&config.generate, &config.train);
    let n = prepared.train.len();
    let prompt = mean_prompt(tokenizer, &prepared.train, generate.prompt)?;
    let train_prompt = mean_prompt(tokenizer, &prepared.train, train.prompt)?;
    let samples = n as u64 * u64::from(generate.samples);
    let rows = n as u64 * u64::from(config.select.max_per_problem.min(generate.samples));
    let trained = rows as f64 * (train_prompt + f64::from(generate.max_tokens)) * f64::from(train.epochs);
    let train_seconds = trained * TRAINING_OVER_FORWARD / rates.prompt_tokens;
    let sets: Vec<_> = std::iter::once(&prepared.validation)
        .chain(&prepared.tests)
        .filter(|set| !set.problems.is_empty())
        .collect();
    let held_out: usize = sets.iter().map(|set| set.problems.len()).sum();
    let eval_prompt = mean_prompt(tokenizer, &prepared.validation.problems, config.eval.prompt)?;
    let eval_seconds = rates.sampling(held_out as f64, eval_prompt, 1.0, generate.max_tokens);
    let mut steps = Vec::new();
    let mut add = |name: String, what: String, seconds: f64| steps.push(Step { name, what, seconds });
    let evaluation = format!(
        "{} problems in {} sets, greedy",
        grouped(held_out as u64),
        sets.len()
    );
    add(format!("{BASE}: evaluate"), evaluation.clone(), eval_seconds);
    for i in 1..=config.run.max_iterations {
        let seconds = rates.sampling(n as f64, prompt, f64::from(generate.samples), generate.max_tokens);
        let what = format!(
            "{} problems x {} samples = {}, prompts of {prompt:.0} tokens",
            grouped(n as u64),
            generate.samples,
            grouped(samples)
        );
        add(format!("iteration-{i}: generate and verify"), what, seconds);
        let what = format!("at most {} rows x {} epochs", grouped(rows), train.epochs);
        add(format!("iteration-{i}: improve"), what, train_seconds);
        add(
            format!("iteration-{i}: evaluate"),
            evaluation.clone(),
            eval_seconds,
        );
    }
    for comparison in &config.run.compare {
        add(
            format!("{}: train and evaluate", comparison.arm()),
            evaluation.clone(),
            train_seconds + eval_seconds,
        );
    }
    let looked_at: usize = prepared
        .tests
        .iter()
        .map(|set| set.problems.len().min(config.eval.sampled_problems as usize))
        .sum();
    let draws = config.eval.pass_at.iter().max().copied().unwrap_or(0) + config.eval.majority;
    if looked_at > 0 && draws > 0 {
        let seconds = 2.0
            * rates.sampling(
                looked_at as f64,
                eval_prompt,
                f64::from(draws),
                generate.max_tokens,
            );
        add(
            format!("{BASE} and best: pass@k, maj@k"),
            format!("{looked_at} problems x {draws} samples"),
            seconds,
        );
    }
    Ok(steps)
}

fn time(seconds: f64) -> String {
    duration(Duration::from_secs_f64(seconds))
}
