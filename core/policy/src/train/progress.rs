//! A training under way on disk, from which a stopped or killed job goes on.

use std::fs;
use std::path::{Path, PathBuf};

use restem_em::{Digest, PolicyError, TrainJob, TrainOptions};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::beside::{beside, failed, remove, rename};
use crate::weights_digest;

const STATE: &str = "state.safetensors";
const PROGRESS: &str = "progress.json";

/// How far a job has come, besides the weights and the optimizer.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// What the job is: examples, options, seed and the weights that it starts from.
    pub(crate) job: Option<Digest>,
    /// What trained so far.
    pub(crate) arithmetic: Arithmetic,
    /// Optimizer steps done.
    pub(crate) step: u32,
    /// Whether the evaluation that is due after that step has been done.
    pub(crate) evaluated: bool,
    /// Step whose weights are kept so far.
    pub(crate) kept_step: Option<u32>,
    /// Target tokens seen.
    pub(crate) target_tokens: u64,
    /// Loss of the last step.
    pub(crate) last_loss: f64,
    /// What the job's observer remembers.
    pub(crate) observer: Value,
}

/// What decides the bits of trained weights besides the job: another would go on to other weights.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Arithmetic {
    /// Backend name, version and build.
    pub(crate) backend: String,
    /// Kind of device, such as `cpu`.
    pub(crate) device: String,
    /// Data type of weights and products.
    pub(crate) dtype: String,
    /// Threads of a matrix product; 0 where that means nothing.
    pub(crate) threads: u32,
    /// Which instructions compute; empty where the backend does not tell.
    #[serde(default)]
    pub(crate) instructions: String,
}

impl Arithmetic {
    /// What differs from what a training was begun with: (name, begun, now).
    fn differences(&self, now: &Self) -> Vec<(&'static str, String, String)> {
        let values = |of: &Self| {
            let Self {
                backend,
                device,
                dtype,
                threads,
                instructions,
            } = of.clone();
            [backend, device, dtype, threads.to_string(), instructions]
        };
        let names = [
            "backend",
            "model.device",
            "model.dtype",
            "model.options.threads",
            "the CPU's instructions",
        ];
        let pairs = values(self).into_iter().zip(values(now));
        (names.into_iter().zip(pairs))
            .filter(|(_, (begun, now))| begun != now)
            .map(|(name, (begun, now))| (name, begun, now))
            .collect()
    }
}

/// Where a job's progress is kept: a directory beside the one that its weights are meant for.
#[derive(Debug)]
pub(crate) struct ProgressDir {
    place: PathBuf,
    writing: PathBuf,
    /// What stood at `place` until the next one does: at any moment one of the two is whole.
    old: PathBuf,
}

impl ProgressDir {
    /// The one of weights meant for `out`.
    pub(crate) fn beside(out: &Path) -> Self {
        Self {
            place: beside(out, ".progress"),
            writing: beside(out, ".progress-writing"),
            old: beside(out, ".progress-old"),
        }
    }

    /// What an earlier process left of the same job, if anything; what it left of another job is removed.
    ///
    /// # Errors
    /// When it can't be read.
    pub(crate) fn read(&self, job: &TrainJob<'_>) -> Result<Option<Progress>, PolicyError> {
        if !self.place.exists() && self.old.join(PROGRESS).exists() {
            rename(&self.old, &self.place)?;
        }
        let path = self.place.join(PROGRESS);
        let text = match fs::read(&path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            text => text.map_err(|error| failed("read", &path, error))?,
        };
        let progress: Progress = serde_json::from_slice(&text).map_err(|error| {
            let message = format!(
                "`{}` is not the progress of a training: {error}; remove its directory to train from the start",
                path.display()
            );
            PolicyError::new(message, error)
        })?;
        if progress.job == Some(digest(job)?) {
            return Ok(Some(progress));
        }
        self.remove()?;
        Ok(None)
    }

    /// Makes sure that what trains now would have trained the same way so far.
    ///
    /// # Errors
    /// With every difference, the hint to undo them or to begin anew, and what is there left alone.
    pub(crate) fn check(&self, done: &Progress, now: &Arithmetic) -> Result<(), PolicyError> {
        let differences = done.arithmetic.differences(now);
        if differences.is_empty() {
            return Ok(());
        }
        let lines: String = differences
            .iter()
            .map(|(name, begun, now)| format!("\n  {name}: begun with {begun}, now {now}"))
            .collect();
        Err(PolicyError::message(format!(
            "the training in `{}` was begun with other ingredients, after {} steps:{lines}\n  hint: go on with those it was begun \
             with, or remove that directory to train from the start",
            self.place.display(),
            done.step
        )))
    }

    /// Weights and optimizer as the backend writes them.
    pub(crate) fn state(&self) -> PathBuf {
        self.place.join(STATE)
    }

    /// Replaces what is there: `save` writes the state to the path that it is given.
    ///
    /// # Errors
    /// When something can't be written; what was there stays then.
    pub(crate) fn write(
        &self,
        progress: &Progress,
        save: impl FnOnce(&Path) -> Result<(), PolicyError>,
    ) -> Result<(), PolicyError> {
        remove(&self.writing)?;
        fs::create_dir_all(&self.writing).map_err(|error| failed("create", &self.writing, error))?;
        save(&self.writing.join(STATE))?;
        let path = self.writing.join(PROGRESS);
        let text = serde_json::to_vec_pretty(progress)
            .map_err(|error| PolicyError::new("progress can't be written as JSON", error))?;
        fs::write(&path, text).map_err(|error| failed("write", &path, error))?;
        forget(&self.old)?;
        if self.place.exists() {
            rename(&self.place, &self.old)?;
        }
        rename(&self.writing, &self.place)?;
        forget(&self.old)
    }

    /// Removes what is there.
    ///
    /// # Errors
    /// When it can't be removed.
    pub(crate) fn remove(&self) -> Result<(), PolicyError> {
        forget(&self.old)?;
        forget(&self.place)?;
        remove(&self.writing)
    }
}

/// Removes a directory of progress, first what makes it one: a process that is killed meanwhile leaves none that lacks its state.
fn forget(place: &Path) -> Result<(), PolicyError> {
    let path = place.join(PROGRESS);
    if path.exists() {
        fs::remove_file(&path).map_err(|error| failed("remove", &path, error))?;
    }
    remove(place)
}

/// What a job is; how often it is saved is no part of it.
///
/// # Errors
/// When the weights that it starts from can't be read.
pub(crate) fn digest(job: &TrainJob<'_>) -> Result<Digest, PolicyError> {
    let start = weights_digest(&job.start.path)?;
    let options = TrainOptions {
        checkpoint_every: 0,
        ..job.options.clone()
    };
    let parts = serde_json::to_vec(&(job.examples, options, job.seed, start))
        .map_err(|error| PolicyError::new("a training job can't be written as JSON", error))?;
    Ok(Digest::of(parts))
}

#[cfg(test)]
mod tests {
    use restem_em::{Checkpoint, Example, LearningRateSchedule, Seed};

    use super::*;

    fn arithmetic() -> Arithmetic {
        Arithmetic {
            backend: "torch 0.1.0 (libtorch 2.13.0)".to_owned(),
            device: "cpu".to_owned(),
            dtype: "bf16".to_owned(),
            threads: 2,
            instructions: "AVX2".to_owned(),
        }
    }

    #[test]
    fn other_arithmetic_is_refused_with_both_values() {
        let place = ProgressDir::beside(Path::new("runs/tuned"));
        let done = Progress {
            arithmetic: arithmetic(),
            step: 3,
            ..Progress::default()
        };
        place.check(&done, &arithmetic()).unwrap();
        let now = Arithmetic {
            dtype: "f32".to_owned(),
            threads: 1,
            ..arithmetic()
        };
        insta::assert_snapshot!(place.check(&done, &now).unwrap_err(), @"
        the training in `runs/.tuned.progress` was begun with other ingredients, after 3 steps:
          model.dtype: begun with bf16, now f32
          model.options.threads: begun with 2, now 1
          hint: go on with those it was begun with, or remove that directory to train from the start
        ");
    }

    #[test]
    fn progress_is_taken_up_by_the_same_job_only() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("model.safetensors"), "weights").unwrap();
        let (start, out) = (
            Checkpoint {
                path: folder.path().into(),
            },
            Checkpoint {
                path: folder.path().join("out"),
            },
        );
        let examples = [Example {
            problem: "p".into(),
            prompt: "q".to_owned(),
            completion: "a".to_owned(),
            weight: 1.0,
        }];
        let options = TrainOptions {
            epochs: 1,
            batch_size: 1,
            micro_batch_tokens: 1,
            learning_rate: 1.0,
            warmup_steps: 0,
            schedule: LearningRateSchedule::Constant,
            weight_decay: 0.0,
            max_grad_norm: 1.0,
            max_length: 1,
            eval_every: 0,
            checkpoint_every: 0,
            lora: None,
        };
        let rarely = TrainOptions {
            checkpoint_every: 50,
            ..options.clone()
        };
        let job = |seed: u64| TrainJob {
            start: &start,
            out: &out,
            examples: &examples,
            options: &options,
            seed: Seed(seed),
        };
        let place = ProgressDir::beside(&out.path);
        assert_eq!(place.read(&job(1)).unwrap(), None);
        let progress = Progress {
            job: Some(digest(&job(1)).unwrap()),
            arithmetic: arithmetic(),
            step: 3,
            evaluated: true,
            kept_step: Some(2),
            target_tokens: 70,
            last_loss: 0.1 + 0.2,
            observer: serde_json::json!({"best": 1.0 / 3.0}),
        };
        let save = |path: &Path| {
            fs::write(path, "state").unwrap();
            Ok(())
        };
        place.write(&progress, save).unwrap();
        place.write(&progress, save).unwrap();
        assert_eq!(place.read(&job(1)).unwrap(), Some(progress.clone()));
        // Killed between its two renames: the one before is whole.
        fs::rename(&place.place, &place.old).unwrap();
        assert_eq!(place.read(&job(1)).unwrap(), Some(progress.clone()));
        assert!(place.state().exists() && !place.old.exists());
        let saved_rarely = TrainJob {
            options: &rarely,
            ..job(1)
        };
        assert_eq!(place.read(&saved_rarely).unwrap(), Some(progress));
        assert_eq!(fs::read_to_string(place.state()).unwrap(), "state");
        assert_eq!(place.read(&job(2)).unwrap(), None);
        assert!(!place.state().exists());
        // Killed while it was removed: what is left is none.
        place.write(&Progress::default(), save).unwrap();
        fs::remove_file(place.place.join(PROGRESS)).unwrap();
        assert_eq!(place.read(&job(1)).unwrap(), None);
        place.write(&Progress::default(), save).unwrap();
        place.remove().unwrap();
        assert!(!place.place.exists() && !place.writing.exists() && !place.old.exists());
    }
}
