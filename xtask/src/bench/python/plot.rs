//! The ladder as a chart: tests per second over the CPU time that a test needs, both axes in powers of ten.

use std::fmt::Write as _;

use super::ladder::{self, Rung};

/// Colours and strokes of the reports' charts, for light and dark pages.
const CSS: &str = include_str!("../../../../core/report/templates/chart.css");

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 426.0;
const LEFT: f64 = 66.0;
const RIGHT: f64 = 700.0;
const TOP: f64 = 92.0;
const BOTTOM: f64 = 376.0;

/// A logarithmic axis between two pixels.
struct Axis {
    low: f64,
    high: f64,
    pixels: (f64, f64),
}

impl Axis {
    /// Around all values, with a little room at both ends.
    fn around(values: &[f64], pixels: (f64, f64)) -> Self {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        Self {
            low: low / 1.25,
            high: high * 1.25,
            pixels,
        }
    }

    /// The pixel of a value, to a tenth.
    fn at(&self, value: f64) -> f64 {
        let share = (value / self.low).ln() / (self.high / self.low).ln();
        let (start, end) = self.pixels;
        ((start + share * (end - start)) * 10.0).round() / 10.0
    }

    /// 1, 2 and 5 times powers of ten between the ends.
    fn marks(&self) -> Vec<f64> {
        (-4..8)
            .flat_map(|power| [1.0, 2.0, 5.0].map(|factor| factor * 10_f64.powi(power)))
            .filter(|mark| (self.low..=self.high).contains(mark))
            .collect()
    }
}

/// Draws tests per second on `cores` cores; `names` are the sides as in [`ladder::SIDES`].
pub(crate) fn draw(rungs: &[Rung], names: &[String], cores: usize) -> String {
    let natives: Vec<_> = rungs.iter().map(|rung| rung.native).collect();
    let throughput = |milliseconds: f64| cores as f64 * 1e3 / milliseconds;
    let series: Vec<Vec<(f64, f64)>> = (0..ladder::SIDES.len())
        .map(|side| {
            rungs
                .iter()
                .filter_map(|rung| Some((rung.native, throughput(rung.milliseconds[side]?))))
                .collect()
        })
        .collect();
    let speeds: Vec<_> = series.iter().flatten().map(|point| point.1).collect();
    let x = Axis::around(&natives, (LEFT, RIGHT));
    let y = Axis::around(&speeds, (BOTTOM, TOP));

    let title = format!("Isolated tests per second on {cores} cores");
    let mut svg = Svg::new(&title);
    for mark in y.marks() {
        let at = y.at(mark);
        svg.add(format!(r#"<path class="grid" d="M{LEFT} {at}H{RIGHT}"/>"#));
        svg.text("soft", (LEFT - 6.0, at + 4.0), "end", &format!("{mark}"));
    }
    for mark in x.marks() {
        let at = x.at(mark);
        svg.add(format!(r#"<path class="base" d="M{at} {BOTTOM}v4"/>"#));
        svg.text("soft", (at, BOTTOM + 18.0), "middle", &format!("{mark}"));
    }
    svg.add(format!(r#"<path class="base" d="M{LEFT} {BOTTOM}H{RIGHT}"/>"#));
    let below = "CPU time of the test in plain CPython, without isolation (ms)";
    svg.text("soft", ((LEFT + RIGHT) / 2.0, BOTTOM + 40.0), "middle", below);
    for (side, points) in series.iter().enumerate() {
        if !points.is_empty() {
            let points: Vec<_> = points.iter().map(|(px, py)| (x.at(*px), y.at(*py))).collect();
            svg.line(side, &points, &names[side]);
        }
    }
    if let Some(native) = ladder::crossing(rungs, 1, 1.0) {
        let at = x.at(native);
        svg.add(format!(
            r#"<path class="base" stroke-dasharray="2 3" d="M{at} {TOP}V{BOTTOM}"/>"#
        ));
        let label = format!("break-even with a fork server: {native:.2} ms");
        // On the side that has room for it.
        let (from, anchor) = if at > (LEFT + RIGHT) / 2.0 {
            (at - 8.0, "end")
        } else {
            (at + 8.0, "start")
        };
        svg.text("name", (from, TOP + 14.0), anchor, &label);
    }
    svg.finish()
}

/// The file while it is written.
struct Svg(String);

impl Svg {
    fn new(title: &str) -> Self {
        let mut svg = Self(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
             viewBox=\"0 0 {WIDTH} {HEIGHT}\">\n<title>{title}</title>\n<style>{CSS}</style>\n\
             <rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n"
        ));
        svg.text("heading", (8.0, 20.0), "start", title);
        svg
    }

    fn add(&mut self, element: String) {
        self.0 += &element;
        self.0.push('\n');
    }

    fn text(&mut self, class: &str, (x, y): (f64, f64), anchor: &str, text: &str) {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        self.add(format!(
            r#"<text class="{class}" x="{x}" y="{y}" text-anchor="{anchor}">{text}</text>"#
        ));
    }

    /// A line with its marks, and its entry in the legend: two in a row.
    fn line(&mut self, style: usize, points: &[(f64, f64)], name: &str) {
        let (column, row) = (style % 2, style / 2);
        let (left, middle) = (LEFT + 320.0 * column as f64, 42.0 + 20.0 * row as f64);
        self.add(format!(
            r#"<g class="s{style}"><path class="line" d="M{left} {middle}h24"/></g>"#
        ));
        self.text("", (left + 30.0, middle + 4.0), "start", name);
        let mut path = String::new();
        let mut marks = String::new();
        for (number, (x, y)) in points.iter().enumerate() {
            let step = if number == 0 { 'M' } else { 'L' };
            // Writing to a string can't fail.
            let _ = write!(path, "{step}{x} {y}");
            let _ = write!(marks, r#"<circle class="mark" cx="{x}" cy="{y}" r="3.5"/>"#);
        }
        self.add(format!(
            r#"<g class="s{style}"><path class="line" d="{path}"/>{marks}</g>"#
        ));
    }

    fn finish(mut self) -> String {
        self.0 += "</svg>\n";
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_lie_where_logarithms_put_them() {
        let axis = Axis {
            low: 0.1,
            high: 10.0,
            pixels: (0.0, 100.0),
        };
        assert_eq!(axis.marks(), [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0]);
        assert_eq!((axis.at(0.1), axis.at(1.0), axis.at(10.0)), (0.0, 50.0, 100.0));
    }

    #[test]
    fn the_chart_has_a_line_per_side_and_the_break_even_point() {
        let rung = |native: f64, sandbox: f64, fork: f64| Rung {
            native,
            milliseconds: [Some(sandbox), Some(fork), None, Some(fork * 2.0)],
        };
        let names = ["ours", "a & b", "absent", "c"].map(str::to_owned);
        let svg = draw(&[rung(0.1, 0.5, 1.5), rung(10.0, 25.0, 12.0)], &names, 2);
        assert_eq!(svg.matches("class=\"mark\"").count(), 6);
        assert!(svg.contains("a &amp; b") && svg.contains("break-even"), "{svg}");
        assert!(!svg.contains("absent") && !svg.contains("NaN"), "{svg}");
    }
}
