//! Sampling and training with a backend that was loaded at run time.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use restem_em::{
    Checkpoint, EvalDecision, Example, FinishReason, Flow, Generator, LearningRateSchedule, LoraOptions,
    PolicyError, Sample, SampleRequest, Sampler, Sampling, Seed, Tokenizer, TrainJob, TrainObserver,
    TrainOptions, TrainStep, Trainer,
};
use restem_policy::native::{
    Backend, Devices, LoadedModel, NativeGenerator, NativeSettings, NativeTrainer, TokenizerLoader,
    TrainingSession, check_lora,
};
use restem_policy::weights_digest;
use restem_policy_abi::{Rows, Sequence, TrainingExample, TrainingOptions, TrainingStep};
use restem_scripted_backend::{ByteTokenizer, library, write_model};

fn backend() -> Backend {
    Backend::load(library().unwrap().to_str().unwrap()).unwrap()
}

fn tokenizers() -> TokenizerLoader {
    Arc::new(|_: &Path| Ok(Arc::new(ByteTokenizer) as Arc<dyn Tokenizer>))
}

fn settings(rows: u32) -> NativeSettings {
    let mut settings = NativeSettings::default();
    settings.options.rows = Some(Rows::Fixed(rows));
    settings
}

/// A folder with a model in it.
fn base() -> (tempfile::TempDir, Checkpoint) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("base");
    write_model(&path).unwrap();
    (folder, Checkpoint { path })
}

fn generator(base: &Checkpoint, settings: NativeSettings) -> NativeGenerator {
    NativeGenerator::new(backend(), settings, tokenizers(), base).unwrap()
}

fn sampling() -> Sampling {
    Sampling {
        temperature: 1.0,
        top_k: 0,
        top_p: 1.0,
        max_tokens: 4,
        stop: Vec::new(),
    }
}

/// `count` samples for each of the ten digits.
fn requests(count: u32) -> Vec<SampleRequest> {
    let request = |digit: u32| SampleRequest {
        problem: digit.to_string().as_str().into(),
        prompt: format!("{digit};"),
        samples: (0..count)
            .map(|k| (k, Seed(u64::from(digit * 1000 + k))))
            .collect(),
    };
    (0..10).map(request).collect()
}

fn all(sampler: &mut dyn Sampler, requests: &[SampleRequest], sampling: &Sampling) -> Vec<Sample> {
    let mut samples = Vec::new();
    let sink = &mut |sample| {
        samples.push(sample);
        Flow::Continue
    };
    sampler.sample(requests, sampling, sink).unwrap();
    samples.sort_by(|a, b| (&a.problem, a.k).cmp(&(&b.problem, b.k)));
    samples
}

fn correct(samples: &[Sample]) -> usize {
    samples
        .iter()
        .filter(|sample| sample.completion == sample.problem.as_str())
        .count()
}

#[test]
fn a_prompt_that_can_not_be_sampled_loses_no_sample_before_it() {
    let (_folder, base) = base();
    let mut generator = generator(&base, settings(8));
    let mut sampler = generator.open(&base).unwrap();
    let mut requests = requests(3);
    requests[9].prompt = "1".repeat(100_000);
    let mut seen = 0;
    let sink = &mut |_| {
        seen += 1;
        Flow::Continue
    };
    let error = sampler.sample(&requests, &sampling(), sink).unwrap_err();
    assert!(error.to_string().contains("problem `9`"), "{error}");
    assert_eq!(seen, 27);
}

#[test]
fn samples_depend_on_their_seed_and_not_on_their_neighbours() {
    let (_folder, base) = base();
    let mut narrow = generator(&base, settings(1));
    let mut wide = generator(&base, settings(64));
    assert_eq!(wide.identity().rows, 64);
    assert_eq!(wide.identity().device, "cpu/f32");
    let mut backwards = requests(20);
    backwards.reverse();
    let narrow = all(&mut *narrow.open(&base).unwrap(), &requests(20), &sampling());
    let wide = all(&mut *wide.open(&base).unwrap(), &backwards, &sampling());
    assert_eq!(narrow.len(), 200);
    assert_eq!(narrow, wide);
    // One in ten is right by chance; a digit and the end of the sequence are two tokens.
    assert!((5..40).contains(&correct(&narrow)), "{}", correct(&narrow));
    let ended = narrow.iter().find(|sample| sample.completion.len() == 1).unwrap();
    assert_eq!((ended.tokens, ended.finish), (2, FinishReason::Stop));
    assert!(ended.log_prob.unwrap() < -2.0);
}

/// `settings` with so many copies on the CPU.
fn copies(rows: u32, copies: usize) -> NativeSettings {
    NativeSettings {
        devices: Devices::new(vec!["cpu".to_owned(); copies]).unwrap(),
        ..settings(rows)
    }
}

#[test]
fn samples_are_the_same_on_however_many_devices_they_are_drawn() {
    let (_folder, base) = base();
    let mut alone = generator(&base, copies(8, 1));
    let expected = all(&mut *alone.open(&base).unwrap(), &requests(20), &sampling());
    for number in [2, 3, 7] {
        let mut several = generator(&base, copies(8, number));
        assert_eq!(several.identity(), alone.identity());
        assert_eq!(several.cache().devices.len(), number);
        let mut sampler = several.open(&base).unwrap();
        assert_eq!(all(&mut *sampler, &requests(20), &sampling()), expected);
        // Fewer prompts than devices, and nothing at all.
        assert_eq!(
            all(&mut *sampler, &requests(20)[..1], &sampling()),
            expected[..20]
        );
        assert_eq!(all(&mut *sampler, &[], &sampling()), []);
    }
}

#[test]
fn each_copy_draws_from_the_weights_that_training_left() {
    let (folder, base) = base();
    let tuned = Checkpoint {
        path: folder.path().join("tuned"),
    };
    let mut watcher = Watcher::new(|_| EvalDecision::Keep);
    train(&base, tuned.path.clone(), &mut watcher).unwrap();
    let drawn = [1, 3].map(|number| {
        let mut generator = generator(&base, copies(8, number));
        // The base model is open on every device before the tuned one is.
        let before = all(&mut *generator.open(&base).unwrap(), &requests(20), &sampling());
        let after = all(&mut *generator.open(&tuned).unwrap(), &requests(20), &sampling());
        assert!(correct(&after) > 4 * correct(&before));
        after
    });
    assert_eq!(drawn[0], drawn[1]);
}

#[test]
fn a_device_that_fails_is_named_and_what_ended_before_is_handed_over() {
    let (_folder, base) = base();
    let mut brittle = copies(1, 2);
    // One sample in ten begins with it: some others end before the first of them.
    brittle
        .options
        .others
        .insert("panic_on_token".to_owned(), u32::from(b'7').into());
    let mut generator = generator(&base, brittle);
    let mut sampler = generator.open(&base).unwrap();
    let mut seen = 0;
    let error = sampler
        .sample(&requests(20), &sampling(), &mut |_| {
            seen += 1;
            Flow::Continue
        })
        .unwrap_err()
        .to_string();
    assert!(seen > 0);
    assert!(
        error.starts_with("device `cpu`, copy ") && error.contains("of 2: backend `scripted`, gen_step:"),
        "{error}"
    );
    assert!(error.contains("hint: samples that had ended are kept"), "{error}");
    // A prompt that can't be drawn from is no fault of the device.
    let long = SampleRequest {
        prompt: "x".repeat(5000),
        ..requests(1).remove(0)
    };
    let error = self::generator(&base, copies(1, 2))
        .open(&base)
        .unwrap()
        .sample(&[long], &sampling(), &mut |_| Flow::Continue)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("problem `0`: backend `scripted`, gen_submit:"),
        "{error}"
    );
}

#[test]
fn a_stop_string_ends_a_sample_and_the_length_limit_too() {
    let (_folder, base) = base();
    let mut generator = generator(&base, settings(4));
    let mut sampler = generator.open(&base).unwrap();
    let free = all(&mut *sampler, &requests(5), &sampling());
    let stop = free
        .iter()
        .find(|sample| sample.completion.len() == 1)
        .unwrap()
        .completion
        .clone();
    let stopped = all(
        &mut *sampler,
        &requests(5),
        &Sampling {
            stop: vec![stop.clone()],
            ..sampling()
        },
    );
    for (free, stopped) in free.iter().zip(&stopped) {
        match free.completion.split_once(&stop) {
            Some((before, _)) => {
                assert_eq!(
                    (stopped.completion.as_str(), stopped.finish),
                    (before, FinishReason::Stop)
                );
                assert!(stopped.tokens <= free.tokens);
            }
            None => assert_eq!(free, stopped),
        }
    }
    let short = all(
        &mut *sampler,
        &requests(5),
        &Sampling {
            max_tokens: 1,
            ..sampling()
        },
    );
    assert!(short.iter().any(|sample| sample.finish == FinishReason::Length));
    assert!(short.iter().all(|sample| sample.tokens == 1));
}

#[test]
fn a_sampler_stops_when_it_is_told_to_and_can_be_used_again() {
    for settings in [settings(8), copies(8, 3)] {
        let (_folder, base) = base();
        let mut generator = generator(&base, settings);
        let mut sampler = generator.open(&base).unwrap();
        let mut seen = 0;
        let sink = &mut |_| {
            seen += 1;
            if seen == 3 { Flow::Stop } else { Flow::Continue }
        };
        sampler.sample(&requests(100), &sampling(), sink).unwrap();
        assert_eq!(seen, 3);
        // More than the generator hands over ahead.
        assert_eq!(all(&mut *sampler, &requests(100), &sampling()).len(), 1000);
    }
}

#[test]
fn errors_of_a_backend_name_it_and_the_call() {
    let (folder, base) = base();
    let open = |settings: NativeSettings| {
        NativeGenerator::new(backend(), settings, tokenizers(), &base)
            .unwrap_err()
            .to_string()
    };
    insta::assert_snapshot!(
        open(NativeSettings { devices: Devices::one("cuda:0"), ..settings(1) }),
        @"backend `scripted`, suitability: device `cuda:0`: cpu is all there is"
    );
    let mut unknown = settings(1);
    unknown.options.others.insert("lora".to_owned(), 8.into());
    insta::assert_snapshot!(
        open(unknown),
        @"backend `scripted`, open: unknown backend option `lora`; known: rows, threads, panic_on_token, lose_device"
    );
    let missing = Checkpoint {
        path: folder.path().join("missing"),
    };
    let error = generator(&base, settings(1))
        .open(&missing)
        .err()
        .unwrap()
        .to_string();
    assert!(error.contains("missing/config.json"), "{error}");
    let mut empty = generator(&base, settings(1));
    let stop = Sampling {
        stop: vec![String::new()],
        ..sampling()
    };
    let mut sampler = empty.open(&base).unwrap();
    let error = sampler
        .sample(&requests(1), &stop, &mut |_| Flow::Continue)
        .unwrap_err();
    insta::assert_snapshot!(error, @"a stop string is empty; every completion would be: remove it");
}

#[test]
fn a_backend_that_panics_is_an_error_of_this_call_and_the_next() {
    let (_folder, base) = base();
    let mut brittle = settings(1);
    brittle
        .options
        .others
        .insert("panic_on_token".to_owned(), 256.into());
    let mut generator = generator(&base, brittle);
    let mut sampler = generator.open(&base).unwrap();
    let mut ask = || {
        sampler
            .sample(&requests(1), &sampling(), &mut |_| Flow::Continue)
            .unwrap_err()
            .to_string()
    };
    let first = ask();
    assert!(
        first.starts_with("backend `scripted`, gen_step: the backend panicked:"),
        "{first}"
    );
    assert!(ask().contains("the model can only be closed"));
}

#[test]
fn a_library_that_is_no_backend_is_refused() {
    let libc = [
        "/lib/x86_64-linux-gnu/libc.so.6",
        "/lib64/libc.so.6",
        "/lib/aarch64-linux-gnu/libc.so.6",
    ];
    let Some(libc) = libc.iter().find(|path| Path::new(path).exists()) else {
        return;
    };
    // Without the suffix `.so` a name is a path because of its slash.
    let error = Backend::load(libc).unwrap_err().to_string();
    assert!(
        error.ends_with("is not a policy backend: it does not export `restem_policy_api_v1`"),
        "{error}"
    );
}

fn options() -> TrainOptions {
    TrainOptions {
        epochs: 4,
        batch_size: 5,
        micro_batch_tokens: 12,
        learning_rate: 0.5,
        warmup_steps: 2,
        schedule: LearningRateSchedule::Cosine,
        weight_decay: 0.0,
        max_grad_norm: 1.0,
        max_length: 16,
        eval_every: 3,
        checkpoint_every: 0,
        lora: None,
    }
}

fn examples() -> Vec<Example> {
    let example = |digit: u32| Example {
        problem: digit.to_string().as_str().into(),
        prompt: format!("{digit};"),
        completion: format!("{digit}<end>"),
        weight: 1.0,
    };
    let long = Example {
        prompt: "x".repeat(50),
        ..example(0)
    };
    (0..10).map(example).chain([long]).collect()
}

/// Keeps what samples best; says when to end.
struct Watcher {
    evaluations: Vec<(u32, usize)>,
    steps: Vec<TrainStep>,
    decide: fn(u32) -> EvalDecision,
    stop_at_step: u32,
    dies_at_step: u32,
}

impl Watcher {
    fn new(decide: fn(u32) -> EvalDecision) -> Self {
        Self {
            evaluations: Vec::new(),
            steps: Vec::new(),
            decide,
            stop_at_step: u32::MAX,
            dies_at_step: u32::MAX,
        }
    }
}

impl TrainObserver for Watcher {
    fn on_step(&mut self, step: &TrainStep) -> Flow {
        assert_ne!(step.step, self.dies_at_step, "killed");
        self.steps.push(*step);
        if step.step == self.stop_at_step {
            Flow::Stop
        } else {
            Flow::Continue
        }
    }

    fn on_eval(&mut self, step: u32, sampler: &mut dyn Sampler) -> Result<EvalDecision, PolicyError> {
        let greedy = Sampling {
            temperature: 0.0,
            ..sampling()
        };
        self.evaluations
            .push((step, correct(&all(sampler, &requests(1), &greedy))));
        Ok((self.decide)(step))
    }

    fn remember(&self) -> serde_json::Value {
        serde_json::json!([self.evaluations, self.steps])
    }

    fn recall(&mut self, memory: &serde_json::Value) -> Result<(), PolicyError> {
        (self.evaluations, self.steps) = serde_json::from_value(memory.clone()).unwrap();
        Ok(())
    }
}

fn train(
    start: &Checkpoint,
    out: PathBuf,
    watcher: &mut Watcher,
) -> Result<Option<restem_em::TrainReport>, PolicyError> {
    train_with(start, out, watcher, &options())
}

fn train_with(
    start: &Checkpoint,
    out: PathBuf,
    watcher: &mut Watcher,
    options: &TrainOptions,
) -> Result<Option<restem_em::TrainReport>, PolicyError> {
    let (examples, out) = (examples(), Checkpoint { path: out });
    let job = TrainJob {
        start,
        out: &out,
        examples: &examples,
        options,
        seed: Seed(7),
    };
    NativeTrainer::new(backend(), settings(8), tokenizers()).train(&job, watcher)
}

#[test]
fn training_learns_and_what_was_kept_is_what_was_evaluated() {
    let (folder, base) = base();
    let mut watcher = Watcher::new(|_| EvalDecision::Keep);
    let out = folder.path().join("tuned");
    let report = train(&base, out.clone(), &mut watcher).unwrap().unwrap();
    assert_eq!((report.steps, report.kept_step, report.skipped), (8, 8, 1));
    assert_eq!(report.target_tokens, 4 * 10 * 2);
    assert_eq!(report.weights, weights_digest(&out).unwrap());
    assert!(
        watcher.steps[0].loss > 2.0 * report.last_loss,
        "{:?}",
        watcher.steps
    );
    let (steps, scores): (Vec<u32>, Vec<usize>) = watcher.evaluations.into_iter().unzip();
    assert_eq!(steps, [3, 6, 8]);
    assert_eq!(scores[2], 10);
    let tuned = Checkpoint { path: out };
    let mut generator = generator(&base, settings(8));
    let before = correct(&all(
        &mut *generator.open(&base).unwrap(),
        &requests(20),
        &sampling(),
    ));
    let after = correct(&all(
        &mut *generator.open(&tuned).unwrap(),
        &requests(20),
        &sampling(),
    ));
    assert!(after > 4 * before, "{before} -> {after}");
}

#[test]
fn the_same_job_gives_the_same_weights_and_keeping_none_keeps_the_last() {
    let (folder, base) = base();
    let kept = train(
        &base,
        folder.path().join("a"),
        &mut Watcher::new(|_| EvalDecision::Keep),
    )
    .unwrap();
    let last = train(
        &base,
        folder.path().join("b"),
        &mut Watcher::new(|_| EvalDecision::Continue),
    )
    .unwrap();
    assert_eq!(kept, last);
}

#[test]
fn patience_ends_training_with_the_best_weights() {
    let (folder, base) = base();
    let mut watcher = Watcher::new(|step| {
        if step == 3 {
            EvalDecision::Keep
        } else {
            EvalDecision::Stop
        }
    });
    let report = train(&base, folder.path().join("out"), &mut watcher)
        .unwrap()
        .unwrap();
    assert_eq!((report.steps, report.kept_step), (6, 3));
}

/// Best after step 3, so that weights that were kept before a job was stopped are those that count.
fn best_is_third(step: u32) -> EvalDecision {
    if step == 3 {
        EvalDecision::Keep
    } else {
        EvalDecision::Continue
    }
}

#[test]
fn a_stopped_job_goes_on_to_the_same_weights_wherever_it_was_stopped() {
    let (folder, base) = base();
    let mut whole = Watcher::new(best_is_third);
    let expected = train(&base, folder.path().join("whole"), &mut whole).unwrap();
    for stop_at_step in 1..=8 {
        let out = folder.path().join(format!("stopped-{stop_at_step}"));
        let mut watcher = Watcher {
            stop_at_step,
            ..Watcher::new(best_is_third)
        };
        assert_eq!(train(&base, out.clone(), &mut watcher).unwrap(), None);
        assert!(!out.exists());
        let mut watcher = Watcher::new(best_is_third);
        assert_eq!(train(&base, out, &mut watcher).unwrap(), expected);
        assert_eq!(watcher.steps, whole.steps);
        assert_eq!(watcher.evaluations, whole.evaluations);
    }
    // The base model, the whole job and eight stopped ones: nothing else is left.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 10);
}

#[test]
fn a_backend_without_adapters_says_so_before_anything_is_sampled() {
    let (_folder, base) = base();
    let lora = LoraOptions {
        rank: 8,
        alpha: 16.0,
        rslora: false,
        target_modules: vec!["all-linear".to_owned()],
    };
    let error = check_lora(&backend(), &settings(4), &base.path, &lora).unwrap_err();
    let error = error.to_string();
    assert!(
        error.contains("unknown backend option `lora`; known: rows, threads"),
        "{error}"
    );
}

#[test]
fn a_killed_job_goes_on_from_what_it_saved_last() {
    let (folder, base) = base();
    let mut whole = Watcher::new(best_is_third);
    let expected = train(&base, folder.path().join("whole"), &mut whole).unwrap();
    let options = TrainOptions {
        checkpoint_every: 2,
        ..options()
    };
    for died_at in [2, 5, 7] {
        let out = folder.path().join(format!("killed-{died_at}"));
        let dies = std::panic::catch_unwind(|| {
            let mut watcher = Watcher {
                dies_at_step: died_at,
                ..Watcher::new(best_is_third)
            };
            train_with(&base, out.clone(), &mut watcher, &options)
        });
        assert!(dies.is_err());
        let mut watcher = Watcher::new(best_is_third);
        let report = train_with(&base, out, &mut watcher, &options).unwrap();
        assert_eq!(report, expected);
        assert_eq!(watcher.evaluations, whole.evaluations);
        assert_eq!(watcher.steps, whole.steps);
    }
}

#[test]
fn an_optimizers_state_continues_bit_for_bit() {
    let (folder, base) = base();
    let adamw = TrainingOptions {
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-8,
        weight_decay: 0.01,
        max_grad_norm: 1.0,
    };
    let tokens = [257, 51, 59, 51, 256];
    let sequence = Sequence {
        tokens: &tokens,
        target_from: 3,
    };
    let step = TrainingStep {
        examples: &[TrainingExample {
            sequence,
            weight: 1.0,
        }],
        micro_batch_tokens: 64,
        learning_rate: 0.1,
    };
    let open = || LoadedModel::open(&backend(), &base.path, &settings(1)).unwrap();
    let state = folder.path().join("state");
    let (mut through, mut resumed) = (open(), open());
    let mut session = TrainingSession::begin(&mut through, &adamw).unwrap();
    session.step(&step).unwrap();
    session.save_state(&state).unwrap();
    let expected = session.step(&step).unwrap();
    session.end().unwrap();
    let mut session = TrainingSession::begin(&mut resumed, &adamw).unwrap();
    session.load_state(&state).unwrap();
    assert_eq!(session.step(&step).unwrap(), expected);
    session.end().unwrap();
    let log_probs = through.log_probs(&[sequence], 64).unwrap();
    assert_eq!(log_probs, resumed.log_probs(&[sequence], 64).unwrap());
    let loss: f32 = log_probs[0].iter().sum::<f32>() / -2.0;
    assert!(f64::from(loss) < expected.loss);
}

#[test]
fn the_scripted_models_tokenizer_file_says_what_its_tokenizer_does() {
    let (folder, base) = base();
    let out = folder.path().join("copy");
    LoadedModel::open(&backend(), &base.path, &settings(1))
        .unwrap()
        .save(&out, "auto")
        .unwrap();
    let file = tokenizers::Tokenizer::from_file(out.join("tokenizer.json")).unwrap();
    for text in ["7;", "é <end>\n<begin>\0☃", "", "a<endb"] {
        for special in [false, true] {
            let tokens = ByteTokenizer.encode(text, special).unwrap();
            assert_eq!(file.encode_fast(text, special).unwrap().get_ids(), tokens);
            assert_eq!(
                file.decode(&tokens, true).unwrap(),
                ByteTokenizer.decode(&tokens).unwrap()
            );
        }
    }
}
