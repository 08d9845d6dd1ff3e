//! What a worker gives up before it maps a plugin's code: a second wall, behind WebAssembly's.
//!
//! Each measure is taken where the kernel has it. None is needed for a plugin to be contained, so a kernel without one is
//! no error.

/// Gives up files, core dumps and new privileges. Threads that start later inherit it.
pub(crate) fn before_threads() {
    #[cfg(target_os = "linux")]
    linux::before_threads();
}

/// Gives up memory beyond what an honest plugin takes to compile.
pub(crate) fn before_compiling() {
    #[cfg(target_os = "linux")]
    linux::before_compiling();
}

/// Gives up the system calls that reach other processes, programs and networks, in all threads.
pub(crate) fn after_threads() {
    #[cfg(target_os = "linux")]
    linux::after_threads();
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;

    use landlock::{ABI, Access, AccessFs, AccessNet, Ruleset, RulesetAttr};
    use rustix::process::{Resource, Rlimit, setrlimit};
    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter};

    /// Open files: pipes, the engine's own, and room for memory images.
    const FILES: u64 = 64;

    /// Writable memory of a process that compiles: twice what CPython takes.
    const COMPILER_BYTES: u64 = 4 << 30;

    /// What no worker needs once its clock runs.
    const FORBIDDEN: &[i64] = &[
        libc::SYS_accept,
        libc::SYS_accept4,
        libc::SYS_bind,
        libc::SYS_bpf,
        libc::SYS_clone,
        libc::SYS_clone3,
        libc::SYS_connect,
        libc::SYS_execve,
        libc::SYS_execveat,
        libc::SYS_io_uring_setup,
        libc::SYS_kill,
        libc::SYS_listen,
        libc::SYS_mount,
        libc::SYS_openat,
        libc::SYS_openat2,
        libc::SYS_perf_event_open,
        libc::SYS_pidfd_open,
        libc::SYS_process_vm_readv,
        libc::SYS_process_vm_writev,
        libc::SYS_ptrace,
        libc::SYS_sendmmsg,
        libc::SYS_sendmsg,
        libc::SYS_sendto,
        libc::SYS_setns,
        libc::SYS_socket,
        libc::SYS_socketpair,
        libc::SYS_tkill,
        libc::SYS_unlinkat,
        libc::SYS_unshare,
        libc::SYS_userfaultfd,
    ];

    /// Older spellings, which newer machines do not have.
    #[cfg(target_arch = "x86_64")]
    const FORBIDDEN_TOO: &[i64] = &[
        libc::SYS_creat,
        libc::SYS_fork,
        libc::SYS_open,
        libc::SYS_unlink,
        libc::SYS_vfork,
    ];
    #[cfg(not(target_arch = "x86_64"))]
    const FORBIDDEN_TOO: &[i64] = &[];

    pub(super) fn before_threads() {
        let _ = rustix::thread::set_no_new_privs(true);
        let none = Rlimit {
            current: Some(0),
            maximum: Some(0),
        };
        let _ = setrlimit(Resource::Core, none);
        let files = Rlimit {
            current: Some(FILES),
            maximum: Some(FILES),
        };
        let _ = setrlimit(Resource::Nofile, files);
        let _ = no_files();
    }

    pub(super) fn before_compiling() {
        let memory = Rlimit {
            current: Some(COMPILER_BYTES),
            maximum: Some(COMPILER_BYTES),
        };
        let _ = setrlimit(Resource::Data, memory);
    }

    pub(super) fn after_threads() {
        if let Some(program) = filter() {
            let _ = seccompiler::apply_filter_all_threads(&program);
        }
    }

    /// A Landlock ruleset without a single rule: what it handles is denied. Older kernels handle less.
    fn no_files() -> Result<(), landlock::RulesetError> {
        let abi = ABI::V4;
        Ruleset::default()
            .handle_access(AccessFs::from_all(abi))?
            .handle_access(AccessNet::from_all(abi))?
            .create()?
            .restrict_self()?;
        Ok(())
    }

    fn filter() -> Option<BpfProgram> {
        let rules: BTreeMap<_, _> = FORBIDDEN
            .iter()
            .chain(FORBIDDEN_TOO)
            .map(|&call| (call, Vec::new()))
            .collect();
        let arch = std::env::consts::ARCH.try_into().ok()?;
        let denied = SeccompAction::Errno(libc::EPERM as u32);
        SeccompFilter::new(rules, SeccompAction::Allow, denied, arch)
            .ok()?
            .try_into()
            .ok()
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs::File;
    use std::io::ErrorKind;
    use std::net::{TcpStream, UdpSocket};
    use std::process::Command;

    /// Set in the process that shuts itself in.
    const INSIDE: &str = "RESTEM_TEST_INSIDE_SANDBOX";

    fn denied<T>(what: &str, outcome: std::io::Result<T>) {
        match outcome {
            Err(error) => assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{what}: {error}"),
            Ok(_) => panic!("{what} was not refused"),
        }
    }

    /// What is given up can't be had back, so a test starts itself in a process of its own. True in the outer one.
    fn outside(test: &str) -> bool {
        if std::env::var_os(INSIDE).is_some() {
            return false;
        }
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", &format!("sandbox::tests::{test}")])
            .env(INSIDE, "1")
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        // A name that no test has would be a success as well.
        assert!(output.status.success() && text.contains("1 passed"), "{text}");
        true
    }

    #[test]
    fn a_worker_opens_no_file_no_socket_and_no_program() {
        if outside("a_worker_opens_no_file_no_socket_and_no_program") {
            return;
        }
        let file = std::env::current_exe().unwrap();
        super::before_threads();
        super::after_threads();
        denied("reading a file", File::open(&file));
        denied("writing a file", File::create(file.with_extension("new")));
        denied("a TCP connection", TcpStream::connect("127.0.0.1:9"));
        denied("a UDP socket", UdpSocket::bind("127.0.0.1:0"));
        denied("a program", Command::new(&file).status());
        // Signal 0 only asks whether the process is there.
        let signal = rustix::process::test_kill_process(rustix::process::Pid::INIT);
        denied("a signal", signal.map_err(std::io::Error::from));
    }

    /// Landlock alone, as on a kernel without seccomp filters.
    #[test]
    fn a_worker_opens_no_file_by_landlock_alone() {
        if outside("a_worker_opens_no_file_by_landlock_alone") {
            return;
        }
        let file = std::env::current_exe().unwrap();
        super::before_threads();
        denied("reading a file", File::open(&file));
        denied("a TCP connection", TcpStream::connect("127.0.0.1:9"));
    }
}
