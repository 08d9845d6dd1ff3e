//! A file of `tests/hacks`: a program, and in its first lines what is to come of it.
//!
//! `# expect: finished | exit N | exception TYPE [LINE] | out-of-fuel | out-of-memory | output-limit | stack-overflow`, then
//! optionally `# stdin:`, `# stdout:`, `# stderr:` (JSON strings), `# call: FUNCTION ARGUMENTS`, `# value: …`, `# value-is: prefix`, and
//! `# fuel:` and `# memory:` where the usual limits are too low.

use restem_python::{Execution, Input, Outcome, RunLimits};

use crate::setup::{compile, limits};

pub struct Hack {
    pub name: String,
    source: String,
}

impl Hack {
    /// All of them, by name.
    pub fn all() -> Vec<Self> {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hacks");
        let mut hacks: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                let path = entry.unwrap().path();
                Self {
                    name: path.file_stem().unwrap().to_string_lossy().into_owned(),
                    source: std::fs::read_to_string(path).unwrap(),
                }
            })
            .collect();
        hacks.sort_by(|a, b| a.name.cmp(&b.name));
        hacks
    }

    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.source.lines().map_while(|line| line.strip_prefix("# "));
        lines
            .filter_map(|line| line.split_once(": "))
            .find_map(|(key, value)| (key == name).then_some(value))
    }

    /// The program without its header, so that its line numbers are what `expect` counts: from the first line after it.
    fn program(&self) -> String {
        let lines = self.source.lines().skip_while(|line| line.starts_with("# "));
        lines.flat_map(|line| [line, "\n"]).collect()
    }

    fn text(&self, name: &str) -> Option<String> {
        Some(serde_json::from_str(self.header(name)?).unwrap())
    }

    fn limits(&self) -> RunLimits {
        let number = |name, default: u64| {
            self.header(name)
                .map_or(default, |text| text.parse::<f64>().unwrap() as u64)
        };
        let usual = limits();
        usual
            .with_fuel(number("fuel", usual.fuel))
            .with_memory_bytes(number("memory", usual.memory_bytes))
    }

    pub fn run(&self) -> Execution {
        let program = compile(&self.program());
        match self.header("call") {
            Some(call) => {
                let (function, arguments) = call.split_once(' ').unwrap();
                program.run(Input::Call { function, arguments }, &self.limits())
            }
            None => program.run(
                Input::Stdin(&self.text("stdin").unwrap_or_default()),
                &self.limits(),
            ),
        }
    }

    /// What differs from what was expected.
    pub fn differences(&self, execution: &Execution) -> Vec<String> {
        let mut differences = Vec::new();
        let mut compare = |what: &str, expected: &str, found: &str| {
            if expected != found {
                differences.push(format!("{what}: expected {expected}, found {found}"));
            }
        };
        let expected = self.header("expect").unwrap();
        let found = short(&execution.outcome);
        // A line, or even the type, may be left out.
        let found = if found
            .strip_prefix(expected)
            .is_some_and(|rest| rest.starts_with(' '))
        {
            expected
        } else {
            &found
        };
        compare("outcome", expected, found);
        if let Some(stdout) = self.text("stdout") {
            compare("stdout", &stdout, &execution.stdout);
        }
        if let Some(stderr) = self.text("stderr") {
            compare("stderr", &stderr, &execution.stderr);
        }
        if let Some(expected) = self.header("value") {
            let found = execution.value.as_deref().unwrap_or("none");
            let prefix = self.header("value-is") == Some("prefix") && found.starts_with(expected);
            compare("value", expected, if prefix { expected } else { found });
        }
        differences
    }
}

/// An outcome as the headers write it.
fn short(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Finished => "finished".to_owned(),
        Outcome::Exception { type_name, line, .. } => match line {
            Some(line) => format!("exception {type_name} {line}"),
            None => format!("exception {type_name}"),
        },
        Outcome::Exit { code } => format!("exit {code}"),
        Outcome::OutOfFuel => "out-of-fuel".to_owned(),
        Outcome::OutOfMemory => "out-of-memory".to_owned(),
        Outcome::OutputLimit => "output-limit".to_owned(),
        Outcome::StackOverflow => "stack-overflow".to_owned(),
        other => format!("{other:?}"),
    }
}
