//! A policy that knows each problem with some probability, a verifier that compares strings, a journal in memory.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use restem_em::*;

/// Weights of a toy policy: the chance, in percent, of a right answer, by problem.
pub type Weights = BTreeMap<String, u64>;

/// All checkpoints, by path.
pub type Models = Rc<RefCell<BTreeMap<String, Weights>>>;

pub struct ToyGenerator(pub Models);
pub struct ToySampler(Weights);

impl Generator for ToyGenerator {
    fn identity(&self) -> GeneratorIdentity {
        GeneratorIdentity {
            backend: "toy".into(),
            device: "none".into(),
            instructions: String::new(),
            rows: 0,
            threads: 0,
        }
    }

    fn open(&mut self, checkpoint: &Checkpoint) -> Result<Box<dyn Sampler + '_>, PolicyError> {
        let path = checkpoint.path.to_string_lossy().into_owned();
        let models = self.0.borrow();
        let weights = models
            .get(&path)
            .ok_or_else(|| PolicyError::message(format!("no model at {path}")))?;
        Ok(Box::new(ToySampler(weights.clone())))
    }
}

impl Sampler for ToySampler {
    fn sample(
        &mut self,
        requests: &[SampleRequest],
        sampling: &Sampling,
        sink: &mut dyn FnMut(Sample) -> Flow,
    ) -> Result<(), PolicyError> {
        for request in requests {
            let chance = *self.0.get(request.problem.as_str()).unwrap_or(&0);
            for (k, seed) in &request.samples {
                let draw = if sampling.temperature == 0.0 {
                    50
                } else {
                    seed.derive(&["draw"]).0 % 100
                };
                let answer = if draw < chance {
                    request.problem.to_string()
                } else {
                    format!("no {}", draw % 7)
                };
                let sample = Sample {
                    problem: request.problem.clone(),
                    k: *k,
                    seed: *seed,
                    completion: answer,
                    tokens: 3,
                    log_prob: None,
                    finish: FinishReason::Stop,
                };
                if sink(sample) == Flow::Stop {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// Raises the chance of a problem by 30 for each right row, lowers all by 3 for each wrong row.
pub struct ToyTrainer {
    models: Models,
    /// The checkpoint that each job started from, in order.
    starts: Rc<RefCell<Vec<String>>>,
}

impl Trainer for ToyTrainer {
    fn train(
        &mut self,
        job: &TrainJob<'_>,
        observer: &mut dyn TrainObserver,
    ) -> Result<Option<TrainReport>, PolicyError> {
        let path = |checkpoint: &Checkpoint| checkpoint.path.to_string_lossy().into_owned();
        self.starts.borrow_mut().push(path(job.start));
        let mut weights = self.models.borrow()[&path(job.start)].clone();
        let steps = job.examples.len() as u32;
        for (i, example) in job.examples.iter().enumerate() {
            if example.completion.starts_with("no") {
                weights
                    .values_mut()
                    .for_each(|chance| *chance = chance.saturating_sub(3));
            } else {
                // What is learnt carries over to every problem, as a format or a skill would.
                weights
                    .values_mut()
                    .for_each(|chance| *chance = (*chance + 6).min(90));
                *weights.entry(example.problem.to_string()).or_default() += 10;
            }
            let step = TrainStep {
                step: i as u32 + 1,
                steps,
                loss: 1.0,
                grad_norm: 1.0,
                learning_rate: 1.0,
                target_tokens: 3,
            };
            if observer.on_step(&step) == Flow::Stop {
                return Ok(None);
            }
        }
        observer.on_eval(steps, &mut ToySampler(weights.clone()))?;
        let digest = Digest::of(format!("{weights:?}"));
        self.models.borrow_mut().insert(path(job.out), weights);
        Ok(Some(TrainReport {
            steps,
            kept_step: steps,
            target_tokens: 3 * u64::from(steps),
            skipped: 0,
            last_loss: 1.0,
            weights: digest,
        }))
    }
}

pub struct ToyVerifier {
    identity: VerifierIdentity,
    /// Problems whose verdicts are faults.
    pub broken: Vec<&'static str>,
}

impl ToyVerifier {
    pub fn new(kind: RewardKind) -> Self {
        let identity = VerifierIdentity {
            name: "toy".into(),
            version: "1".into(),
            sha256: Digest::of("toy"),
            config: Digest::of("{}"),
            api: "0.1.0".into(),
            kind,
            interpreter: None,
            members: BTreeMap::new(),
            directories: BTreeMap::new(),
        };
        Self {
            identity,
            broken: Vec::new(),
        }
    }
}

impl Verifier for ToyVerifier {
    fn identity(&self) -> &VerifierIdentity {
        &self.identity
    }

    fn verify(
        &mut self,
        tasks: &[VerifyTask],
        sink: &mut dyn FnMut(VerdictRow) -> Flow,
    ) -> Result<(), VerifierError> {
        for task in tasks {
            for (k, completion) in &task.completions {
                let verdict = if self.broken.contains(&task.problem.as_str()) {
                    Verdict::fault(FaultClass::Trap, "unreachable executed")
                } else {
                    let reward = f64::from(u8::from(completion == task.problem.as_str()));
                    Verdict::Scored(Score {
                        reward,
                        answer: Some(completion.clone()),
                        note: None,
                        parts: Vec::new(),
                    })
                };
                let row = VerdictRow {
                    problem: task.problem.clone(),
                    k: *k,
                    verdict,
                    fuel: 1,
                };
                if sink(row) == Flow::Stop {
                    return Ok(());
                }
            }
        }
        Ok(())
    }
}

/// Counts events and stops at one of them.
pub struct StopAt {
    pub seen: usize,
    pub at: usize,
}

impl RunObserver for StopAt {
    fn on_event(&mut self, _event: &Event<'_>) -> Flow {
        self.seen += 1;
        if self.seen == self.at {
            Flow::Stop
        } else {
            Flow::Continue
        }
    }
}

pub fn problems(prefix: &str, n: usize) -> Vec<PromptedProblem> {
    (0..n)
        .map(|i| {
            let id = format!("{prefix}{i}");
            let problem = Problem {
                id: id.as_str().into(),
                prompt: id.clone(),
                reference: Some(id.clone()),
                solutions: vec![id.clone()],
                metadata: serde_json::Map::default(),
            };
            let question = format!("Q {id}");
            PromptedProblem {
                problem,
                few_shot: question.clone(),
                question,
                solutions: vec![id],
            }
        })
        .collect()
}

pub fn options() -> RunOptions {
    let sampling = |temperature| Sampling {
        temperature,
        top_k: 40,
        top_p: 1.0,
        max_tokens: 8,
        stop: Vec::new(),
    };
    RunOptions {
        seed: Seed(7),
        max_iterations: 2,
        stop_on_plateau: false,
        start: StartFrom::Base,
        samples: 6,
        sampling: sampling(0.7),
        generate_prompt: PromptKind::FewShot,
        train_prompt: PromptKind::FewShot,
        end_text: String::new(),
        select: SelectOptions {
            threshold: None,
            max_per_problem: 10,
            weighting: Weighting::Uniform,
        },
        train: TrainOptions {
            epochs: 1,
            batch_size: 1,
            micro_batch_tokens: 1,
            learning_rate: 1.0,
            warmup_steps: 0,
            schedule: LearningRateSchedule::Constant,
            weight_decay: 0.0,
            max_grad_norm: 1.0,
            max_length: 100,
            eval_every: 0,
            checkpoint_every: 0,
            lora: None,
        },
        validation: ValidationOptions {
            problems: 5,
            patience: 0,
        },
        eval: EvalOptions {
            prompt: PromptKind::FewShot,
            greedy: sampling(0.0),
            pass_at: vec![1, 4],
            pass_sampling: sampling(1.0),
            majority: 4,
            majority_sampling: sampling(0.7),
            sampled_problems: 8,
        },
        max_fault_rate: 0.01,
        compare: vec![Comparison::SftHuman, Comparison::RandomKept],
    }
}

/// A toy world: its models, its problems, its verifier.
pub struct World {
    pub models: Models,
    pub starts: Rc<RefCell<Vec<String>>>,
    pub journal: VolatileJournal,
    pub verifier: ToyVerifier,
    pub train: Vec<PromptedProblem>,
    pub validation: EvalSet,
    pub tests: Vec<EvalSet>,
}

impl World {
    pub fn new() -> Self {
        let train = problems("train-", 12);
        let validation = EvalSet {
            name: "validation".into(),
            problems: problems("val-", 5),
        };
        let tests = vec![EvalSet {
            name: "test".into(),
            problems: problems("test-", 10),
        }];
        let all = train.iter().chain(&validation.problems).chain(&tests[0].problems);
        let weights = all
            .enumerate()
            .map(|(i, p)| (p.problem.id.to_string(), 10 + i as u64))
            .collect();
        let models = Rc::new(RefCell::new(BTreeMap::from([("base".to_owned(), weights)])));
        Self {
            models,
            starts: Rc::default(),
            journal: VolatileJournal::default(),
            verifier: ToyVerifier::new(RewardKind::Binary),
            train,
            validation,
            tests,
        }
    }

    /// Runs, stopping at the `stop_at`-th event (0: never). Returns the outcome and the number of events.
    pub fn run(&mut self, options: &RunOptions, stop_at: usize) -> (Result<RunSummary, RunError>, usize) {
        let mut observer = StopAt { seen: 0, at: stop_at };
        let base = Checkpoint { path: "base".into() };
        let mut engine = Engine {
            generator: &mut ToyGenerator(Rc::clone(&self.models)),
            trainer: &mut ToyTrainer {
                models: Rc::clone(&self.models),
                starts: Rc::clone(&self.starts),
            },
            verifier: &mut self.verifier,
            journal: &mut self.journal,
            observer: &mut observer,
            completion_key: &|text| Digest::of(text),
            checkpoint_of: &|arm| Checkpoint { path: arm.into() },
        };
        let data = RunData {
            train: &self.train,
            validation: &self.validation,
            tests: &self.tests,
        };
        let outcome = restem_em::run(&mut engine, &base, data, options);
        (outcome, observer.seen)
    }
}
