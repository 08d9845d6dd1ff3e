//! The built-in templates.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::Serialize;

use crate::ReportError;

/// Colours and strokes of charts; also inside each SVG file.
pub(crate) const CHART_CSS: &str = include_str!("../templates/chart.css");
/// The page's style.
pub(crate) const PAGE_CSS: &str = include_str!("../templates/page.css");

const SOURCES: [(&str, &str); 4] = [
    ("line_chart.svg", include_str!("../templates/line_chart.svg")),
    ("arm_chart.svg", include_str!("../templates/arm_chart.svg")),
    ("table.html", include_str!("../templates/table.html")),
    ("page.html", include_str!("../templates/page.html")),
];

/// Renders one of the built-in templates; every value is escaped.
///
/// # Errors
/// [`ReportError::Template`], which no input should bring about.
pub(crate) fn render(template: &'static str, context: impl Serialize) -> Result<String, ReportError> {
    let mut environment = Environment::empty();
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    // Of the built-in filters the templates use none but this one, for markup made by another of them.
    environment.add_filter("safe", minijinja::filters::safe);
    let lines_without_trace = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build();
    let rendered = lines_without_trace.and_then(|syntax| {
        environment.set_syntax(syntax);
        SOURCES
            .iter()
            .try_for_each(|(name, source)| environment.add_template(name, source))?;
        environment.get_template(template)?.render(Serde(context))
    });
    rendered.map_err(|source| ReportError::Template { template, source })
}
