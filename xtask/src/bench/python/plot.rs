//! The ladder as a chart: tests per second over the CPU time that a test needs, both axes in powers of ten.

use super::ladder::{self, Rung};
use crate::bench::chart::{Axis, BOTTOM, LEFT, RIGHT, Svg, TOP};

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
    let below = "CPU time of the test in plain CPython, without isolation (ms)";
    svg.plane(&x, &y, below);
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

#[cfg(test)]
mod tests {
    use super::*;

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
