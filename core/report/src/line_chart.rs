//! A chart of series over steps or iterations.

use serde::Serialize;

use crate::axis::{Axis, Labels, Tick};
use crate::{Curve, Line, Quantity, ReportError, templates};

const WIDTH: f64 = 640.0;
const LEFT: f64 = 58.0;
const RIGHT: f64 = 16.0;
const PLOT_HEIGHT: f64 = 220.0;
const TITLE: f64 = 26.0;
const LEGEND_ROW: f64 = 20.0;
const BELOW: f64 = 44.0;
/// Mean width of a legend's letters at its font size.
const LETTER: f64 = 6.8;
/// More points than this per series are averaged in groups: a screen shows no more.
const POINTS: usize = 400;
/// Up to so many points are marked one by one.
const MARKED: usize = 40;
/// Colours and dashes repeat after so many series.
const STYLES: usize = 6;

#[derive(Serialize)]
struct Context {
    title: String,
    css: Option<&'static str>,
    height: f64,
    top: f64,
    bottom: f64,
    x_label: String,
    y_label: String,
    x_ticks: Vec<Tick>,
    y_ticks: Vec<Tick>,
    lines: Vec<Drawn>,
}

#[derive(Serialize)]
struct Drawn {
    style: usize,
    path: String,
    marks: Vec<(f64, f64)>,
    legend: String,
    legend_at: (f64, f64),
}

/// Draws a curve as SVG; `None` when it has no finite point.
///
/// With `css` the file carries its own style; a page that has the style already needs none.
pub(crate) fn draw(curve: &Curve, css: Option<&'static str>) -> Result<Option<String>, ReportError> {
    let series: Vec<Vec<(f64, f64)>> = curve.lines.iter().map(|line| thinned(&line.points)).collect();
    let finite = || series.iter().flatten().filter(|(_, y)| y.is_finite());
    let range = |of: fn(&(f64, f64)) -> f64| {
        finite()
            .map(of)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| {
                (low.min(v), high.max(v))
            })
    };
    if finite().next().is_none() {
        return Ok(None);
    }
    let legends: Vec<String> = curve.lines.iter().map(legend).collect();
    let places = legend_places(&legends);
    let top = places.last().map_or(TITLE, |(_, y)| y + LEGEND_ROW / 2.0 + 6.0);
    let bottom = top + PLOT_HEIGHT;

    let (x_low, x_high) = range(|point| point.0);
    let x = Axis::around(x_low, x_high, 8, Labels::Whole, (LEFT, WIDTH - RIGHT));
    let (y_low, y_high) = range(|point| point.1);
    let (y, y_label) = match &curve.y {
        Quantity::Share(label) => (
            Axis::around(0.0, y_high, 5, Labels::Percent, (bottom, top)),
            label,
        ),
        Quantity::Number(label) => (
            Axis::around(y_low, y_high, 5, Labels::Plain, (bottom, top)),
            label,
        ),
    };
    let lines =
        series
            .iter()
            .zip(legends)
            .zip(places)
            .enumerate()
            .map(|(i, ((points, legend), legend_at))| {
                let points: Vec<_> = points.iter().map(|(px, py)| (x.at(*px), y.at(*py))).collect();
                Drawn {
                    style: i % STYLES,
                    path: path(&points),
                    marks: if points.len() <= MARKED {
                        points.into_iter().filter(|p| p.1.is_finite()).collect()
                    } else {
                        vec![]
                    },
                    legend,
                    legend_at,
                }
            });
    let context = Context {
        title: curve.title.clone(),
        css,
        height: bottom + BELOW,
        top,
        bottom,
        x_label: curve.x_label.clone(),
        y_label: y_label.clone(),
        lines: lines.collect(),
        x_ticks: x.ticks(),
        y_ticks: y.ticks(),
    };
    templates::render("line_chart.svg", context).map(Some)
}

/// At most [`POINTS`] points, each the mean of its group; a group with a value that is not finite is not finite.
fn thinned(points: &[(u64, f64)]) -> Vec<(f64, f64)> {
    let size = points.len().div_ceil(POINTS).max(1);
    points
        .chunks(size)
        .map(|group| {
            let n = group.len() as f64;
            let (x, y) = group
                .iter()
                .fold((0.0, 0.0), |(x, y), point| (x + point.0 as f64, y + point.1));
            (x / n, y / n)
        })
        .collect()
}

/// The name, and how many values could not be drawn.
fn legend(line: &Line) -> String {
    match line.points.iter().filter(|(_, y)| !y.is_finite()).count() {
        0 => line.name.clone(),
        n => format!("{} ({n} not finite)", line.name),
    }
}

/// Where each legend entry begins: left to right, then on the next row.
fn legend_places(legends: &[String]) -> Vec<(f64, f64)> {
    let (mut x, mut y) = (LEFT, TITLE + LEGEND_ROW / 2.0);
    legends
        .iter()
        .map(|legend| {
            let width = 30.0 + LETTER * legend.chars().count() as f64 + 18.0;
            if x > LEFT && x + width > WIDTH {
                (x, y) = (LEFT, y + LEGEND_ROW);
            }
            let place = (x, y);
            x += width;
            place
        })
        .collect()
}

/// An SVG path that is broken where a value is not finite.
fn path(points: &[(f64, f64)]) -> String {
    let mut path = String::new();
    let mut pen_is_down = false;
    for (x, y) in points {
        if y.is_finite() {
            path += &format!("{}{x} {y}", if pen_is_down { "L" } else { "M" });
        }
        pen_is_down = y.is_finite();
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(points: Vec<(u64, f64)>) -> Curve {
        Curve {
            title: "Loss <&> \"more\"".into(),
            x_label: "step".into(),
            y: Quantity::Number("nats".into()),
            lines: vec![Line {
                name: "a & b".into(),
                points,
            }],
        }
    }

    #[test]
    fn a_chart_is_well_formed_and_names_what_it_shows() {
        let svg = draw(
            &curve((1..=30).map(|i| (i, 1.0 / i as f64)).collect()),
            Some(templates::CHART_CSS),
        )
        .unwrap()
        .unwrap();
        let document = roxmltree::Document::parse(&svg).unwrap();
        let texts: Vec<_> = document
            .descendants()
            .filter_map(|node| node.text())
            .map(str::trim)
            .collect();
        for text in ["Loss <&> \"more\"", "a & b", "step", "nats"] {
            assert!(texts.contains(&text), "{text}: {texts:?}");
        }
        assert_eq!(
            document
                .descendants()
                .filter(|node| node.has_tag_name("circle"))
                .count(),
            30
        );
    }

    #[test]
    fn values_that_are_not_finite_break_the_line_and_are_counted() {
        let svg = draw(&curve(vec![(1, 1.0), (2, f64::NAN), (3, 2.0)]), None)
            .unwrap()
            .unwrap();
        assert!(svg.contains("(1 not finite)") && !svg.contains("NaN"), "{svg}");
        assert_eq!(
            path(&[(1.0, 1.0), (2.0, f64::NAN), (3.0, 2.0), (4.0, 2.5)]),
            "M1 1M3 2L4 2.5"
        );
        assert_eq!(draw(&curve(vec![(1, f64::NAN)]), None).unwrap(), None);
    }

    #[test]
    fn many_points_are_averaged_to_what_a_screen_shows() {
        let points: Vec<_> = (0..10_000).map(|i| (i, 1.0)).collect();
        let thin = thinned(&points);
        assert!(thin.len() <= POINTS && thin.iter().all(|(_, y)| *y == 1.0));
    }
}
