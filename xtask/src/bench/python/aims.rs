//! What was aimed at, and what came out.

use super::cpu_bound;
use super::ladder;
use super::results::Results;
use super::side::Side;
use super::statistics;
use super::steadiness;

/// Milliseconds of CPU time up to which a test is short.
const SHORT: f64 = 0.5;

/// One aim.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Aim {
    /// What was aimed at.
    pub(crate) what: String,
    /// What was measured.
    pub(crate) found: String,
    /// Whether that is enough.
    pub(crate) met: bool,
}

/// Every aim whose sides were measured.
pub(crate) fn all(results: &Results) -> Vec<Aim> {
    let once = short(
        results,
        Side::Fork,
        1,
        1.3,
        "a fork server that compiled the program once",
    );
    let each = short(results, Side::ForkEach, 3, 2.5, "one that compiles per test");
    let (plain, system) = cpu_bound::means(&results.slowdowns);
    let slowdown = |name: &str, found: f64, most: f64| Aim {
        what: format!("CPU-bound, with fuel: at most {most}x {name}"),
        found: format!("{found:.2}x (geometric mean)"),
        met: found <= most,
    };
    let mut aims: Vec<_> = once.into_iter().chain(each).collect();
    aims.push(slowdown(&results.plain, plain, 2.8));
    if let (Some(name), Some(found)) = (&results.system, system) {
        aims.push(slowdown(name, found, 3.3));
    }
    let same = steadiness::is_fuel_the_same(&results.steadiness);
    aims.push(Aim {
        what: "fuel identical over repeats, whatever else goes on".to_owned(),
        found: if same { "identical" } else { "different" }.to_owned(),
        met: same,
    });
    aims
}

/// The smallest ratio on short tests: of the groups whose median test is short, and of the ladder's short rungs.
fn short(results: &Results, side: Side, rung: usize, least: f64, name: &str) -> Option<Aim> {
    let mut parts = Vec::new();
    let mut smallest = f64::INFINITY;
    for group in &results.groups {
        let natives: Vec<_> = group.native.values().copied().collect();
        if statistics::median(&natives) < SHORT {
            let ratio = group.ratio(side)?;
            smallest = smallest.min(ratio);
            parts.push(format!("{} {ratio:.2}x", group.name));
        }
    }
    let ratios: Vec<_> = results
        .rungs
        .iter()
        .filter(|one| one.native < SHORT)
        .filter_map(|one| one.ratio(rung))
        .collect();
    if !ratios.is_empty() {
        let (low, high) = (statistics::smallest(&ratios), statistics::largest(&ratios));
        smallest = smallest.min(low);
        parts.push(format!("loops {low:.2}x to {high:.2}x"));
    }
    for (what, factor) in [(format!("{least}x"), least), ("break-even".to_owned(), 1.0)] {
        if let Some(native) = ladder::crossing(&results.rungs, rung, factor) {
            parts.push(format!("{what} at {native:.2} ms"));
        }
    }
    Some(Aim {
        what: format!("tests below {SHORT} ms of native CPU: at least {least}x {name}"),
        found: parts.join(", "),
        met: smallest >= least,
    })
}
