//! Fine-tuning by a command.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use restem_em::{Example, PolicyError, TrainJob, TrainObserver, TrainReport, Trainer};
use serde::{Deserialize, Serialize};

use super::CommandError;
use super::command::{Places, Template};
use super::tail::last_lines;
use crate::train::KeptWeights;
use crate::weights_digest;

/// Lines of standard error in a failure's message.
const TAIL: usize = 20;

/// Fine-tunes by running a command, such as `["python", "sft.py", "{model}", "{data}", "{out}"]`.
///
/// Placeholders: `{model}` the directory to start from, `{data}` a JSONL file of `prompt`, `completion` and `weight`,
/// `{options}` a JSON file of [`restem_em::TrainOptions`], `{out}` the directory to write (a Hugging Face model),
/// `{seed}` a number. `{data}` and `{out}` must occur.
///
/// The command decides everything else: which options it honours, and which weights it keeps, since nobody can look at
/// them while it runs. So the observer is never asked. Its last line of standard output may be a JSON object with
/// `steps`, `target_tokens`, `skipped` and `loss`; what it does not tell is 0 in the report.
#[derive(Debug)]
pub struct ExternalTrainer {
    command: Template,
}

/// A line of `{data}`: what TRL calls a prompt-completion dataset.
#[derive(Serialize)]
struct Row<'a> {
    prompt: &'a str,
    completion: &'a str,
    weight: f32,
}

/// What a command may tell about its run.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Told {
    steps: u32,
    target_tokens: u64,
    skipped: u32,
    loss: f64,
}

impl ExternalTrainer {
    /// A trainer that runs `command`: a program and its arguments.
    ///
    /// # Errors
    /// [`CommandError`] when there is no program, or `{data}` or `{out}` does not occur.
    pub fn new(command: Vec<String>) -> Result<Self, CommandError> {
        Ok(Self {
            command: Template::new(command)?,
        })
    }
}

impl Trainer for ExternalTrainer {
    fn train(
        &mut self,
        job: &TrainJob<'_>,
        _observer: &mut dyn TrainObserver,
    ) -> Result<Option<TrainReport>, PolicyError> {
        let folder = tempfile::tempdir().map_err(|error| {
            PolicyError::new("cannot create a temporary directory for training data", error)
        })?;
        let (data, options) = (
            folder.path().join("train.jsonl"),
            folder.path().join("options.json"),
        );
        write_rows(&data, job.examples)
            .and_then(|()| {
                Ok(serde_json::to_writer_pretty(
                    File::create(&options)?,
                    job.options,
                )?)
            })
            .map_err(|error| {
                PolicyError::new(format!("cannot write `{}`: {error}", data.display()), error)
            })?;
        let kept = KeptWeights::at(&job.out.path, false)?;
        let mut told = Told::default();
        kept.replace(|out| {
            let places = Places {
                model: &job.start.path,
                data: &data,
                options: &options,
                out,
                seed: job.seed.0,
            };
            told =
                run(self.command.fill(&places)).map_err(|error| PolicyError::message(error.to_string()))?;
            // Before it takes the place of anything: a command may succeed without having written weights.
            weights_digest(out).map_err(|error| {
                PolicyError::message(format!(
                    "the training command ended well, but left no weights: {error}"
                ))
            })?;
            Ok(())
        })?;
        kept.publish()?;
        Ok(Some(TrainReport {
            steps: told.steps,
            kept_step: told.steps,
            target_tokens: told.target_tokens,
            skipped: told.skipped,
            last_loss: told.loss,
            weights: weights_digest(&job.out.path)?,
        }))
    }
}

fn write_rows(path: &Path, examples: &[Example]) -> std::io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    for Example {
        prompt,
        completion,
        weight,
        ..
    } in examples
    {
        serde_json::to_writer(
            &mut file,
            &Row {
                prompt,
                completion,
                weight: *weight,
            },
        )?;
        file.write_all(b"\n")?;
    }
    file.flush()
}

fn run(mut command: Command) -> Result<Told, CommandError> {
    let program = command.get_program().to_string_lossy().into_owned();
    let cannot = |source| CommandError::CannotStart {
        program: program.clone(),
        source,
    };
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(cannot)?;
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    // Both at once: a command that fills one pipe while we wait for the other would stand still.
    let errors = std::thread::spawn(move || stderr.map_or_else(Vec::new, |stderr| last_lines(stderr, TAIL)));
    let said = stdout.map_or_else(Vec::new, |stdout| last_lines(stdout, 1));
    let status = child.wait().map_err(cannot)?;
    let tail = errors.join().unwrap_or_default().join("\n");
    if !status.success() {
        return Err(CommandError::Failed { status, tail });
    }
    Ok(said
        .first()
        .and_then(|line| serde_json::from_str(line).ok())
        .unwrap_or_default())
}

#[cfg(all(test, unix))]
mod tests {
    use restem_em::{
        Checkpoint, Digest, EvalDecision, Flow, LearningRateSchedule, Sampler, Seed, TrainOptions, TrainStep,
    };

    use super::*;

    struct Nobody;

    impl TrainObserver for Nobody {
        fn on_step(&mut self, _step: &TrainStep) -> Flow {
            Flow::Continue
        }

        fn on_eval(&mut self, _step: u32, _sampler: &mut dyn Sampler) -> Result<EvalDecision, PolicyError> {
            Ok(EvalDecision::Continue)
        }

        fn remember(&self) -> serde_json::Value {
            serde_json::Value::Null
        }

        fn recall(&mut self, _memory: &serde_json::Value) -> Result<(), PolicyError> {
            Ok(())
        }
    }

    fn train(script: &str, out: &Path) -> Result<Option<TrainReport>, PolicyError> {
        let command = [
            "sh",
            "-c",
            script,
            "trainer",
            "{model}",
            "{data}",
            "{out}",
            "{options}",
        ];
        let options = TrainOptions {
            epochs: 3,
            batch_size: 1,
            micro_batch_tokens: 1,
            learning_rate: 1.0,
            warmup_steps: 0,
            schedule: LearningRateSchedule::Constant,
            weight_decay: 0.0,
            max_grad_norm: 0.0,
            max_length: 1,
            eval_every: 0,
            checkpoint_every: 0,
            lora: None,
        };
        let example = |completion: &str| Example {
            problem: "p".into(),
            prompt: "q".to_owned(),
            completion: completion.to_owned(),
            weight: 1.0,
        };
        let job = TrainJob {
            start: &Checkpoint {
                path: "base model".into(),
            },
            out: &Checkpoint { path: out.to_owned() },
            examples: &[example("one"), example("two\n")],
            options: &options,
            seed: Seed(1),
        };
        ExternalTrainer::new(command.map(str::to_owned).to_vec())
            .unwrap()
            .train(&job, &mut Nobody)
    }

    #[test]
    fn the_command_is_given_its_data_and_leaves_weights() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let script = r#"
            mkdir "$3" && { echo "$1"; cat "$2"; grep epochs "$4"; } > "$3/model.safetensors"
            echo loading; echo '{"steps": 7, "loss": 0.5}'"#;
        let report = train(script, &out).unwrap().unwrap();
        assert_eq!((report.steps, report.last_loss), (7, 0.5));
        let written = std::fs::read_to_string(out.join("model.safetensors")).unwrap();
        insta::assert_snapshot!(written, @r#"
        base model
        {"prompt":"q","completion":"one","weight":1.0}
        {"prompt":"q","completion":"two\n","weight":1.0}
          "epochs": 3,
        "#);
        assert_eq!(report.weights, Digest::of(written));
    }

    #[test]
    fn a_failure_tells_what_the_command_said_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let error = train(
            "mkdir \"$3\"; echo 'no such GPU' >&2; exit 3",
            &folder.path().join("out"),
        );
        insta::assert_snapshot!(error.unwrap_err(), @r"
        the training command failed with exit status: 3; the end of what it said:
        no such GPU
        ");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let error = train("true", &folder.path().join("out")).unwrap_err().to_string();
        assert!(
            error.starts_with("the training command ended well, but left no weights"),
            "{error}"
        );
    }
}
