//! The tables of `restem.toml`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use restem_data::{DatasetSource, FEW_SHOT, QUESTION_ONLY};
use restem_em::{CombineRule, Comparison, LearningRateSchedule, PromptKind, StartFrom, Weighting};
use restem_reward::{Grant, Isolation, Limits};
use restem_store::Keep;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::device::DeviceNames;
use super::lora::LoraSection;

/// Everything that a run is told.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct Config {
    /// The loop.
    pub(crate) run: RunSection,
    /// The policy.
    pub(crate) model: ModelSection,
    /// The problems.
    pub(crate) data: DataSection,
    /// What the model is shown.
    pub(crate) prompt: PromptSection,
    /// How the rewards of several `[[reward]]` tables make one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) combine: Option<CombineSection>,
    /// The verifier, or the parts of one.
    pub(crate) reward: Vec<RewardSection>,
    /// The E-step's samples.
    pub(crate) generate: GenerateSection,
    /// Which samples become training rows.
    pub(crate) select: SelectSection,
    /// The M-step.
    pub(crate) train: TrainSection,
    /// Evaluation of finished models.
    pub(crate) eval: EvalSection,
}

/// `[run]`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct RunSection {
    /// The run directory.
    pub(crate) out: PathBuf,
    /// Title of the report.
    pub(crate) title: String,
    /// Every random choice derives from it.
    pub(crate) seed: u64,
    /// At most so many iterations.
    pub(crate) max_iterations: u32,
    /// Stop when an iteration no longer improves validation pass@1.
    pub(crate) stop_on_plateau: bool,
    /// `base` (ReST^EM) or `previous` (ReST).
    #[schemars(with = "String")]
    pub(crate) start: StartFrom,
    /// Share of verdicts that may be faults before the run stops.
    pub(crate) max_fault_rate: f64,
    /// Further models to train and compare with: `sft-human`, `random-kept`.
    #[schemars(with = "Vec<String>")]
    pub(crate) compare: Vec<Comparison>,
    /// Checkpoints to keep: `all`, `best`, `last` or a number of the newest; the best one always stays.
    #[schemars(with = "Value")]
    pub(crate) keep_checkpoints: Keep,
}

impl Default for RunSection {
    fn default() -> Self {
        Self {
            out: "runs/restem".into(),
            title: "ReST^EM run".into(),
            seed: 0,
            max_iterations: 3,
            stop_on_plateau: true,
            start: StartFrom::Base,
            max_fault_rate: 0.01,
            compare: Vec::new(),
            keep_checkpoints: Keep::All,
        }
    }
}

/// `[model]`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct ModelSection {
    /// The base model: a Hugging Face model directory.
    pub(crate) path: PathBuf,
    /// Native backend: a name such as `torch`, or the path of its library.
    pub(crate) backend: String,
    /// `auto`, `cpu`, `cuda` (the first one), `cuda:N`, `cuda:all`, or a list such as `["cuda:0", "cuda:1"]`: each has a copy of
    /// the model and draws a part of the samples, the first one trains. A sample is the same on any number of devices.
    pub(crate) device: DeviceNames,
    /// `auto`, `bf16` or `f32`.
    pub(crate) dtype: String,
    /// What the backend knows. `torch`: `rows` of a decode step (a number, or `"auto"` to measure), `threads` of a matrix product,
    /// and `memory_gib`, which bounds sampling's cache and the activations of a training pass on each device.
    pub(crate) options: Map<String, Value>,
    /// Sample from a server that speaks the OpenAI completions API instead, such as `http://localhost:8000/v1`; a
    /// checkpoint's path is the model's name there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) http_url: Option<String>,
    /// Fine-tune with a command instead: program and arguments, with `{model}`, `{data}` (JSONL) and `{out}`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) train_command: Option<Vec<String>>,
}

impl Default for ModelSection {
    fn default() -> Self {
        Self {
            path: PathBuf::new(),
            backend: "torch".into(),
            device: DeviceNames::default(),
            dtype: "auto".into(),
            options: Map::new(),
            http_url: None,
            train_command: None,
        }
    }
}

/// `[data]`
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct DataSection {
    /// Problems to sample and train on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) train: Option<DatasetSource>,
    /// Problems that steer checkpoint choice and stopping.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) validation: Option<DatasetSource>,
    /// Held-out problems, by name.
    pub(crate) test: BTreeMap<String, TestSet>,
    /// Solved examples for the few-shot prompt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) shots: Option<DatasetSource>,
}

/// A held-out dataset.
pub(crate) type TestSet = DatasetSource;

/// `[prompt]`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct PromptSection {
    /// Template of the few-shot prompt (minijinja; sees `prompt`, `metadata`, `shots`).
    pub(crate) few_shot: String,
    /// Template of the question alone.
    pub(crate) question: String,
    /// Template of a human solution as the model should write it (sees it as `solutions[0]`).
    pub(crate) solution: String,
    /// Wrap both prompts in the model's own chat template, as one user message.
    pub(crate) chat: bool,
    /// Appended to training completions that ended by themselves; default: the first stop string, else nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) end_text: Option<String>,
}

impl Default for PromptSection {
    fn default() -> Self {
        Self {
            few_shot: FEW_SHOT.into(),
            question: QUESTION_ONLY.into(),
            solution: " {{ solutions[0] }}".into(),
            chat: false,
            end_text: None,
        }
    }
}

/// `[combine]`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct CombineSection {
    /// `weighted-sum`: the mean of all rewards by `weight`. `all-of`: 1 when every part finds the completion correct, else 0.
    /// `gate`: 0 unless every part with `gate = true` finds it correct, and the others are asked only then.
    #[schemars(with = "String")]
    pub(crate) rule: CombineRule,
    /// Name of the part whose canonical answers vote; default: the first that gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) answer: Option<String>,
}

/// `[[reward]]`
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct RewardSection {
    /// A plugin by name, the path of a `.wasm`, or the folder of a plugin's project (`./mine`, from the working directory).
    pub(crate) plugin: String,
    /// The plugin's own configuration.
    pub(crate) config: Map<String, Value>,
    /// What the plugin gets, if its manifest asks for it: `python`, or `name=DIR` for a directory to read.
    pub(crate) grant: Vec<Grant>,
    /// What it may use.
    pub(crate) limits: Limits,
    /// `task` or `completion`: what shares a store.
    pub(crate) isolation: Isolation,
    /// Worker processes; 0 is one per core.
    pub(crate) workers: usize,
    /// Name of this part under `[combine]`; default: the plugin's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// Share of this part's reward in a weighted sum, relative to the others' weights; default: 1. With 0 it is recorded only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) weight: Option<f64>,
    /// From which reward on this part finds a completion correct, under `all-of` and as a gate; graded plugins need it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) threshold: Option<f64>,
    /// Under `rule = "gate"`: must find a completion correct before the others are asked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) gate: bool,
    /// The lock that the plugin's file must agree with: not written by users, it lies beside the configuration.
    #[serde(skip)]
    pub(crate) lock: Option<PathBuf>,
}

/// `[generate]`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct GenerateSection {
    /// Samples per training problem (the paper: 32 for MATH, 64 for APPS).
    pub(crate) samples: u32,
    /// The paper: 0.7.
    pub(crate) temperature: f32,
    /// The paper: 40; 0 keeps all.
    pub(crate) top_k: u32,
    /// 1 keeps all.
    pub(crate) top_p: f32,
    /// At most so many new tokens.
    pub(crate) max_tokens: u32,
    /// A completion ends before the first of these.
    pub(crate) stop: Vec<String>,
    /// `few-shot` or `question`.
    #[schemars(with = "String")]
    pub(crate) prompt: PromptKind,
}

impl Default for GenerateSection {
    fn default() -> Self {
        Self {
            samples: 32,
            temperature: 0.7,
            top_k: 40,
            top_p: 1.0,
            max_tokens: 256,
            stop: Vec::new(),
            prompt: PromptKind::FewShot,
        }
    }
}

/// `[select]`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct SelectSection {
    /// Rewards from here on are correct; graded verifiers need it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) threshold: Option<f64>,
    /// At most so many rows per problem (the paper: 10).
    pub(crate) max_per_problem: u32,
    /// `uniform` or `reward`.
    #[schemars(with = "String")]
    pub(crate) weighting: Weighting,
}

impl Default for SelectSection {
    fn default() -> Self {
        Self {
            threshold: None,
            max_per_problem: 10,
            weighting: Weighting::Uniform,
        }
    }
}

/// `[train]`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct TrainSection {
    /// Passes over the rows.
    pub(crate) epochs: u32,
    /// Rows per optimizer step.
    pub(crate) batch_size: u32,
    /// Most tokens of a forward pass; what its rows begin with alike (few-shot examples, a prompt) counts once.
    pub(crate) micro_batch_tokens: u32,
    /// Peak learning rate of AdamW.
    pub(crate) learning_rate: f64,
    /// Optimizer steps of linear warm-up.
    pub(crate) warmup_steps: u32,
    /// `constant` or `cosine`.
    #[schemars(with = "String")]
    pub(crate) schedule: LearningRateSchedule,
    /// Decoupled weight decay.
    pub(crate) weight_decay: f64,
    /// Gradient norm above which gradients are scaled down; 0 turns it off.
    pub(crate) max_grad_norm: f64,
    /// Rows longer than this many tokens are left out.
    pub(crate) max_length: u32,
    /// `few-shot` (the paper's choice) or `question`.
    #[schemars(with = "String")]
    pub(crate) prompt: PromptKind,
    /// Evaluate every so many optimizer steps; 0 is at the end of each epoch.
    pub(crate) eval_every: u32,
    /// Save weights and optimizer (12 bytes per weight) every so many optimizer steps, to go on from after a crash; 0 saves only
    /// when the run is stopped.
    pub(crate) checkpoint_every: u32,
    /// Validation problems looked at each time; 0 keeps the last weights.
    pub(crate) eval_problems: u32,
    /// Evaluations without improvement that end training; 0 never does.
    pub(crate) patience: u32,
    /// Train low-rank adapters instead of all weights; checkpoints are then PEFT adapters of the base model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) lora: Option<LoraSection>,
}

impl Default for TrainSection {
    fn default() -> Self {
        Self {
            epochs: 3,
            batch_size: 16,
            micro_batch_tokens: 4096,
            learning_rate: 2e-5,
            warmup_steps: 10,
            schedule: LearningRateSchedule::Cosine,
            weight_decay: 0.0,
            max_grad_norm: 1.0,
            max_length: 2048,
            prompt: PromptKind::FewShot,
            eval_every: 0,
            checkpoint_every: 200,
            eval_problems: 100,
            patience: 0,
            lora: None,
        }
    }
}

/// `[eval]`
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub(crate) struct EvalSection {
    /// `few-shot` or `question`: the same for every model.
    #[schemars(with = "String")]
    pub(crate) prompt: PromptKind,
    /// Each k of pass@k (T 1.0, top-p 0.95).
    pub(crate) pass_at: Vec<u32>,
    /// Votes of majority voting (T 0.7, top-k 40); 0 turns it off.
    pub(crate) majority: u32,
    /// Problems of each test set that pass@k and majority voting look at; 0 is none.
    pub(crate) sampled_problems: u32,
}

impl Default for EvalSection {
    fn default() -> Self {
        Self {
            prompt: PromptKind::FewShot,
            pass_at: vec![8],
            majority: 8,
            sampled_problems: 64,
        }
    }
}
