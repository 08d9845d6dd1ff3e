//! End-to-end tests: the built command, real plugins, a scripted model.

mod config;
mod math;
mod report;
mod run;
mod score;
mod steps;
mod with_data;
mod with_model;
mod with_polyglot;
mod with_python;
