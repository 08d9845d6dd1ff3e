//! The loop on a toy policy: it learns, it stops, and it can be interrupted anywhere. Verifiers in combination.

mod combined;
mod resume;
mod rules;
mod toy;
