//! How the time of a sample falls with samples per problem and few-shot examples, and what the sharing of prompts predicts.

use std::fmt::Write as _;

use anyhow::Result;

use super::run::{Ours, THREADS, number, report};
use crate::bench::chart::{Axis, BOTTOM, LEFT, RIGHT, Svg, TOP};
use crate::say;

/// Few-shot examples of each series, and tokens of an example.
const SHOTS: [u32; 3] = [0, 4, 8];
const SHOT_TOKENS: u32 = 45;
/// Samples per problem.
const SAMPLES: [u32; 4] = [1, 8, 32, 64];
/// Samples of every point, and their tokens.
const ALL_SAMPLES: u32 = 128;
const NEW_TOKENS: u32 = 32;
/// Runs of every point; the fastest counts.
const RUNS: u32 = 2;
/// Tokens of a prompt behind the examples.
const OWN_TOKENS: u32 = 50;
/// Prompts are shared by whole chunks of so many tokens.
const CHUNK: u32 = 64;

/// What was measured for so many samples per problem behind so many few-shot examples.
#[derive(Debug, Clone, Copy)]
pub(super) struct Point {
    shots: u32,
    samples: u32,
    /// Milliseconds per sample.
    milliseconds: f64,
}

impl Point {
    /// Prompt tokens that are computed for each problem, and once for all of them.
    fn prompt_tokens(self) -> (f64, f64) {
        let common = 1 + self.shots * SHOT_TOKENS;
        let shared = common / CHUNK * CHUNK;
        (f64::from(common + OWN_TOKENS - shared), f64::from(shared))
    }

    /// Prompt tokens per sample where each prompt is computed once per problem, and what prompts have in common once.
    fn per_sample(self) -> f64 {
        let (own, shared) = self.prompt_tokens();
        own / f64::from(self.samples) + shared / f64::from(ALL_SAMPLES)
    }
}

/// Runs every point.
///
/// # Errors
/// When a run fails.
pub(super) fn measure(ours: &Ours) -> Result<Vec<Point>> {
    let mut all = Vec::new();
    for shots in SHOTS {
        for samples in SAMPLES {
            let common = 1 + shots * SHOT_TOKENS;
            let mut command = ours.sampler();
            command.arg("--json");
            for (name, value) in [
                ("--problems", ALL_SAMPLES / samples),
                ("--samples", samples),
                ("--common-tokens", common),
                ("--prompt-tokens", common + OWN_TOKENS),
                ("--max-tokens", NEW_TOKENS),
                ("--threads", THREADS),
            ] {
                command.args([name, &value.to_string()]);
            }
            let mut seconds = f64::INFINITY;
            for _ in 0..RUNS {
                seconds = seconds.min(number(&report(&mut command)?, "seconds")?);
            }
            let milliseconds = 1e3 * seconds / f64::from(ALL_SAMPLES);
            say::step(
                "bench",
                format!("{shots} examples, {samples} samples per problem: {milliseconds:.1} ms per sample"),
            );
            all.push(Point {
                shots,
                samples,
                milliseconds,
            });
        }
    }
    Ok(all)
}

/// Milliseconds of `point` by the straight line in the prompt tokens per sample that is closest to all points, in squares: what
/// is left of a prompt after sharing then is all that tells points apart.
fn predicted(points: &[Point], point: Point) -> f64 {
    let mean = |value: fn(&Point) -> f64| points.iter().map(value).sum::<f64>() / points.len() as f64;
    let (tokens, time) = (mean(|point| point.per_sample()), mean(|point| point.milliseconds));
    let (mut together, mut squares) = (0.0, 0.0);
    for point in points {
        let distance = point.per_sample() - tokens;
        together += distance * (point.milliseconds - time);
        squares += distance * distance;
    }
    time + together / squares * (point.per_sample() - tokens)
}

/// Milliseconds per sample, measured and predicted: a row per number of examples, a column per number of samples.
pub(super) fn table(points: &[Point]) -> String {
    let mut table = String::from("| few-shot examples |");
    for samples in SAMPLES {
        let _ = write!(table, " {samples} per problem |");
    }
    table.push_str("\n| ---: |");
    table.push_str(&" ---: |".repeat(SAMPLES.len()));
    for row in points.chunks(SAMPLES.len()) {
        let _ = write!(table, "\n| {} |", row[0].shots);
        for &point in row {
            let (found, foretold) = (point.milliseconds, predicted(points, point));
            let _ = write!(table, " {found:.1} ms ({foretold:.1}) |");
        }
    }
    table
}

/// The same as a chart.
pub(super) fn draw(points: &[Point]) -> String {
    let x = Axis::around(&SAMPLES.map(f64::from), (LEFT, RIGHT));
    let foretold = points.iter().map(|&point| predicted(points, point));
    let heights: Vec<f64> = foretold
        .chain(points.iter().map(|point| point.milliseconds))
        .collect();
    let y = Axis::around(&heights, (BOTTOM, TOP));
    let mut svg = Svg::new(&format!("Milliseconds per sample of {NEW_TOKENS} tokens"));
    svg.plane(&x, &y, "samples per problem");
    for (series, row) in points.chunks(SAMPLES.len()).enumerate() {
        let at = |point: Point, height: f64| (x.at(f64::from(point.samples)), y.at(height));
        let measured: Vec<_> = row.iter().map(|&point| at(point, point.milliseconds)).collect();
        svg.line(series, &measured, &format!("{} few-shot examples", row[0].shots));
        for &point in row {
            let (x, y) = at(point, predicted(points, point));
            svg.add(format!(
                r#"<g class="s{series}"><path class="line" style="stroke-dasharray: none" d="M{} {y}h14"/></g>"#,
                x - 7.0
            ));
        }
    }
    svg.text(
        "soft",
        (LEFT + 350.0, 66.0),
        "start",
        "bars: by a line in unshared tokens",
    );
    svg.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points() -> Vec<Point> {
        let of = |shots: u32| SAMPLES.map(|samples| (shots, samples));
        let all = SHOTS.into_iter().flat_map(of).map(|(shots, samples)| Point {
            shots,
            samples,
            milliseconds: 0.0,
        });
        // Where the prediction is exact: 30 ms to decode, half a millisecond per prompt token.
        all.map(|point| Point {
            milliseconds: 30.0 + 0.5 * point.per_sample(),
            ..point
        })
        .collect()
    }

    #[test]
    fn whole_chunks_of_the_examples_are_shared_by_all_problems() {
        let point = |shots, samples| Point {
            shots,
            samples,
            milliseconds: 0.0,
        };
        assert_eq!(point(0, 1).prompt_tokens(), (51.0, 0.0));
        assert_eq!(point(4, 8).prompt_tokens(), (103.0, 128.0));
        assert_eq!(point(4, 8).per_sample(), 103.0 / 8.0 + 1.0);
    }

    #[test]
    fn the_line_predicts_every_point_where_prompt_tokens_decide() {
        let points = points();
        for &point in &points {
            assert!(
                (predicted(&points, point) - point.milliseconds).abs() < 1e-9,
                "{point:?}"
            );
        }
        assert_eq!(table(&points).lines().count(), 5);
        let svg = draw(&points);
        assert_eq!(svg.matches("class=\"mark\"").count(), points.len());
        assert!(!svg.contains("NaN"), "{svg}");
    }
}
