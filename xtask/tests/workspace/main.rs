//! Rules that the whole workspace keeps, checked over its manifests and sources.

mod arrows;
mod file_sizes;
mod ignored_tests;
mod sources;
