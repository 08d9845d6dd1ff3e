//! Which file cargo left, by its own messages.

use std::path::PathBuf;

use serde::Deserialize;

/// A line of `cargo … --message-format json`.
#[derive(Debug, Deserialize)]
struct Message {
    reason: String,
    #[serde(default)]
    package_id: String,
    #[serde(default)]
    filenames: Vec<PathBuf>,
}

/// The `.wasm` file of the package `id` in what cargo wrote.
pub(crate) fn wasm_of(messages: &[u8], id: &str) -> Option<PathBuf> {
    let messages = String::from_utf8_lossy(messages);
    let mut wasm = messages
        .lines()
        // Build scripts and macros may write lines of their own.
        .filter_map(|line| serde_json::from_str::<Message>(line).ok())
        .filter(|message| message.reason == "compiler-artifact" && message.package_id == id)
        .flat_map(|message| message.filenames)
        .filter(|path| path.extension().is_some_and(|extension| extension == "wasm"));
    wasm.next_back()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_package_s_own_wasm_counts() {
        let messages = br#"noise
{"reason":"compiler-artifact","package_id":"dep","filenames":["/t/dep.wasm"]}
{"reason":"compiler-artifact","package_id":"mine","filenames":["/t/libmine.rlib","/t/mine.wasm"]}
{"reason":"build-finished","success":true}
"#;
        assert_eq!(wasm_of(messages, "mine"), Some(PathBuf::from("/t/mine.wasm")));
        assert_eq!(wasm_of(messages, "other"), None);
    }
}
