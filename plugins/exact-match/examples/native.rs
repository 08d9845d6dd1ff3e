//! What a task of 32 completions of 1 KB takes natively, in microseconds: the guest's own work for `cargo xtask bench reward`.
//!
//! `cargo run --release -p exact-match --example native`
#![expect(clippy::print_stdout, reason = "an example reports to its user")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use exact_match::ExactMatch;
use restem_sdk::prelude::*;
use restem_sdk::testing;

fn main() {
    let text = "a bird in the hand is worth two in the bush; ".repeat(26);
    let completions: Vec<String> = (0..32).map(|k| format!("{}\n{k}", &text[..1020])).collect();
    let mut times = Vec::new();
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(2) {
        let since = Instant::now();
        let task = Task::new("task/0").with_reference("42");
        let plugin = testing::open::<ExactMatch>("{}").expect("the default configuration");
        let checker = plugin.prepare(&task).expect("a task with a reference");
        for completion in &completions {
            let _ = black_box(checker.score(black_box(completion)));
        }
        times.push(since.elapsed().as_secs_f64() * 1e6);
    }
    times.sort_by(f64::total_cmp);
    println!("{:.1}", times[times.len() / 2]);
}
