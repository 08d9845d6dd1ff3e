//! End-to-end tests: the built command, real plugins, a scripted model.

mod combine;
mod config;
mod evil;
mod math;
mod report;
mod run;
mod score;
mod steps;
mod with_data;
mod with_model;
mod with_python;
