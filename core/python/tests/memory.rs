//! Memory over many runs. A test binary of its own, for it measures the whole process.

mod with_python {
    use std::path::Path;

    use restem_python::{CACHE_VARIABLE, Input, Interpreter, Program, RunLimits};

    const PROGRAMS: [&str; 7] = [
        "print(1)",
        "x = bytearray(50_000_000)\nfor i in range(0, len(x), 4096): x[i] = 1",
        "import os; os._exit(3)",
        "1 / 0",
        "x = []\nwhile True: x.append(bytearray(1 << 20))",
        "import os; os.abort()",
        "while True: print('x' * 1000)",
    ];

    /// Bytes of this process that are in memory.
    fn resident() -> u64 {
        let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
        statm.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 4096
    }

    #[test]
    #[ignore = "needs the interpreter that `restem python install` makes"]
    fn memory_is_flat_over_mixed_runs() {
        let cache = std::env::var_os(CACHE_VARIABLE)
            .unwrap_or_else(|| panic!("set {CACHE_VARIABLE} to the cache of an installed interpreter"));
        let interpreter = Interpreter::open(Path::new(&cache)).unwrap();
        let limits = RunLimits::default()
            .with_fuel(50_000_000)
            .with_memory_bytes(256 << 20);
        let programs = PROGRAMS.map(|source| Program::compile(&interpreter, source, &limits).unwrap());
        let round = || {
            for program in &programs {
                drop(program.run(Input::Stdin(""), &limits));
            }
        };
        (0..20).for_each(|_| round());
        let before = resident();
        (0..200).for_each(|_| round());
        let after = resident();
        assert!(
            after < before + (64 << 20),
            "{before} bytes before, {after} after"
        );
    }
}
