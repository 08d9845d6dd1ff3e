//! A reward worker by itself, for tests of the pool and for programs that embed it without being a worker themselves.

fn main() -> std::process::ExitCode {
    restem_reward::worker::main()
}
