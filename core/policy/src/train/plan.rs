//! Which examples go into which optimizer step.

use restem_em::{Seed, TrainOptions};

use super::EncodedExample;

/// Batches of indices, one per optimizer step, epoch after epoch.
///
/// Each epoch has its own seeded order. A batch is sorted by length, so that a backend that splits it into
/// micro-batches in order pads little; which examples share a step does not depend on their lengths.
pub(crate) fn plan(examples: &[EncodedExample], options: &TrainOptions, seed: Seed) -> Vec<Vec<usize>> {
    let batch_size = options.batch_size.max(1) as usize;
    let mut batches = Vec::new();
    for epoch in 0..options.epochs.max(1) {
        let seed = seed.derive(&["epoch", &epoch.to_string()]);
        let mut order: Vec<usize> = (0..examples.len()).collect();
        order.sort_by_cached_key(|index| seed.order_key(&index.to_string()));
        for batch in order.chunks_mut(batch_size) {
            batch.sort_by_key(|&index| (examples[index].tokens.len(), index));
            batches.push(batch.to_vec());
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use restem_em::{Example, LearningRateSchedule};
    use restem_scripted_backend::ByteTokenizer;

    use super::*;
    use crate::train::encode;

    fn batches(seed: u64) -> Vec<Vec<usize>> {
        let examples: Vec<Example> = (0..10_usize)
            .map(|index| Example {
                problem: "p".into(),
                prompt: "q".repeat(20 - index),
                completion: "a".to_owned(),
                weight: 1.0,
            })
            .collect();
        let encoded = encode(&examples, &ByteTokenizer, 100).unwrap();
        let options = TrainOptions {
            epochs: 2,
            batch_size: 4,
            micro_batch_tokens: 100,
            learning_rate: 1.0,
            warmup_steps: 0,
            schedule: LearningRateSchedule::Constant,
            weight_decay: 0.0,
            max_grad_norm: 1.0,
            max_length: 100,
            eval_every: 0,
            checkpoint_every: 0,
            lora: None,
        };
        plan(&encoded.examples, &options, Seed(seed))
    }

    #[test]
    fn each_epoch_sees_every_example_once_in_an_order_of_its_own() {
        let batches = batches(1);
        assert_eq!(
            batches.iter().map(Vec::len).collect::<Vec<_>>(),
            [4, 4, 2, 4, 4, 2]
        );
        for epoch in batches.chunks(3) {
            let mut seen = epoch.concat();
            seen.sort_unstable();
            assert_eq!(seen, (0..10).collect::<Vec<_>>());
        }
        assert_ne!(batches[..3], batches[3..]);
        assert_eq!(batches, self::batches(1));
        assert_ne!(batches, self::batches(2));
    }

    #[test]
    fn a_batch_goes_from_short_to_long() {
        // Longer prompts have smaller indices here.
        assert!(batches(1).iter().all(|batch| batch.is_sorted_by(|a, b| a > b)));
    }
}
