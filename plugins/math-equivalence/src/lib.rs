//! Mathematical answer equivalence as a reward plugin.
