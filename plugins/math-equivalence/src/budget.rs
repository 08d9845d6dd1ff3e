//! How much work one comparison may cost.

/// What is left of a comparison's work. One unit is about one multiplication of small coefficients.
///
/// Work is counted, not timed: the same comparison stops at the same place on every machine.
#[derive(Debug, Clone)]
pub struct Budget {
    left: u64,
}

/// A comparison asks for more than its budget holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("it takes more work than one comparison may cost")]
pub struct TooMuch;

impl Budget {
    /// A budget of so many units.
    #[must_use]
    pub const fn of(units: u64) -> Self {
        Self { left: units }
    }

    /// Sets half of what is left aside for one way of comparing, so that the others keep theirs.
    #[must_use]
    pub const fn half(&mut self) -> Self {
        let half = self.left / 2;
        self.left -= half;
        Self { left: half }
    }

    /// Takes back what a half has left.
    pub const fn put_back(&mut self, half: &Self) {
        self.left += half.left;
    }

    /// Takes what a step is about to cost.
    ///
    /// # Errors
    /// [`TooMuch`] when less is left; then nothing is left.
    pub fn spend(&mut self, units: u64) -> Result<(), TooMuch> {
        if let Some(left) = self.left.checked_sub(units) {
            self.left = left;
            Ok(())
        } else {
            self.left = 0;
            Err(TooMuch)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_that_is_spent_leaves_the_other() {
        let mut budget = Budget::of(10);
        let mut half = budget.half();
        assert_eq!(half.spend(6), Err(TooMuch));
        budget.put_back(&half);
        assert_eq!(budget.spend(5), Ok(()));
        assert_eq!(budget.spend(1), Err(TooMuch));
    }

    #[test]
    fn an_overdrawn_budget_stays_empty() {
        let mut budget = Budget::of(3);
        assert_eq!(budget.spend(2), Ok(()));
        assert_eq!(budget.spend(2), Err(TooMuch));
        assert_eq!(budget.spend(1), Err(TooMuch));
    }
}
