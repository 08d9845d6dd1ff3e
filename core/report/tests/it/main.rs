//! Reports of a whole run.

mod demo_run;
mod rendered;
