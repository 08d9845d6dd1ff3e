//! Isolated runs of one program per second: `latency CACHE [RUNS [PROGRAM [STDIN]]]`, by default `print(int(input()) + 1)`.
//! Prints how it ended, runs per second, and percentiles of compile and run.
#![expect(clippy::print_stdout, reason = "a program for people")]

use std::path::Path;
use std::time::{Duration, Instant};

use restem_python::{Input, Interpreter, Program, RunLimits};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let cache = arguments
        .next()
        .ok_or("usage: latency CACHE [RUNS [PROGRAM [STDIN]]]")?;
    let runs: usize = arguments.next().map_or(Ok(1000), |runs| runs.parse())?;
    let source = match arguments.next() {
        Some(path) => std::fs::read_to_string(path)?,
        None => "print(int(input()) + 1)".to_owned(),
    };
    let stdin = match arguments.next() {
        Some(path) => std::fs::read_to_string(path)?,
        None => "41\n".to_owned(),
    };
    let limits = RunLimits::default().with_fuel(1 << 40);

    let start = Instant::now();
    let interpreter = Interpreter::open(Path::new(&cache))?;
    println!("open     {:>9.1} us", micros(start.elapsed()));
    println!("{:?}", interpreter.identity());

    let compile =
        || Program::compile(&interpreter, &source, &limits).map_err(|failed| format!("{failed:#?}"));
    let program = compile()?;
    println!("{:#?}", program.run(Input::Stdin(&stdin), &limits));
    let compiles = (0..runs.min(200)).map(|_| time(&compile)).collect();
    print_row("compile", compiles);
    let run = || program.run(Input::Stdin(&stdin), &limits);
    print_row("run", (0..runs).map(|_| time(&run)).collect());
    Ok(())
}

fn time<T>(work: &impl Fn() -> T) -> Duration {
    let start = Instant::now();
    let result = work();
    let elapsed = start.elapsed();
    drop(result);
    elapsed
}

fn micros(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1e6
}

fn print_row(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let total: Duration = times.iter().sum();
    let at = |share: f64| micros(times[((times.len() - 1) as f64 * share) as usize]);
    println!(
        "{name:<8} {:>9.1} us mean, p50 {:.1}, p99 {:.1}; {:.0} per second",
        micros(total) / times.len() as f64,
        at(0.5),
        at(0.99),
        times.len() as f64 / total.as_secs_f64(),
    );
}
