//! Makes an instance what it was when it began, so that the next run finds a fresh one without paying for it.
//!
//! All that a run can change of an instance is its memory, its globals and the collector's heap (`steady` sees to the table).
//! The memory is put back page by page from a second instance that never runs. Which pages those are is asked of the kernel
//! only after a run that took page faults: without one, no page was written that had not been written before. An instance whose
//! run was stopped, whose memory grew or that threw a WebAssembly exception is not put back but dropped.

use std::ops::Range;

use wasmtime::{Engine, Global, InstancePre, Memory, Store, Val};

use crate::faults::Faults;
use crate::guest::Guest;
use crate::page_map::{PAGE, PageMap};
use crate::resident::KEPT_PAGES;
use crate::{RunLimits, drive, rewrite};

/// What instances are made of again: one that nobody ever enters.
pub(crate) struct Origin {
    store: Store<Guest>,
    memory: Memory,
    faults: Faults,
}

impl Origin {
    /// None where page faults can't be counted, or there is no room for one more instance.
    pub(crate) fn new(engine: &Engine, pre: &InstancePre<Guest>) -> Option<Self> {
        let faults = Faults::open()?;
        let limits = RunLimits::default().with_memory_bytes(u64::MAX);
        let mut store = drive::store(engine, Guest::new(&limits, None), &limits).ok()?;
        let instance = pre.instantiate(&mut store).ok()?;
        let memory = instance.get_memory(&mut store, rewrite::MEMORY)?;
        Some(Self {
            store,
            memory,
            faults,
        })
    }
}

/// What it takes to put one instance back.
pub(crate) struct Trace {
    memory: Memory,
    globals: Vec<(Global, Val)>,
    /// Pages that may differ from the origin's; None while nobody looked.
    written: Option<Vec<Range<usize>>>,
    /// The thread's page faults when the run began.
    faults: u64,
}

impl Trace {
    /// Of an instance that was not entered yet.
    pub(crate) fn new(store: &mut Store<Guest>, memory: Memory, globals: Vec<Global>) -> Self {
        let globals = globals
            .into_iter()
            .map(|global| (global, global.get(&mut *store)));
        Self {
            memory,
            globals: globals.collect(),
            written: None,
            faults: 0,
        }
    }

    /// The instance's memory.
    pub(crate) fn memory(&self) -> Memory {
        self.memory
    }

    /// Address of the first byte that is not as it was in the beginning, or the memory's size if a global isn't.
    #[cfg(test)]
    pub(crate) fn first_difference(&self, store: &mut Store<Guest>, origin: &Origin) -> Option<usize> {
        let (now, then) = (self.memory.data(&*store), origin.memory.data(&origin.store));
        let byte = now.iter().zip(then).position(|(now, then)| now != then);
        let end = now.len();
        let mut globals = self.globals.iter();
        let changed =
            globals.any(|(global, value)| format!("{:?}", global.get(&mut *store)) != format!("{value:?}"));
        byte.or((changed || end != then.len()).then_some(end))
    }

    /// From here on, what this thread writes to the memory is noticed.
    pub(crate) fn begin(&mut self, origin: &Origin) {
        match origin.faults.so_far() {
            Some(faults) => self.faults = faults,
            None => self.written = None,
        }
    }

    /// Puts the instance back, in the thread that entered it; None where that can't be done or isn't worth it.
    pub(crate) fn undo(
        &mut self,
        store: &mut Store<Guest>,
        origin: &Origin,
        page_map: &PageMap,
    ) -> Option<()> {
        if store.gc_heap_capacity() != origin.store.gc_heap_capacity() {
            return None;
        }
        let now = self.memory.data_mut(&mut *store);
        let then = origin.memory.data(&origin.store);
        if now.len() != then.len() {
            return None;
        }
        if self.written.is_none() || origin.faults.so_far() != Some(self.faults) {
            self.written = Some(page_map.written(now)?);
        }
        let written = self.written.as_ref()?;
        if written.iter().map(Range::len).sum::<usize>() > KEPT_PAGES {
            return None;
        }
        for pages in written {
            put_back(now, then, pages.clone());
        }
        for (global, value) in &self.globals {
            global.set(&mut *store, *value).ok()?;
        }
        Some(())
    }
}

fn put_back(now: &mut [u8], then: &[u8], pages: Range<usize>) {
    let bytes = pages.start * PAGE..pages.end * PAGE;
    let pages = now[bytes.clone()]
        .chunks_exact_mut(PAGE)
        .zip(then[bytes].chunks_exact(PAGE));
    for (now, then) in pages {
        // Most were written by other runs than the last.
        if now != then {
            now.copy_from_slice(then);
        }
    }
}

#[cfg(test)]
mod tests {
    use wasmtime::{Instance, Module};

    use super::*;
    use crate::{engine, wasi};

    /// Three things that a run may change, and two ways to be beyond repair.
    const MODULE: &str = r#"(module
        (tag $thrown)
        (memory (export "memory") 8)
        (global (export "count") (mut i32) (i32.const 5))
        (data (i32.const 70000) "as it began")
        (func (export "write") (param $address i32)
            (i32.store8 (local.get $address) (i32.const 255))
            (global.set 0 (i32.add (global.get 0) (i32.const 1))))
        (func (export "grow") (drop (memory.grow (i32.const 1))))
        (func (export "throw") (block $caught (try_table (catch $thrown $caught) (throw $thrown)))))"#;

    struct Bench {
        origin: Origin,
        page_map: PageMap,
        store: Store<Guest>,
        instance: Instance,
        trace: Trace,
    }

    impl Bench {
        /// None on a kernel that can't tell what was written.
        fn new() -> Option<Self> {
            let (engine, page_map) = engine::for_runs().unwrap();
            let page_map = page_map?;
            let module = Module::new(&engine, wat::parse_str(MODULE).unwrap()).unwrap();
            let pre = wasi::linker(&engine).unwrap().instantiate_pre(&module).unwrap();
            let origin = Origin::new(&engine, &pre)?;
            let limits = RunLimits::default();
            let mut store = drive::store(&engine, Guest::new(&limits, None), &limits).unwrap();
            let instance = pre.instantiate(&mut store).unwrap();
            let memory = instance.get_memory(&mut store, rewrite::MEMORY).unwrap();
            let count = instance.get_global(&mut store, "count").unwrap();
            Some(Self {
                origin,
                page_map,
                trace: Trace::new(&mut store, memory, vec![count]),
                store,
                instance,
            })
        }

        fn call(&mut self, name: &str, arguments: &[Val]) {
            let function = self.instance.get_func(&mut self.store, name).unwrap();
            let call = function.call_async(&mut self.store, arguments, &mut []);
            drive::until(call, RunLimits::default().wall_clock)
                .unwrap()
                .unwrap();
        }

        fn write(&mut self, addresses: &[i32]) {
            for address in addresses {
                self.call("write", &[Val::I32(*address)]);
            }
        }

        fn undo(&mut self) -> Option<()> {
            self.trace.undo(&mut self.store, &self.origin, &self.page_map)
        }

        fn is_as_it_began(&mut self) -> bool {
            let count = self.instance.get_global(&mut self.store, "count").unwrap();
            let count = count.get(&mut self.store).unwrap_i32();
            count == 5 && self.trace.memory.data(&self.store) == self.origin.memory.data(&self.origin.store)
        }
    }

    #[test]
    fn what_a_run_changed_is_put_back() {
        let Some(mut bench) = Bench::new() else { return };
        // Pages of the image and beyond, known and new ones, with and without page faults.
        for addresses in [
            &[70_003, 200_000][..],
            &[70_003, 200_000],
            &[],
            &[70_004],
            &[0, 131_072, 400_000],
            &[70_003],
        ] {
            bench.trace.begin(&bench.origin);
            bench.write(addresses);
            assert_eq!(bench.is_as_it_began(), addresses.is_empty());
            bench.undo().unwrap();
            assert!(bench.is_as_it_began(), "{addresses:?}");
        }
    }

    #[test]
    fn the_kernel_is_asked_again_only_after_page_faults() {
        let Some(mut bench) = Bench::new() else { return };
        // Told that nothing may differ, it puts nothing back: unless a page fault of the test's own makes it ask.
        let believed = (0..100).any(|_| {
            bench.trace.written = Some(Vec::new());
            bench.trace.begin(&bench.origin);
            bench.write(&[70_003]);
            bench.undo().unwrap();
            !bench.is_as_it_began()
        });
        assert!(believed);
        // A page of its own that is new makes it ask.
        bench.write(&[300_000]);
        bench.undo().unwrap();
        assert!(bench.is_as_it_began());
    }

    #[test]
    fn a_memory_that_grew_is_not_put_back() {
        let Some(mut bench) = Bench::new() else { return };
        bench.trace.begin(&bench.origin);
        bench.call("grow", &[]);
        assert_eq!(bench.undo(), None);
    }

    #[test]
    fn an_instance_that_threw_is_not_put_back() {
        let Some(mut bench) = Bench::new() else { return };
        bench.trace.begin(&bench.origin);
        bench.call("throw", &[]);
        assert_eq!(bench.undo(), None);
    }

    #[test]
    fn an_instance_that_wrote_too_much_is_not_put_back() {
        let Some(mut bench) = Bench::new() else { return };
        let pages = bench.trace.memory.data(&bench.store).len() / PAGE;
        assert!(pages < KEPT_PAGES);
        bench.trace.begin(&bench.origin);
        bench.trace.written = Some(std::iter::repeat_n(0..pages, KEPT_PAGES / pages + 1).collect());
        assert_eq!(bench.undo(), None);
    }
}

#[cfg(test)]
mod with_python {
    use std::path::Path;

    use super::*;
    use crate::rooms::Purpose;
    use crate::{CACHE_VARIABLE, Execution, Input, Interpreter, Program};

    fn interpreter() -> Interpreter {
        let cache = std::env::var_os(CACHE_VARIABLE)
            .unwrap_or_else(|| panic!("set {CACHE_VARIABLE} to the cache of an installed interpreter"));
        Interpreter::open(cache.as_ref()).unwrap()
    }

    fn execute(interpreter: &Interpreter, source: &str) -> Execution {
        let limits = RunLimits::default().with_fuel(300_000_000);
        match Program::compile(interpreter, source, &limits) {
            Ok(program) => program.run(Input::Stdin("1 2 3\n"), &limits),
            Err(failed) => failed,
        }
    }

    /// The programs that try to get out, to use up, to forge or to leave early.
    fn hacks() -> Vec<(String, String)> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("hacks");
        let mut hacks: Vec<_> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
            .map(|path| (path.display().to_string(), std::fs::read_to_string(path).unwrap()))
            .collect();
        hacks.sort();
        hacks
    }

    #[test]
    #[ignore = "needs the interpreter that `restem python install` makes"]
    fn whatever_ran_in_it_an_instance_that_waits_is_as_it_began() {
        let interpreter = interpreter();
        let Some((origin, _)) = interpreter.origin() else {
            return;
        };
        let mut put_back = 0;
        for (name, source) in hacks() {
            let _ended = execute(&interpreter, &source);
            interpreter.rooms().look(|purpose, live| {
                let differs = live.first_difference(origin);
                assert_eq!(differs, None, "after {name}, to {purpose:?}");
                put_back += usize::from(purpose == Purpose::Run);
            });
        }
        assert!(put_back > 50, "{put_back} were put back");
    }

    #[test]
    #[ignore = "needs the interpreter that `restem python install` makes"]
    fn a_run_ends_alike_in_a_new_instance_and_in_one_that_was_put_back() {
        let used = interpreter();
        for (name, source) in hacks() {
            let new = execute(&interpreter(), &source);
            assert_eq!(execute(&used, &source), new, "{name}");
        }
    }
}
