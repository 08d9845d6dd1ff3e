//! The ReST^EM algorithm (Singh et al., "Beyond Human Data", arXiv 2312.06585), free of models, files and sandboxes.
//!
//! The vocabulary: a [`Problem`] is asked, a policy answers with [`Sample`]s, a verifier judges each with a
//! [`Verdict`]. Models and verifiers are reached through traits ([`Generator`], [`Trainer`], [`Verifier`]),
//! persistence through [`Journal`]; the rest of the workspace implements them.

mod arms;
mod combine;
mod combined;
mod digest;
mod engine;
mod error;
mod estep;
mod estimate;
mod evaluate;
mod events;
mod journal;
mod judged;
mod majority;
mod mcnemar;
mod mstep;
mod options;
mod pass_at_k;
mod policy;
mod problem;
mod prompted;
mod run;
mod sample;
mod seed;
mod select;
mod tokenizer;
mod verdict;
mod verifier;
mod volatile_journal;

pub use arms::comparison_examples;
pub use combine::{CombineError, CombineRule, RewardPart};
pub use combined::Combined;
pub use digest::{Digest, ParseDigestError};
pub use engine::Engine;
pub use error::RunError;
pub use estep::{Draw, draw_and_judge};
pub use estimate::Estimate;
pub use evaluate::{EvalPlan, EvalSummary, Outcome, SampledSummary, summarise};
pub use events::{Action, Event, RunObserver};
pub use journal::{Journal, JournalError, Phase};
pub use judged::{Judged, digest_of};
pub use majority::{Vote, majority};
pub use mcnemar::McNemar;
pub use mstep::{TrainedArm, examples_of, train_arm};
pub use options::{Comparison, EvalOptions, EvalSet, RunOptions, StartFrom, ValidationOptions};
pub use pass_at_k::{EstimateError, pass_at_k};
pub use policy::{
    Checkpoint, EvalDecision, Example, Flow, Generator, GeneratorIdentity, LearningRateSchedule, LoraOptions,
    PolicyError, SampleRequest, Sampler, TrainJob, TrainObserver, TrainOptions, TrainReport, TrainStep,
    Trainer,
};
pub use problem::{Problem, ProblemId};
pub use prompted::{PromptKind, PromptedProblem};
pub use run::{
    ArmSummary, BASE, IterationSummary, PairedComparison, RunData, RunSummary, iteration_arm, run,
};
pub use sample::{FinishReason, Sample, Sampling};
pub use seed::Seed;
pub use select::{SelectError, SelectOptions, Selection, Weighting, correct_from, select};
pub use tokenizer::{Tokenizer, TokenizerError};
pub use verdict::{Fault, FaultClass, RewardKind, Score, Verdict, VerdictRow};
pub use verifier::{Verifier, VerifierError, VerifierIdentity, VerifyTask};
pub use volatile_journal::VolatileJournal;
