//! Examples as token sequences.

use restem_em::{Example, PolicyError, Tokenizer};
use restem_policy_abi::{Sequence, TrainingExample};

/// One example in tokens.
#[derive(Debug)]
pub(crate) struct EncodedExample {
    pub(crate) tokens: Vec<u32>,
    target_from: usize,
    weight: f32,
}

impl EncodedExample {
    pub(crate) fn lend(&self) -> TrainingExample<'_> {
        let sequence = Sequence {
            tokens: &self.tokens,
            target_from: self.target_from,
        };
        TrainingExample {
            sequence,
            weight: self.weight,
        }
    }
}

/// The examples that fit, and how many did not.
#[derive(Debug)]
pub(crate) struct Encoded {
    pub(crate) examples: Vec<EncodedExample>,
    pub(crate) skipped: u32,
}

/// Encodes prompt and completion separately and joins the tokens.
///
/// So the prompt's tokens are those that sampling was given, every completion token is a target, and a completion that
/// was sampled comes back as a continuation of that prompt. Encoding the joined text could merge characters across the
/// boundary, which sampling never sees.
///
/// # Errors
/// When a text can't be encoded, an example has no prompt or no target tokens, or none fits `max_length`.
pub(crate) fn encode(
    examples: &[Example],
    tokenizer: &dyn Tokenizer,
    max_length: u32,
) -> Result<Encoded, PolicyError> {
    let mut encoded = Encoded {
        examples: Vec::with_capacity(examples.len()),
        skipped: 0,
    };
    for example in examples {
        let example = encode_one(example, tokenizer).map_err(|reason| {
            PolicyError::message(format!("training example of `{}`: {reason}", example.problem))
        })?;
        if example.tokens.len() > max_length as usize {
            encoded.skipped += 1;
        } else {
            encoded.examples.push(example);
        }
    }
    if encoded.examples.is_empty() {
        return Err(PolicyError::message(match encoded.skipped {
            0 => "there are no training examples".to_owned(),
            skipped => format!(
                "all {skipped} training examples are longer than max_length = {max_length} tokens: raise max_length"
            ),
        }));
    }
    Ok(encoded)
}

fn encode_one(example: &Example, tokenizer: &dyn Tokenizer) -> Result<EncodedExample, String> {
    let mut tokens = tokenizer
        .encode(&example.prompt, true)
        .map_err(|error| error.to_string())?;
    let completion = tokenizer
        .encode(&example.completion, false)
        .map_err(|error| error.to_string())?;
    let target_from = tokens.len();
    if target_from == 0 || completion.is_empty() {
        let empty = if target_from == 0 { "prompt" } else { "completion" };
        return Err(format!("its {empty} has no tokens"));
    }
    tokens.extend(completion);
    Ok(EncodedExample {
        tokens,
        target_from,
        weight: example.weight,
    })
}

#[cfg(test)]
mod tests {
    use restem_scripted_backend::ByteTokenizer;

    use super::*;

    fn example(prompt: &str, completion: &str) -> Example {
        Example {
            problem: "p".into(),
            prompt: prompt.to_owned(),
            completion: completion.to_owned(),
            weight: 0.5,
        }
    }

    #[test]
    fn targets_are_the_completion_and_its_end() {
        let encoded = encode(&[example("ab", "c<end>")], &ByteTokenizer, 5).unwrap();
        let lent = encoded.examples[0].lend();
        assert_eq!(lent.sequence.tokens, [257, 97, 98, 99, 256]);
        assert_eq!(
            (lent.sequence.target_from, lent.weight, encoded.skipped),
            (3, 0.5, 0)
        );
    }

    #[test]
    fn long_examples_are_left_out_and_counted() {
        let examples = [example("ab", "c"), example("ab", "cd")];
        let encoded = encode(&examples, &ByteTokenizer, 4).unwrap();
        assert_eq!((encoded.examples.len(), encoded.skipped), (1, 1));
        let error = encode(&examples[1..], &ByteTokenizer, 4).unwrap_err();
        insta::assert_snapshot!(error, @"all 1 training examples are longer than max_length = 4 tokens: raise max_length");
    }

    #[test]
    fn an_example_without_targets_is_named() {
        let error = encode(&[example("ab", "")], &ByteTokenizer, 4).unwrap_err();
        insta::assert_snapshot!(error, @"training example of `p`: its completion has no tokens");
    }
}
