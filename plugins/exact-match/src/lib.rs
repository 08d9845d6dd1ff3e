//! The smallest useful reward plugin.
