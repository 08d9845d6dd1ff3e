//! A problem that is ready to be compared with.

use std::fmt;

use crate::{Fault, Score};

type Judge<'a> = dyn Fn(&str) -> Result<Score, Fault> + 'a;

/// A prepared problem: what [`Reward::prepare`](crate::Reward::prepare) returns.
pub struct Checker<'a> {
    score: Box<Judge<'a>>,
}

impl<'a> Checker<'a> {
    /// A checker that judges completions with `score`.
    pub fn new(score: impl Fn(&str) -> Result<Score, Fault> + 'a) -> Self {
        Self {
            score: Box::new(score),
        }
    }

    /// Judges one completion.
    ///
    /// # Errors
    /// [`Fault`] when it can't be judged.
    pub fn score(&self, completion: &str) -> Result<Score, Fault> {
        (self.score)(completion)
    }
}

impl fmt::Debug for Checker<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Checker").finish_non_exhaustive()
    }
}
