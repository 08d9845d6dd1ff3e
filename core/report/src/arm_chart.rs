//! A chart of arms: a dot per arm with the whiskers of its 95% interval.

use restem_em::Estimate;
use serde::Serialize;

use crate::axis::{Axis, Labels, Tick};
use crate::{ReportError, interval, percent, templates};

const WIDTH: f64 = 640.0;
const TOP: f64 = 38.0;
const ROW: f64 = 30.0;
const BELOW: f64 = 44.0;
/// Room for the number at the right of each row.
const NUMBERS: f64 = 164.0;
/// Mean width of a name's letters at its font size.
const LETTER: f64 = 7.2;
/// Longer names are cut.
const NAME: usize = 28;

/// One row of the chart.
pub(crate) struct Arm<'a> {
    pub(crate) name: &'a str,
    pub(crate) best: bool,
    pub(crate) estimate: Estimate,
}

#[derive(Serialize)]
struct Context<'a> {
    title: &'a str,
    css: Option<&'static str>,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    height: f64,
    x_label: &'a str,
    ticks: Vec<Tick>,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    name: String,
    best: bool,
    y: f64,
    value: f64,
    low: f64,
    high: f64,
    percent: String,
    interval: String,
}

/// Draws arms as SVG; `None` without any.
///
/// With `css` the file carries its own style; a page that has the style already needs none.
pub(crate) fn draw(
    title: &str,
    x_label: &str,
    arms: &[Arm<'_>],
    css: Option<&'static str>,
) -> Result<Option<String>, ReportError> {
    if arms.is_empty() {
        return Ok(None);
    }
    let names: Vec<String> = arms.iter().map(|arm| shortened(arm.name)).collect();
    let letters = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let (left, right) = (22.0 + LETTER * letters as f64, WIDTH - NUMBERS);
    let high = arms.iter().map(|arm| arm.estimate.high).fold(0.01, f64::max);
    let axis = Axis::around(0.0, high, 5, Labels::Percent, (left, right));
    let rows = arms.iter().zip(names).enumerate().map(|(i, (arm, name))| Row {
        name,
        best: arm.best,
        y: TOP + ROW * (i as f64 + 0.5),
        value: axis.at(arm.estimate.value),
        low: axis.at(arm.estimate.low),
        high: axis.at(arm.estimate.high),
        percent: percent(arm.estimate.value),
        interval: interval(&arm.estimate),
    });
    let bottom = TOP + ROW * arms.len() as f64;
    let context = Context {
        title,
        css,
        left,
        right,
        top: TOP,
        bottom,
        height: bottom + BELOW,
        x_label,
        ticks: axis.ticks(),
        rows: rows.collect(),
    };
    templates::render("arm_chart.svg", context).map(Some)
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    name.chars().take(NAME - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_arm_has_a_dot_whiskers_and_its_numbers() {
        let estimate = Estimate {
            value: 0.315,
            low: 0.255,
            high: 0.382,
        };
        let arms = [
            Arm {
                name: "base <0>",
                best: false,
                estimate,
            },
            Arm {
                name: "iteration-1",
                best: true,
                estimate,
            },
        ];
        let svg = draw("pass@1", "problems solved", &arms, Some(templates::CHART_CSS))
            .unwrap()
            .unwrap();
        let document = roxmltree::Document::parse(&svg).unwrap();
        let texts: Vec<_> = document
            .descendants()
            .filter_map(|node| node.text())
            .map(str::trim)
            .collect();
        for text in ["base <0>", "iteration-1", "31.5%", "25.5–38.2%"] {
            assert!(texts.contains(&text), "{text}: {texts:?}");
        }
        assert_eq!(
            document
                .descendants()
                .filter(|node| node.has_tag_name("circle"))
                .count(),
            2
        );
        assert_eq!(draw("pass@1", "", &[], None).unwrap(), None);
    }

    #[test]
    fn a_long_name_is_cut_at_a_letter() {
        assert_eq!(shortened(&"ä".repeat(40)).chars().count(), NAME);
    }
}
