//! Progress on standard error: bars with rates and times to go on a terminal, plain lines elsewhere.

use std::io::{IsTerminal as _, Write as _};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use restem_em::{Action, Phase, TrainStep};

use crate::args::ProgressMode;
use crate::numbers::{duration, grouped};

/// Plain lines come at most this often.
const PLAIN_EVERY: Duration = Duration::from_secs(15);

/// What is being counted.
struct Counter {
    name: String,
    unit: &'static str,
    total: u64,
    /// Done by an earlier process: not part of the rate.
    before: u64,
    done: u64,
    tokens: u64,
    /// Follows the rates.
    remark: String,
    begun: Instant,
    said: Instant,
    bar: Option<ProgressBar>,
}

/// Shows where a command is.
pub(crate) struct Progress {
    mode: ProgressMode,
    terminal: bool,
    counter: Option<Counter>,
    /// What is said after the rates of sampling.
    of_sampling: String,
}

impl Progress {
    /// Progress in a mode.
    pub(crate) fn new(mode: ProgressMode) -> Self {
        let terminal = mode == ProgressMode::Auto && std::io::stderr().is_terminal();
        Self {
            mode,
            terminal,
            counter: None,
            of_sampling: String::new(),
        }
    }

    /// Says with the rates of sampling what its cache may take.
    pub(crate) fn sample_within(&mut self, bound: Option<String>) {
        self.of_sampling = bound.map(|bound| format!(", cache {bound}")).unwrap_or_default();
    }

    /// A line of its own.
    pub(crate) fn line(&self, text: &str) {
        if self.mode == ProgressMode::Quiet {
            return;
        }
        match self.counter.as_ref().and_then(|counter| counter.bar.as_ref()) {
            Some(bar) => bar.suspend(|| say(text)),
            None => say(text),
        }
    }

    /// Begins to count `total` items, `done` of which are there already.
    pub(crate) fn begin(&mut self, phase: &Phase, action: Action, done: u64, total: u64) {
        let unit = match action {
            Action::Sampling => "samples",
            Action::Verifying => "verdicts",
        };
        self.count(phase.to_string(), unit, done, total);
        if let Some(counter) = &mut self.counter
            && action == Action::Sampling
        {
            counter.remark.clone_from(&self.of_sampling);
        }
    }

    /// Begins to count something else.
    pub(crate) fn count(&mut self, name: String, unit: &'static str, done: u64, total: u64) {
        self.end();
        if done == total {
            return;
        }
        let bar = self.terminal.then(|| bar(&name, unit, done, total));
        let now = Instant::now();
        self.counter = Some(Counter {
            name,
            unit,
            total,
            before: done,
            done,
            tokens: 0,
            remark: String::new(),
            begun: now,
            said: now,
            bar,
        });
    }

    /// One more item, and the tokens it took.
    pub(crate) fn advance(&mut self, items: u64, tokens: u32) {
        let Some(counter) = &mut self.counter else { return };
        counter.done += items;
        counter.tokens += u64::from(tokens);
        match &counter.bar {
            Some(bar) => {
                bar.set_position(counter.done);
                if counter.tokens > 0 {
                    let rate = counter.tokens as f64 / counter.begun.elapsed().as_secs_f64().max(1e-9);
                    bar.set_message(format!("{rate:.0} tokens/s{}", counter.remark));
                }
            }
            None if self.mode != ProgressMode::Quiet && counter.said.elapsed() >= PLAIN_EVERY => {
                counter.said = Instant::now();
                say(&counter.plain_line());
            }
            None => {}
        }
    }

    /// An optimizer step.
    pub(crate) fn step(&mut self, arm: &str, step: &TrainStep) {
        let name = format!("{arm}/train");
        if self.counter.as_ref().is_none_or(|counter| counter.name != name) {
            self.count(name, "steps", u64::from(step.step) - 1, u64::from(step.steps));
        }
        self.advance(1, 0);
        if let Some(bar) = self.counter.as_ref().and_then(|counter| counter.bar.as_ref()) {
            bar.set_message(format!("loss {:.4}", step.loss));
        }
        if step.step == step.steps {
            self.end();
        }
    }

    /// Ends the count with a line that says how fast it was.
    pub(crate) fn end(&mut self) {
        let Some(counter) = self.counter.take() else {
            return;
        };
        if let Some(bar) = &counter.bar {
            bar.finish_and_clear();
        }
        if self.mode != ProgressMode::Quiet && counter.done > counter.before {
            say(&counter.closing_line());
        }
    }
}

impl Counter {
    fn rates(&self) -> (f64, String) {
        let seconds = self.begun.elapsed().as_secs_f64().max(1e-9);
        let rate = (self.done - self.before) as f64 / seconds;
        let tokens = match self.tokens {
            0 => String::new(),
            n => format!(", {:.0} tokens/s", n as f64 / seconds),
        };
        (rate, format!("{rate:.1} {}/s{tokens}{}", self.unit, self.remark))
    }

    fn plain_line(&self) -> String {
        let (rate, text) = self.rates();
        let left = Duration::from_secs_f64((self.total - self.done) as f64 / rate.max(1e-9));
        let (done, total) = (grouped(self.done), grouped(self.total));
        format!(
            "{}: {done} of {total} {}, {text}, {} to go",
            self.name,
            self.unit,
            duration(left)
        )
    }

    fn closing_line(&self) -> String {
        let took = duration(self.begun.elapsed());
        format!(
            "{}: {} {} in {took}, {}",
            self.name,
            grouped(self.done),
            self.unit,
            self.rates().1
        )
    }
}

fn bar(name: &str, unit: &str, done: u64, total: u64) -> ProgressBar {
    let template =
        format!("{{prefix}} [{{bar:30}}] {{pos}}/{{len}} {unit}, {{per_sec}}, {{eta}} to go {{msg}}");
    let style = ProgressStyle::with_template(&template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let bar = ProgressBar::new(total)
        .with_style(style.progress_chars("=> "))
        .with_prefix(name.to_owned());
    bar.set_position(done);
    bar.reset_eta();
    bar
}

fn say(text: &str) {
    // Progress is a courtesy: a closed standard error must not end the run.
    let _ = writeln!(std::io::stderr(), "{text}");
}
