//! The learning rate of each step.

use restem_em::{LearningRateSchedule, TrainOptions};

/// Learning rate of `step` (from 1) of `steps`: rises linearly over the warm-up, whose last step has the peak, then
/// follows the schedule.
pub(crate) fn learning_rate(options: &TrainOptions, step: u32, steps: u32) -> f64 {
    let (step, steps, warmup) = (f64::from(step), f64::from(steps), f64::from(options.warmup_steps));
    let share = if step <= warmup {
        step / warmup
    } else {
        match options.schedule {
            LearningRateSchedule::Constant => 1.0,
            LearningRateSchedule::Cosine => {
                // The first step after the warm-up is at the top, the one after the last would be at 0.
                let progress = (step - 1.0 - warmup) / (steps - warmup);
                0.5 * (1.0 + (std::f64::consts::PI * progress).cos())
            }
        }
    };
    options.learning_rate * share
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rates(warmup_steps: u32, schedule: LearningRateSchedule) -> Vec<f64> {
        let options = TrainOptions {
            epochs: 1,
            batch_size: 1,
            micro_batch_tokens: 1,
            learning_rate: 8.0,
            warmup_steps,
            schedule,
            weight_decay: 0.0,
            max_grad_norm: 0.0,
            max_length: 1,
            eval_every: 0,
            checkpoint_every: 0,
            lora: None,
        };
        (1..=6)
            .map(|step| (learning_rate(&options, step, 6) * 1000.0).round() / 1000.0)
            .collect()
    }

    #[test]
    fn warm_up_rises_to_the_peak() {
        assert_eq!(
            rates(4, LearningRateSchedule::Constant),
            [2.0, 4.0, 6.0, 8.0, 8.0, 8.0]
        );
        assert_eq!(rates(0, LearningRateSchedule::Constant), [8.0; 6]);
        // A warm-up longer than the job never gets there.
        assert_eq!(
            rates(8, LearningRateSchedule::Cosine),
            [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
        );
    }

    #[test]
    fn a_cosine_falls_from_the_peak_towards_nothing() {
        assert_eq!(
            rates(2, LearningRateSchedule::Cosine),
            [4.0, 8.0, 8.0, 6.828, 4.0, 1.172]
        );
    }
}
