//! Runs a program on its tests and says what became of it.

mod failure;

use restem_sdk::prelude::*;
use restem_sdk::python::{Execution, Limits, Outcome, Program};

use crate::config::Config;
use crate::problem::{Assertion, Asserts, PrintedTest, Problem, ReturnedTest};
use crate::source::Source;
use crate::{compare, extract, note, scan};

/// A problem that is ready to judge programs.
#[derive(Debug)]
pub(crate) struct Judge<'a> {
    config: &'a Config,
    task: &'a Task,
    problem: Problem,
    limits: Limits,
    /// Assert-style tests, compiled; empty where they run inside the program's own interpreter.
    tests: Vec<Program>,
}

/// What became of one test.
enum Test {
    Passed,
    /// Why it did not pass.
    Failed(String),
}

/// What became of all tests so far.
#[derive(Default)]
struct Tally {
    passed: usize,
    run: usize,
    /// The most fuel of a run.
    fuel: u64,
    /// The most memory of a run, in bytes.
    memory: u64,
    first_failure: Option<String>,
}

impl Tally {
    fn count(&mut self, execution: &Execution) {
        self.fuel = self.fuel.max(execution.fuel);
        self.memory = self.memory.max(execution.peak_memory);
    }
}

impl<'a> Judge<'a> {
    /// Reads a problem and compiles its tests.
    ///
    /// # Errors
    /// A malformed-problem [`Fault`].
    pub(crate) fn new(task: &'a Task, config: &'a Config) -> Result<Self, Fault> {
        let problem = Problem::read(task, config)?;
        let limits = config.limits();
        let mut tests = Vec::new();
        if let Problem::Asserts(asserts) = &problem
            && !config.same_instance
        {
            for (at, test) in asserts.tests.iter().enumerate() {
                tests.push(Program::compile(&test.source, &limits).map_err(|execution| {
                    let ended = failure::ended(&execution.outcome, &Source::alone(&test.source), &limits);
                    Fault::malformed_problem(format_args!(
                        "problem `{}` can't be judged: its test {} does not compile: {ended}",
                        task.id,
                        at + 1
                    ))
                })?);
            }
        }
        Ok(Self {
            config,
            task,
            problem,
            limits,
            tests,
        })
    }

    /// Judges one completion.
    ///
    /// # Errors
    /// A [`Fault`] when a value can't cross between the program and its tests.
    pub(crate) fn score(&self, completion: &str) -> Result<Score, Fault> {
        let mut tally = Tally::default();
        let Some(code) = extract::program(completion, self.task.prompt.as_deref(), self.config.extract)
        else {
            tally.first_failure = Some("the completion holds no Python program".to_owned());
            return Ok(self.verdict(&tally));
        };
        let source = self.source(&code);
        let program = match Program::compile(&source.text, &self.limits) {
            Ok(program) => program,
            Err(execution) => {
                tally.count(&execution);
                let ended = failure::ended(&execution.outcome, &source, &self.limits);
                tally.first_failure = Some(format!("the program does not compile: {ended}"));
                return Ok(self.verdict(&tally));
            }
        };
        let stops = self.config.stop_at_first_failure && !self.config.partial_credit;
        for at in 0..self.problem.len() {
            let result = self.test(at, &program, &source, &code, &mut tally)?;
            tally.run += 1;
            match result {
                Test::Passed => tally.passed += 1,
                Test::Failed(why) => {
                    let _ = tally
                        .first_failure
                        .get_or_insert_with(|| format!("test {} of {}: {why}", at + 1, self.problem.len()));
                    if stops {
                        break;
                    }
                }
            }
        }
        Ok(self.verdict(&tally))
    }

    fn source(&self, code: &str) -> Source {
        match &self.problem {
            // Whole programs bring their imports.
            Problem::Printed(_) => Source::alone(code),
            Problem::Returned { .. } => Source::behind(&[&self.config.preamble], code),
            Problem::Asserts(asserts) => asserts.program(&self.config.preamble, code),
        }
    }

    fn test(
        &self,
        at: usize,
        program: &Program,
        source: &Source,
        code: &str,
        tally: &mut Tally,
    ) -> Result<Test, Fault> {
        match &self.problem {
            Problem::Printed(tests) => {
                let execution = program.run(&tests[at].stdin, &self.limits);
                tally.count(&execution);
                Ok(self.printed(&tests[at], &execution, source))
            }
            Problem::Returned { function, tests } => {
                let test = &tests[at];
                let execution = if scan::solution_has(code, function) {
                    program.call(&format!("Solution.{function}"), &test.arguments, &self.limits)
                } else {
                    program.call(function, &test.arguments, &self.limits)
                };
                tally.count(&execution);
                Ok(self.returned(function, test, &execution, source))
            }
            Problem::Asserts(asserts) => {
                let execution = self.check(at, asserts, program, source);
                tally.count(&execution);
                self.asserted(&asserts.tests[at], &execution, source)
            }
        }
    }

    fn check(&self, at: usize, asserts: &Asserts, program: &Program, source: &Source) -> Execution {
        match self.tests.get(at) {
            Some(tests) => program.check(tests, &asserts.names, &self.limits),
            None => {
                let text = format!("{}\n{}", source.text, asserts.tests[at].source);
                match Program::compile(&text, &self.limits) {
                    Ok(both) => both.run("", &self.limits),
                    Err(execution) => execution,
                }
            }
        }
    }

    fn printed(&self, test: &PrintedTest, execution: &Execution, source: &Source) -> Test {
        // `sys.exit()` behind the last line is a common way to end.
        if !matches!(execution.outcome, Outcome::Finished | Outcome::Exit(0)) {
            let ended = failure::ended(&execution.outcome, source, &self.limits);
            return Test::Failed(failure::with_input(&ended, &test.stdin));
        }
        match compare::printed(
            &test.expected,
            &execution.stdout,
            self.config.printed_float_tolerance,
        ) {
            Ok(()) => Test::Passed,
            Err(difference) => Test::Failed(failure::with_input(&failure::differs(&difference), &test.stdin)),
        }
    }

    fn returned(&self, function: &str, test: &ReturnedTest, execution: &Execution, source: &Source) -> Test {
        let call = format!("{function}({})", note::arguments(&test.arguments));
        if execution.outcome != Outcome::Finished {
            let ended = failure::ended(&execution.outcome, source, &self.limits);
            return Test::Failed(format!("{call} {ended}"));
        }
        let got = match execution.returned() {
            Some(Ok(got)) => {
                let tolerance = self.config.returned_float_tolerance;
                if test
                    .expected
                    .iter()
                    .any(|expected| compare::returned(expected, &got, tolerance))
                {
                    return Test::Passed;
                }
                note::value(&got)
            }
            Some(Err(error)) => format!("a value that can't be read: {error}"),
            None => "nothing".to_owned(),
        };
        let expected = test.expected.last().map(note::value).unwrap_or_default();
        Test::Failed(format!("{call} should be {expected} and is {got}"))
    }

    fn asserted(&self, test: &Assertion, execution: &Execution, source: &Source) -> Result<Test, Fault> {
        match &execution.outcome {
            Outcome::Finished => Ok(Test::Passed),
            Outcome::Uncrossable(what) => Err(Fault::internal(format_args!(
                "{} can't cross between the program and its tests, in {}; `same_instance = true` runs both in one interpreter, if you trust the program",
                note::words(what),
                note::words(&test.shown)
            ))),
            outcome => Ok(Test::Failed(format!(
                "{}: {}",
                note::words(&test.shown),
                failure::ended(outcome, source, &self.limits)
            ))),
        }
    }

    fn verdict(&self, tally: &Tally) -> Score {
        let total = self.problem.len();
        let mut score = if self.config.partial_credit {
            Score::new(tally.passed as f64 / total as f64)
        } else {
            Score::when(tally.passed == total)
        };
        let passed = format!("passed {} of {total} tests", tally.passed);
        let mut note = match &tally.first_failure {
            None => passed,
            Some(why) if tally.run > 1 || total == 1 => format!("{passed}; {why}"),
            Some(why) => why.clone(),
        };
        score = score
            .with_part("tests_passed", tally.passed as f64)
            .with_part("tests_run", tally.run as f64)
            .with_part("tests_total", total as f64)
            .with_part("fuel_share", tally.fuel as f64 / self.limits.fuel.max(1) as f64)
            .with_part("peak_memory_mib", tally.memory as f64 / f64::from(1 << 20));
        if self.config.same_instance && matches!(self.problem, Problem::Asserts(_)) {
            note.push_str("; the tests ran inside the program's own interpreter (same_instance)");
            score = score.with_part("same_instance", 1.0);
        }
        score.with_note(note)
    }
}
