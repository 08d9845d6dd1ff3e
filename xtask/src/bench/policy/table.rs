//! The results as Markdown tables.

use std::fmt::Write as _;

use super::run::{Sampled, THREADS, Trained};

/// Tokens per second of each side, and how many times the others' the first one's are.
pub(super) fn sampling(sides: &[Sampled]) -> String {
    let mut table = format!(
        "| sampling, {THREADS} threads | tokens/s | restem is | peak memory |\n| :--- | ---: | ---: | ---: |\n"
    );
    let slowest_of_ours = sides
        .iter()
        .filter(|side| side.bounds.is_some())
        .map(|side| side.tokens_per_second)
        .fold(f64::INFINITY, f64::min);
    for side in sides {
        let ratio = match side.bounds {
            Some(_) => "–".to_owned(),
            None => format!("{:.1} times as fast", slowest_of_ours / side.tokens_per_second),
        };
        let (name, speed, peak) = (&side.side, side.tokens_per_second, side.peak_mb);
        let _ = writeln!(table, "| {name} | {speed:.0} | {ratio} | {peak:.0} MB |");
    }
    for side in sides {
        let Some(bounds) = &side.bounds else { continue };
        let share = |bound: f64| 100.0 * side.tokens_per_second / bound;
        let _ = write!(
            table,
            "\n{}: {:.0}% of the {:.0} tokens/s that the products of its steps alone would allow; {:.0}% of the roofline of {:.0} tokens/s \
             (large products {:.0} GFLOP/s, memory {:.1} GB/s).",
            side.side,
            share(bounds.products_only),
            bounds.products_only,
            share(bounds.roofline),
            bounds.roofline,
            bounds.operations / 1e9,
            bounds.bytes / 1e9
        );
    }
    table
}

/// Target tokens per second of each side, and how far apart their losses are.
pub(super) fn training(sides: &[Trained]) -> String {
    let mut table = String::from(
        "| training | target tokens/s | restem is | largest difference of a step's loss | peak memory |\n\
         | :--- | ---: | ---: | ---: | ---: |\n",
    );
    let Some(ours) = sides.first() else {
        return table;
    };
    for (index, side) in sides.iter().enumerate() {
        let (ratio, difference) = if index == 0 {
            ("–".to_owned(), "–".to_owned())
        } else {
            let pairs = ours.losses.iter().zip(&side.losses);
            let largest = pairs
                .map(|(ours, theirs)| (ours - theirs).abs())
                .fold(0.0, f64::max);
            let ratio = ours.targets_per_second / side.targets_per_second;
            (format!("{ratio:.1} times as fast"), format!("{largest:.4}"))
        };
        let (name, speed, peak) = (&side.side, side.targets_per_second, side.peak_mb);
        let _ = writeln!(
            table,
            "| {name} | {speed:.0} | {ratio} | {difference} | {peak:.0} MB |"
        );
    }
    let losses: Vec<String> = ours.losses.iter().map(|loss| format!("{loss:.4}")).collect();
    let _ = write!(table, "\nrestem's losses, step by step: {}.", losses.join(", "));
    if let Some(share) = ours.of_roofline {
        let _ = write!(
            table,
            "\nThe products and the memory traffic that its steps can't do without would take {:.0}% of their time on the same roofline.",
            100.0 * share
        );
    }
    table
}
