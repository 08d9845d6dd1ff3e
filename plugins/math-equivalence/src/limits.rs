//! How much of a completion is read as an answer. What goes beyond is named in the verdict's note, never cut silently.

/// Longest text, in bytes, that is taken for an answer or a reference. The longest answer of MATH has fewer than 200.
pub const ANSWER_BYTES: usize = 2048;

/// Most digits of one numeral. Exact arithmetic on more would cost fuel without telling answers apart.
pub const DIGITS: usize = 400;

/// Largest power of ten, either sign, in scientific notation.
pub const EXPONENT: u32 = 400;

/// How deep fractions may stand inside fractions.
pub const FRACTION_DEPTH: u32 = 8;

/// Most tokens of an answer's formula.
pub const TOKENS: usize = 1000;

/// How deep brackets, fractions and the like may nest in a formula. Each is about three levels of the grammar.
pub const DEPTH: usize = 60;

/// Most digits of a numeral in a formula.
pub const NUMBER_DIGITS: usize = 400;

/// What one comparison may cost, in units of [`crate::budget::Budget`]: about a millisecond natively, twice that in WASM.
pub const WORK: u64 = 12_000;

/// What one canonical form may cost, in the same units.
pub const VOTING_WORK: u64 = 5_000;

/// Most words of a reference that is text. The wordiest answers of MATH have three; sentences are solutions, not answers.
pub const REFERENCE_WORDS: usize = 12;
