//! `wasi:sockets`: there are none to be had. Without a socket nothing else can be asked, so that the rest traps.

use super::serve::{LOOK_UP, Server};

/// The network that is not there.
#[derive(Debug)]
struct Network;

/// A socket, of which there are none.
#[derive(Debug)]
enum Socket {}

/// What every request for a socket is answered with.
const REFUSED: &str = "access-denied";

pub(super) fn serve(server: &mut Server<'_>) -> wasmtime::Result<()> {
    server.interface("wasi:sockets/network", |interface| {
        interface.resource::<Network>("network")
    })?;
    server.interface("wasi:sockets/instance-network", |interface| {
        interface.answer("instance-network", LOOK_UP, |caller, (): ()| caller.keep(Network))
    })?;
    server.interface("wasi:sockets/ip-name-lookup", |interface| {
        interface.resource::<Socket>("resolve-address-stream")?;
        interface.refuse("resolve-addresses", REFUSED)
    })?;
    server.interface("wasi:sockets/tcp", |interface| {
        interface.resource::<Socket>("tcp-socket")
    })?;
    server.interface("wasi:sockets/tcp-create-socket", |interface| {
        interface.refuse("create-tcp-socket", REFUSED)
    })?;
    server.interface("wasi:sockets/udp", |interface| {
        interface.resource::<Socket>("udp-socket")?;
        interface.resource::<Socket>("incoming-datagram-stream")?;
        interface.resource::<Socket>("outgoing-datagram-stream")
    })?;
    server.interface("wasi:sockets/udp-create-socket", |interface| {
        interface.refuse("create-udp-socket", REFUSED)
    })
}
