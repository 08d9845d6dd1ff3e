//! The model side: native backend loader, HTTP generator, external trainer, model import.

pub mod import;
