//! Charts with two logarithmic axes, drawn as the reports' charts are.

use std::fmt::Write as _;

/// Colours and strokes of the reports' charts, for light and dark pages.
const CSS: &str = include_str!("../../../core/report/templates/chart.css");

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 426.0;
/// The left end of the plane, in pixels.
pub(super) const LEFT: f64 = 66.0;
/// Its right end.
pub(super) const RIGHT: f64 = 700.0;
/// Its upper end, below the legend.
pub(super) const TOP: f64 = 92.0;
/// Its lower end.
pub(super) const BOTTOM: f64 = 376.0;

/// A logarithmic axis between two pixels.
pub(super) struct Axis {
    low: f64,
    high: f64,
    pixels: (f64, f64),
}

impl Axis {
    /// Around all values, with a little room at both ends.
    pub(super) fn around(values: &[f64], pixels: (f64, f64)) -> Self {
        let low = values.iter().copied().fold(f64::INFINITY, f64::min);
        let high = values.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
        Self {
            low: low / 1.25,
            high: high * 1.25,
            pixels,
        }
    }

    /// The pixel of a value, to a tenth.
    pub(super) fn at(&self, value: f64) -> f64 {
        let share = (value / self.low).ln() / (self.high / self.low).ln();
        let (start, end) = self.pixels;
        ((start + share * (end - start)) * 10.0).round() / 10.0
    }

    /// 1, 2 and 5 times powers of ten between the ends.
    pub(super) fn marks(&self) -> Vec<f64> {
        (-4..8)
            .flat_map(|power| [1.0, 2.0, 5.0].map(|factor| factor * 10_f64.powi(power)))
            .filter(|mark| (self.low..=self.high).contains(mark))
            .collect()
    }
}

/// The file while it is written.
pub(super) struct Svg(String);

impl Svg {
    /// With its title.
    pub(super) fn new(title: &str) -> Self {
        let mut svg = Self(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"chart\" role=\"img\" width=\"{WIDTH}\" height=\"{HEIGHT}\" \
             viewBox=\"0 0 {WIDTH} {HEIGHT}\">\n<title>{title}</title>\n<style>{CSS}</style>\n\
             <rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n"
        ));
        svg.text("heading", (8.0, 20.0), "start", title);
        svg
    }

    /// Adds an element.
    pub(super) fn add(&mut self, element: String) {
        self.0 += &element;
        self.0.push('\n');
    }

    /// Adds text.
    pub(super) fn text(&mut self, class: &str, (x, y): (f64, f64), anchor: &str, text: &str) {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        self.add(format!(
            r#"<text class="{class}" x="{x}" y="{y}" text-anchor="{anchor}">{text}</text>"#
        ));
    }

    /// Adds both axes with their marks, and what the horizontal one means.
    pub(super) fn plane(&mut self, x: &Axis, y: &Axis, below: &str) {
        for mark in y.marks() {
            let at = y.at(mark);
            self.add(format!(r#"<path class="grid" d="M{LEFT} {at}H{RIGHT}"/>"#));
            self.text("soft", (LEFT - 6.0, at + 4.0), "end", &format!("{mark}"));
        }
        for mark in x.marks() {
            let at = x.at(mark);
            self.add(format!(r#"<path class="base" d="M{at} {BOTTOM}v4"/>"#));
            self.text("soft", (at, BOTTOM + 18.0), "middle", &format!("{mark}"));
        }
        self.add(format!(r#"<path class="base" d="M{LEFT} {BOTTOM}H{RIGHT}"/>"#));
        self.text("soft", ((LEFT + RIGHT) / 2.0, BOTTOM + 40.0), "middle", below);
    }

    /// A line with its marks, and its entry in the legend: two in a row.
    pub(super) fn line(&mut self, style: usize, points: &[(f64, f64)], name: &str) {
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

    /// The file's text.
    pub(super) fn finish(mut self) -> String {
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
}
