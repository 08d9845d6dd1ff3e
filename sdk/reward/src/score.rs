//! A judgement.

/// Bytes of the longest answer or note that [`Score`]'s methods take.
pub const LONGEST_TEXT: usize = 16 << 10;

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
    ///
    /// One of more than [`LONGEST_TEXT`] bytes is left out: a model that repeats itself writes a megabyte, nobody votes for
    /// that, and a result that holds it is more than the host takes.
    #[must_use]
    pub fn with_answer(mut self, answer: impl Into<String>) -> Self {
        self.answer = Some(answer.into()).filter(|answer| answer.len() <= LONGEST_TEXT);
        self
    }

    /// With a note for people; what is beyond [`LONGEST_TEXT`] bytes is cut off.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        let mut note = note.into();
        if note.len() > LONGEST_TEXT {
            note.truncate(note.floor_char_boundary(LONGEST_TEXT));
            note.push('…');
        }
        self.note = Some(note);
        self
    }

    /// With a named part.
    #[must_use]
    pub fn with_part(mut self, name: impl Into<String>, value: f64) -> Self {
        self.parts.push((name.into(), value));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_very_long_answer_is_left_out_and_a_long_note_cut() {
        let fits = "a".repeat(LONGEST_TEXT);
        assert_eq!(Score::new(1.0).with_answer(&*fits).answer, Some(fits.clone()));
        assert_eq!(Score::new(1.0).with_answer(fits + "a").answer, None);
        let note = Score::new(1.0).with_note("ä".repeat(LONGEST_TEXT)).note.unwrap();
        assert_eq!(note.len(), LONGEST_TEXT + "…".len());
    }
}
