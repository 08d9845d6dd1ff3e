//! What a worker gives up before it maps a plugin's code: a second wall, behind WebAssembly's.
//!
//! Each measure is taken where the kernel has it. None is needed for a plugin to be contained, so a kernel without one is
//! no error.

use crate::wasi::Directory;

/// Gives up files, but for reading beneath `granted`, core dumps and new privileges. Threads that start later inherit it.
pub(crate) fn before_threads(granted: &[Directory]) {
    #[cfg(target_os = "linux")]
    linux::before_threads(granted);
    #[cfg(not(target_os = "linux"))]
    let _ = granted;
}

/// Gives up memory beyond what an honest plugin takes to compile.
pub(crate) fn before_compiling() {
    #[cfg(target_os = "linux")]
    linux::before_compiling();
}

/// Gives up the system calls that reach other processes, programs and networks, in all threads; and those that open files,
/// unless there are some to be read.
pub(crate) fn after_threads(reads_files: bool) {
    #[cfg(target_os = "linux")]
    linux::after_threads(reads_files);
    #[cfg(not(target_os = "linux"))]
    let _ = reads_files;
}

#[cfg(target_os = "linux")]
mod linux {
    use std::collections::BTreeMap;

    use landlock::{ABI, Access, AccessFs, AccessNet, PathBeneath, Ruleset, RulesetAttr, RulesetCreatedAttr};
    use rustix::process::{Resource, Rlimit, setrlimit};
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
        SeccompRule,
    };

    use crate::wasi::Directory;

    /// Open files: pipes, the engine's own, and room for memory images.
    const FILES: u64 = 64;

    /// What opens files beneath a directory; a worker needs it where one was granted.
    const OPENING: &[i64] = &[libc::SYS_openat, libc::SYS_openat2];

    /// Flags that an `openat` which only reads does not have, each with the bits that it is looked for in.
    const WRITING: &[(i32, i32)] = &[
        (libc::O_ACCMODE, libc::O_WRONLY),
        (libc::O_ACCMODE, libc::O_RDWR),
        (libc::O_CREAT, libc::O_CREAT),
        (libc::O_TRUNC, libc::O_TRUNC),
    ];
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

    pub(super) fn before_threads(granted: &[Directory]) {
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
        let _ = few_files(granted);
    }

    pub(super) fn before_compiling() {
        let memory = Rlimit {
            current: Some(COMPILER_BYTES),
            maximum: Some(COMPILER_BYTES),
        };
        let _ = setrlimit(Resource::Data, memory);
    }

    pub(super) fn after_threads(reads_files: bool) {
        if let Some(program) = filter(reads_files) {
            let _ = seccompiler::apply_filter_all_threads(&program);
        }
    }

    /// A Landlock ruleset without a rule but those of granted directories: what it handles and no rule allows is denied.
    /// Older kernels handle less.
    fn few_files(granted: &[Directory]) -> Result<(), landlock::RulesetError> {
        let abi = ABI::V4;
        let mut ruleset = Ruleset::default()
            .handle_access(AccessFs::from_all(abi))?
            .handle_access(AccessNet::from_all(abi))?
            .create()?;
        for directory in granted {
            ruleset = ruleset.add_rule(PathBeneath::new(
                directory,
                AccessFs::ReadFile | AccessFs::ReadDir,
            ))?;
        }
        ruleset.restrict_self()?;
        Ok(())
    }

    fn filter(reads_files: bool) -> Option<BpfProgram> {
        let mut rules: BTreeMap<_, _> = FORBIDDEN
            .iter()
            .chain(FORBIDDEN_TOO)
            .chain(OPENING)
            .map(|&call| (call, Vec::new()))
            .collect();
        if reads_files {
            rules.insert(libc::SYS_openat, writing()?);
            // Its flags are in memory, where a filter can't look. Landlock looks.
            rules.remove(&libc::SYS_openat2);
        }
        let arch = std::env::consts::ARCH.try_into().ok()?;
        let denied = SeccompAction::Errno(libc::EPERM as u32);
        SeccompFilter::new(rules, SeccompAction::Allow, denied, arch)
            .ok()?
            .try_into()
            .ok()
    }

    /// Rules that match an `openat` which would write.
    fn writing() -> Option<Vec<SeccompRule>> {
        let rule = |&(mask, flag): &(i32, i32)| {
            let masked = SeccompCmpOp::MaskedEq(mask as u64);
            let condition = SeccompCondition::new(2, SeccompCmpArgLen::Dword, masked, flag as u64).ok()?;
            SeccompRule::new(vec![condition]).ok()
        };
        WRITING.iter().map(rule).collect()
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
        super::before_threads(&[]);
        super::after_threads(false);
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
        super::before_threads(&[]);
        denied("reading a file", File::open(&file));
        denied("a TCP connection", TcpStream::connect("127.0.0.1:9"));
    }

    #[test]
    fn a_worker_reads_beneath_a_granted_directory_and_nothing_else() {
        if outside("a_worker_reads_beneath_a_granted_directory_and_nothing_else") {
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        let (inside, beside) = (dir.path().join("granted/file"), dir.path().join("file"));
        std::fs::create_dir(dir.path().join("granted")).unwrap();
        std::fs::write(&inside, "inside").unwrap();
        std::fs::write(&beside, "beside").unwrap();
        let grant = crate::DirectoryGrant {
            name: "data".to_owned(),
            path: dir.path().join("granted"),
        };
        let granted = crate::wasi::Directory::open(&grant).unwrap();
        super::before_threads(&[granted]);
        super::after_threads(true);
        assert_eq!(std::fs::read_to_string(&inside).unwrap(), "inside");
        denied("reading beside it", File::open(&beside));
        denied("writing in it", File::options().write(true).open(&inside));
        denied("making a file in it", File::create(inside.with_extension("new")));
        denied("removing a file in it", std::fs::remove_file(&inside));
        denied("reading its parent", std::fs::read_dir(dir.path()));
        denied("a TCP connection", TcpStream::connect("127.0.0.1:9"));
    }
}
