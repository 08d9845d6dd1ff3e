//! A judgement.

/// What a plugin makes of a completion.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Score {
    /// The reward, within the range that the plugin describes.
    pub value: f64,
    /// The completion's answer in canonical form: equal answers share it, which is what majority voting counts.
    pub answer: Option<String>,
    /// For people: why.
    pub note: Option<String>,
    /// Named parts of the reward.
    pub parts: Vec<(String, f64)>,
}

impl Score {
    /// A reward of `value`.
    #[must_use]
    pub fn new(value: f64) -> Self {
        Self {
            value,
            ..Self::default()
        }
    }

    /// 1 when the completion is right, else 0.
    #[must_use]
    pub fn when(right: bool) -> Self {
        Self::new(if right { 1.0 } else { 0.0 })
    }

    /// With the completion's answer in canonical form.
    #[must_use]
    pub fn with_answer(mut self, answer: impl Into<String>) -> Self {
        self.answer = Some(answer.into());
        self
    }

    /// With a note for people.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// With a named part.
    #[must_use]
    pub fn with_part(mut self, name: impl Into<String>, value: f64) -> Self {
        self.parts.push((name.into(), value));
        self
    }
}
