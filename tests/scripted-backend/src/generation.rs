//! Streams of samples.

use std::collections::VecDeque;

use restem_policy_abi::{BackendError, Cancel, Drawn, Finish, Generation, Prompt};

use crate::draw::{Temper, draw};
use crate::model::{ScriptedModel, log_softmax};

/// Samples that wait and samples that go on.
#[derive(Debug, Default)]
pub struct Stream {
    waiting: VecDeque<Row>,
    rows: Vec<Row>,
    steps: u32,
}

/// Steps before a device is lost: fewer than a sample takes.
const STEPS_BEFORE_LOSS: u32 = 1;

#[derive(Debug)]
struct Row {
    sample: u64,
    seed: u64,
    temper: Temper,
    tokens: Vec<u32>,
    prompt: usize,
    /// Sequence length at which it ends.
    longest: usize,
    stop_tokens: Vec<u32>,
}

impl Generation<ScriptedModel> for Stream {
    fn submit(&mut self, model: &mut ScriptedModel, prompt: &Prompt<'_>) -> Result<(), BackendError> {
        model.check(prompt.tokens)?;
        let longest = model
            .longest()
            .min(prompt.tokens.len() + prompt.sampling.max_tokens as usize);
        if longest == prompt.tokens.len() {
            return Err(BackendError::invalid_argument(
                "the prompt fills the model's context",
            ));
        }
        self.waiting.extend(prompt.samples.iter().map(|sample| Row {
            sample: sample.id,
            seed: sample.seed,
            temper: Temper::from(&prompt.sampling),
            tokens: prompt.tokens.to_vec(),
            prompt: prompt.tokens.len(),
            longest,
            stop_tokens: prompt.sampling.stop_tokens.to_vec(),
        }));
        Ok(())
    }

    fn step(&mut self, model: &mut ScriptedModel, drawn: &mut Vec<Drawn>) -> Result<u64, BackendError> {
        self.steps += 1;
        if model.lost && self.steps > STEPS_BEFORE_LOSS {
            return Err(BackendError::internal("the device is lost"));
        }
        let room = (model.rows as usize)
            .saturating_sub(self.rows.len())
            .min(self.waiting.len());
        self.rows.extend(self.waiting.drain(..room));
        self.rows.retain_mut(|row| {
            let next = row.next(model);
            drawn.push(next);
            next.finish.is_none()
        });
        Ok((self.rows.len() + self.waiting.len()) as u64)
    }

    fn cancel(&mut self, _model: &mut ScriptedModel, which: Cancel<'_>) -> Result<(), BackendError> {
        let keep = |row: &Row| match which {
            Cancel::All => false,
            Cancel::Listed(samples) => !samples.contains(&row.sample),
        };
        self.rows.retain(keep);
        self.waiting.retain(keep);
        Ok(())
    }
}

impl Row {
    fn next(&mut self, model: &ScriptedModel) -> Drawn {
        let logits = model.logits(&self.tokens);
        let token = draw(
            &logits,
            self.temper,
            self.seed,
            (self.tokens.len() - self.prompt) as u64,
        );
        assert_ne!(
            Some(token),
            model.panic_on_token,
            "told to panic on token {token}"
        );
        self.tokens.push(token);
        let finish = if self.stop_tokens.contains(&token) {
            Some(Finish::StopToken)
        } else {
            (self.tokens.len() >= self.longest).then_some(Finish::Length)
        };
        Drawn {
            sample: self.sample,
            token,
            log_prob: log_softmax(&logits)[token as usize] as f32,
            finish,
        }
    }
}
