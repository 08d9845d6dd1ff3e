//! Axes with round numbers.

use serde::Serialize;

/// A mark on an axis.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct Tick {
    /// Where, in pixels.
    pub(crate) at: f64,
    /// What it says.
    pub(crate) label: String,
}

/// How an axis writes its numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Labels {
    /// 1, 2, …: steps below 1 make no sense.
    Whole,
    /// 0.5, 1.0, …
    Plain,
    /// Shares as per cent.
    Percent,
}

/// Maps values to pixels.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Axis {
    low: f64,
    high: f64,
    step: f64,
    /// Pixel of `low` and of `high`.
    pixels: (f64, f64),
    labels: Labels,
}

impl Axis {
    /// An axis whose ends are round numbers around `low..=high`, with at most `ticks` steps (at least two).
    pub(crate) fn around(low: f64, high: f64, ticks: u32, labels: Labels, pixels: (f64, f64)) -> Self {
        let step = round_step((high - low) / f64::from(ticks.max(2)), labels);
        let mut axis = Self {
            low: (low / step).floor() * step,
            high: (high / step).ceil() * step,
            step,
            pixels,
            labels,
        };
        if axis.high <= axis.low {
            axis.high = axis.low + axis.step;
        }
        axis
    }

    /// Pixel of a value, to a tenth.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let (start, end) = self.pixels;
        let share = (value - self.low) / (self.high - self.low);
        (10.0 * (start + share * (end - start))).round() / 10.0
    }

    /// The marks, from low to high.
    pub(crate) fn ticks(&self) -> Vec<Tick> {
        let count = ((self.high - self.low) / self.step).round() as u32;
        (0..=count)
            .map(|i| self.low + f64::from(i) * self.step)
            .map(|value| Tick {
                at: self.at(value),
                label: self.label(value),
            })
            .collect()
    }

    fn label(&self, value: f64) -> String {
        let (scale, unit) = if self.labels == Labels::Percent {
            (100.0, "%")
        } else {
            (1.0, "")
        };
        // Half a step's rounding error would print as -0.
        let value = if value.abs() < self.step / 2.0 {
            0.0
        } else {
            value * scale
        };
        let decimals = (-(self.step * scale).log10().floor()).clamp(0.0, 9.0) as usize;
        format!("{value:.decimals$}{unit}")
    }
}

/// The smallest of 1, 2, 5 times a power of ten that is at least `step`.
fn round_step(step: f64, labels: Labels) -> f64 {
    if !(step.is_finite() && step > 0.0) {
        return 1.0;
    }
    let power = 10.0_f64.powf(step.log10().floor());
    // The tolerance keeps 0.2 from becoming 0.5 where it was computed as 0.20000000000000001.
    let factor = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|factor| factor * power >= step * (1.0 - 1e-9));
    let step = factor.unwrap_or(10.0) * power;
    if labels == Labels::Whole {
        step.max(1.0)
    } else {
        step
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn labels(low: f64, high: f64, labels: Labels) -> Vec<String> {
        let axis = Axis::around(low, high, 5, labels, (0.0, 100.0));
        axis.ticks().into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn marks_are_round_numbers() {
        assert_eq!(
            labels(0.0, 0.43, Labels::Percent),
            ["0%", "10%", "20%", "30%", "40%", "50%"]
        );
        assert_eq!(
            labels(0.0, 0.043, Labels::Percent),
            ["0%", "1%", "2%", "3%", "4%", "5%"]
        );
        assert_eq!(labels(1.0, 2.0, Labels::Whole), ["1", "2"]);
        assert_eq!(
            labels(0.31, 1.12, Labels::Plain),
            ["0.2", "0.4", "0.6", "0.8", "1.0", "1.2"]
        );
        assert_eq!(
            labels(0.0, 1.0, Labels::Percent),
            ["0%", "20%", "40%", "60%", "80%", "100%"]
        );
    }

    proptest! {
        #[test]
        fn every_value_lies_between_the_ends(a in -1e6..1e6_f64, width in 0.0..1e6_f64, share in 0.0..=1.0_f64) {
            let axis = Axis::around(a, a + width, 5, Labels::Plain, (10.0, 90.0));
            let at = axis.at(a + share * width);
            prop_assert!((9.9..=90.1).contains(&at), "{at}");
            prop_assert!((2..=8).contains(&axis.ticks().len()), "{:?}", axis);
        }
    }
}
