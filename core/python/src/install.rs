//! Installation: get the interpreter, capture it alive, compile the snapshot, keep it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};
use wasmtime::{Engine, Module};

use crate::cache::{self, CODE, RECORD, Record, UNFINISHED};
use crate::entries::disk_bytes;
use crate::function_cache::FunctionCache;
use crate::guest::Library;
use crate::source::{LIBRARY, MODULE, hex};
use crate::{PythonError, Source, engine, rewrite, snapshot};

/// Environment variable that keeps the compiled functions (0.5 GB) in the cache, so that a changed harness installs in a
/// fifth of the time. For those who work on the harness.
pub const KEEP_FUNCTIONS_VARIABLE: &str = "RESTEM_PYTHON_KEEP_FUNCTIONS";

/// How often progress is told while a step lasts.
const TELL: Duration = Duration::from_millis(250);

/// A part of the installation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Another process installs or removes: wait for it.
    Wait,
    /// Download and unpack.
    Fetch,
    /// Compare digests.
    Check,
    /// Compile the interpreter as it came. The longest part.
    CompileInterpreter,
    /// Start it, import modules, capture it.
    Snapshot,
    /// Compile the snapshot, mostly of what the first compilation left.
    CompileSnapshot,
    /// Write the result.
    Write,
}

/// Where the installation stands. Told at the beginning of each step and every quarter of a second within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The step that is going on.
    pub step: Step,
    /// Time since the installation began.
    pub elapsed: Duration,
}

/// An installation that is there now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Installed {
    /// Its directory within the cache.
    pub path: PathBuf,
    /// Whether it was there before, so that nothing was done.
    pub already: bool,
    /// Time taken.
    pub elapsed: Duration,
    /// Most memory that this process ever had, in bytes, where the system tells.
    pub peak_memory: Option<u64>,
    /// Bytes on disk.
    pub disk_bytes: u64,
}

/// Installs the interpreter in `cache`, unless it is there: 1 to 3 minutes, 2 GB of memory, 0.5 GB of disk.
///
/// Safe to call from several processes at once: one installs, the others wait for it. What a killed one leaves behind is
/// removed by the next.
///
/// # Errors
/// When the files can't be had or are others than expected, when the cache is not this user's alone or can't be written,
/// or when the interpreter can't be started or compiled.
pub fn install(
    cache: &Path,
    source: Source,
    progress: &mut dyn FnMut(Progress),
) -> Result<Installed, PythonError> {
    let start = Instant::now();
    cache::own(cache)?;
    let _lock = cache::lock(cache, &mut || {
        progress(Progress {
            step: Step::Wait,
            elapsed: start.elapsed(),
        });
    })?;
    let plain = engine::for_compiling(None)?;
    let path = cache::entry_path(cache, &plain);
    let already = cache::record(&path).is_some();
    if !already {
        let mut installation = Installation {
            cache,
            start,
            progress,
        };
        installation.run(&source, &plain, &path)?;
    }
    Ok(Installed {
        disk_bytes: disk_bytes(&path),
        path,
        already,
        elapsed: start.elapsed(),
        peak_memory: peak_memory(),
    })
}

struct Installation<'a> {
    cache: &'a Path,
    start: Instant,
    progress: &'a mut dyn FnMut(Progress),
}

impl Installation<'_> {
    fn run(&mut self, source: &Source, plain: &Engine, path: &Path) -> Result<(), PythonError> {
        self.remove_leftovers(path);
        let cache = self.cache;
        let unwritable =
            |error: std::io::Error| PythonError::cache(cache, format!("can't be written: {error}"));
        let scratch = tempfile::Builder::new()
            .prefix(UNFINISHED)
            .tempdir_in(self.cache)
            .map_err(unwritable)?;
        let functions_path = cache::functions_path(self.cache, plain);
        let functions = Arc::new(FunctionCache::open(&functions_path).map_err(unwritable)?);
        let engine = engine::for_compiling(Some(functions))?;

        let files = self.step(Step::Fetch, || source.directory(scratch.path()))?;
        let (module, library) =
            self.step(Step::Check, || Ok((MODULE.find(&files)?, LIBRARY.find(&files)?)))?;
        let exported = rewrite::with_exports(&fs::read(module).map_err(unwritable)?)?;
        let compiled = self.step(Step::CompileInterpreter, || {
            Module::new(&engine, &exported).map_err(engine_error)
        })?;

        let entry = scratch.path().join("entry");
        fs::create_dir(&entry).map_err(unwritable)?;
        fs::copy(library, entry.join(LIBRARY.name)).map_err(unwritable)?;
        let library = open_library(&entry)?;
        let taken = self.step(Step::Snapshot, || {
            snapshot::take(&engine, &compiled, &exported, library)
        })?;
        drop((compiled, exported));

        let code = self.step(Step::CompileSnapshot, || {
            engine.precompile_module(&taken.module).map_err(engine_error)
        })?;
        self.tell(Step::Write);
        let record = Record {
            snapshot_sha256: hex(&Sha256::digest(&taken.module)),
            python: taken.python,
            entry: taken.entry,
            code_bytes: code.len() as u64,
        };
        let record = serde_json::to_vec_pretty(&record).map_err(|error| unwritable(error.into()))?;
        fs::write(entry.join(CODE), code).map_err(unwritable)?;
        fs::write(entry.join(RECORD), record).map_err(unwritable)?;
        fs::rename(&entry, path).map_err(unwritable)?;
        if std::env::var_os(KEEP_FUNCTIONS_VARIABLE).is_none() {
            fs::remove_file(functions_path).map_err(unwritable)?;
        }
        Ok(())
    }

    /// Removes what killed installations left, and a damaged entry. What can't be removed shows up when it is in the way.
    fn remove_leftovers(&self, path: &Path) {
        let entries = fs::read_dir(self.cache).into_iter().flatten().flatten();
        for entry in entries {
            if entry.file_name().to_string_lossy().starts_with(UNFINISHED) {
                let _in_the_way_later = fs::remove_dir_all(entry.path());
            }
        }
        let _in_the_way_later = fs::remove_dir_all(path);
    }

    fn tell(&mut self, step: Step) {
        (self.progress)(Progress {
            step,
            elapsed: self.start.elapsed(),
        });
    }

    /// Does `work` in another thread, and tells of it in this one.
    fn step<T: Send>(
        &mut self,
        step: Step,
        work: impl FnOnce() -> Result<T, PythonError> + Send,
    ) -> Result<T, PythonError> {
        self.tell(step);
        std::thread::scope(|scope| {
            let (sender, receiver) = channel();
            scope.spawn(move || sender.send(work()));
            loop {
                match receiver.recv_timeout(TELL) {
                    Ok(result) => return result,
                    Err(RecvTimeoutError::Timeout) => self.tell(step),
                    Err(RecvTimeoutError::Disconnected) => {
                        return Err(PythonError::Engine {
                            what: format!("the step {step:?} panicked"),
                        });
                    }
                }
            }
        })
    }
}

/// Opens the library of an entry.
pub(crate) fn open_library(entry: &Path) -> Result<Library, PythonError> {
    let path = entry.join(LIBRARY.name);
    let open = || {
        let file = File::open(&path)?;
        let size = file.metadata()?.len();
        Ok(Library {
            file: Arc::new(file),
            size,
        })
    };
    open().map_err(|error: std::io::Error| PythonError::cache(&path, format!("can't be read: {error}")))
}

fn engine_error(error: wasmtime::Error) -> PythonError {
    PythonError::Engine {
        what: format!("{error:#}"),
    }
}

fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_installations_at_once_the_second_waits_and_finds_the_firsts() {
        let temp = tempfile::tempdir().unwrap();
        let cache = temp.path().join("cache");
        cache::own(&cache).unwrap();
        let path = cache::entry_path(&cache, &engine::for_compiling(None).unwrap());
        let first = cache::lock(&cache, &mut || {}).unwrap();
        std::thread::scope(|scope| {
            let (sender, receiver) = channel();
            let cache = &cache;
            let second = scope.spawn(move || {
                // There is nothing to install from: what it returns can only be the first's.
                let source = Source::Directory("absent".into());
                install(cache, source, &mut |progress| sender.send(progress.step).unwrap())
            });
            assert_eq!(receiver.recv().unwrap(), Step::Wait);
            cache::stand_in_entry(&path);
            drop(first);
            let installed = second.join().unwrap().unwrap();
            assert!(installed.already && installed.path == path, "{installed:?}");
            assert_eq!(receiver.try_iter().count(), 0, "no further step");
        });
    }

    #[test]
    fn an_installation_that_fails_leaves_nothing_behind() {
        let temp = tempfile::tempdir().unwrap();
        let cache = temp.path().join("cache");
        cache::own(&cache).unwrap();
        fs::create_dir(cache.join("unfinished-of-a-killed-one")).unwrap();
        let error = install(&cache, Source::Directory("absent".into()), &mut |_| {}).unwrap_err();
        assert!(error.to_string().contains("`absent/python.wasm`"), "{error}");
        let left: Vec<_> = crate::entries(&cache)
            .unwrap()
            .into_iter()
            .map(|entry| entry.kind)
            .collect();
        assert_eq!(left, [crate::EntryKind::Functions], "an empty file, for the next");
    }
}
