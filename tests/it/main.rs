//! End-to-end tests: the built command, real plugins, a scripted model.

mod combine;
mod config;
mod devices;
mod evil;
mod math;
mod plugin;
mod plugin_new;
mod published;
mod remote;
mod report;
mod run;
mod score;
mod steps;
mod templates;
mod torch;
mod with_data;
mod with_model;
mod with_polyglot;
mod with_python;
