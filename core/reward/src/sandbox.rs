//! What a worker gives up before it maps a plugin's code: a second wall, behind WebAssembly's.
//!
//! Each measure is taken where the kernel has it. None is needed for a plugin to be contained, so a kernel without one is
//! no error.

/// Gives up files, core dumps and new privileges. Threads that start later inherit it.
pub(crate) fn before_threads() {
    #[cfg(target_os = "linux")]
    linux::before_threads();
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
