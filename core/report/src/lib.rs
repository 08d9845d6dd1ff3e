//! Metrics to tables, SVG, HTML and TensorBoard events.
//!
//! A [`Report`] is plain data: [`Report::of_run`] makes one from a run's summary, and callers add facts, samples and
//! notes. It renders as text for a terminal, as Markdown, as SVG charts and as one HTML page that needs nothing from
//! elsewhere. An [`EventWriter`] writes scalars that TensorBoard shows while a run goes on.
//!
//! Charts and page are minijinja templates (in `templates/`), so that every text is escaped by one well-tested rule;
//! Rust computes the geometry, CSS the colours for light and dark pages.

mod arm_chart;
mod axis;
mod error;
mod event_proto;
mod event_writer;
mod line_chart;
mod number;
mod page;
mod plain;
mod report;
mod summary;
mod table;
mod tables;
mod templates;
mod tfrecord;

pub use error::ReportError;
pub use event_writer::EventWriter;
pub use number::{count, interval, p_value, percent};
pub use report::{ArmRow, AtK, Curve, Decision, EStepRow, Line, Quantity, Report, SampleRow, SetResults};
pub use table::{Align, Table};
