//! Rules that the whole workspace keeps, checked over its manifests and sources.
