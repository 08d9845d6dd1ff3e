//! Any text, as a reference and a completion.
#![no_main]

mod property;

libfuzzer_sys::fuzz_target!(|input: &[u8]| {
    if let Ok(text) = std::str::from_utf8(input) {
        property::check(text);
    }
});
