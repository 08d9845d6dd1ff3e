//! The ReST^EM algorithm (Singh et al., "Beyond Human Data", arXiv 2312.06585), free of models, files and sandboxes.
//!
//! The vocabulary: a [`Problem`] is asked, a policy answers with [`Sample`]s, a verifier judges each with a
//! [`Verdict`]. Models and verifiers are reached through traits ([`Generator`], [`Trainer`], [`Verifier`]),
//! persistence through [`Journal`]; the rest of the workspace implements them.

mod digest;
mod journal;
mod policy;
mod problem;
mod sample;
mod seed;
mod tokenizer;
mod verdict;
mod verifier;

pub use digest::Digest;
pub use journal::{Journal, JournalError, Phase};
pub use policy::{
    Checkpoint, EvalDecision, Example, Flow, Generator, GeneratorIdentity, LearningRateSchedule, PolicyError,
    SampleRequest, Sampler, TrainJob, TrainObserver, TrainOptions, TrainReport, TrainStep, Trainer,
};
pub use problem::{Problem, ProblemId};
pub use sample::{FinishReason, Sample, Sampling};
pub use seed::Seed;
pub use tokenizer::{Tokenizer, TokenizerError};
pub use verdict::{Fault, FaultClass, RewardKind, Score, Verdict, VerdictRow};
pub use verifier::{Verifier, VerifierError, VerifierIdentity, VerifyTask};
