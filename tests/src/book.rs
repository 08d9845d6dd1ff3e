//! The book's Rust code, compiled and run as documentation tests.

#[doc = include_str!("../../docs/src/tutorial.md")]
#[expect(dead_code, reason = "it only carries documentation")]
struct Tutorial;
