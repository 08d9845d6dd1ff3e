//! Imports of tiny files made here.
