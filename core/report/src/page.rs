//! The report as one HTML page, and its charts as files.

use serde::Serialize;

use crate::arm_chart::{self, Arm};
use crate::{Report, ReportError, SampleRow, SetResults, Table, line_chart, plain, templates};

/// A chart's file name without extension, and its SVG.
type Chart = (String, String);

#[derive(Serialize)]
struct Context<'a> {
    title: &'a str,
    chart_css: &'static str,
    page_css: &'static str,
    facts: &'a [(String, String)],
    sets: Vec<Section>,
    e_steps: Option<Table>,
    curves: Vec<String>,
    samples: Vec<ShownSample<'a>>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct Section {
    name: String,
    charts: Vec<String>,
    tables: Vec<Table>,
    best_note: Option<&'static str>,
}

#[derive(Serialize)]
struct ShownSample<'a> {
    #[serde(flatten)]
    row: &'a SampleRow,
    reward_text: String,
}

impl Report {
    /// One HTML page for light and dark screens; it loads nothing and runs no script.
    ///
    /// # Errors
    /// [`ReportError::Template`], which no input should bring about.
    pub fn to_html(&self) -> Result<String, ReportError> {
        let svgs = |charts: Vec<Chart>| charts.into_iter().map(|(_, svg)| svg).collect();
        let sections: Result<Vec<_>, ReportError> = self
            .sets
            .iter()
            .map(|set| {
                Ok(Section {
                    name: set.name.clone(),
                    charts: svgs(set_charts(set, None)?),
                    tables: plain::tables(set).collect(),
                    best_note: set.best_note(),
                })
            })
            .collect();
        let samples = self.samples.iter().map(|row| ShownSample {
            row,
            reward_text: row.reward.map_or_else(String::new, |reward| format!("{reward}")),
        });
        let context = Context {
            title: &self.title,
            chart_css: templates::CHART_CSS,
            page_css: templates::PAGE_CSS,
            facts: &self.facts,
            sets: sections?,
            e_steps: Some(self.e_step_table()).filter(|table| !table.is_empty()),
            curves: svgs(self.curve_charts(None)?),
            samples: samples.collect(),
            notes: &self.notes,
        };
        templates::render("page.html", context)
    }

    /// Every chart as a file of its own: (name without extension, SVG).
    ///
    /// # Errors
    /// [`ReportError::Template`], which no input should bring about.
    pub fn charts(&self) -> Result<Vec<(String, String)>, ReportError> {
        let css = Some(templates::CHART_CSS);
        let mut charts = Vec::new();
        for set in &self.sets {
            charts.extend(set_charts(set, css)?);
        }
        charts.extend(self.curve_charts(css)?);
        Ok(charts)
    }

    fn curve_charts(&self, css: Option<&'static str>) -> Result<Vec<Chart>, ReportError> {
        let chart = |curve| Ok(line_chart::draw(curve, css)?.map(|svg| (file_stem(&curve.title), svg)));
        self.curves
            .iter()
            .filter_map(|curve| chart(curve).transpose())
            .collect()
    }
}

fn set_charts(set: &SetResults, css: Option<&'static str>) -> Result<Vec<Chart>, ReportError> {
    let chart = |name: &str, title: &str, estimate: fn(&crate::ArmRow) -> Option<restem_em::Estimate>| {
        let arms: Vec<Arm<'_>> = set
            .arms
            .iter()
            .filter_map(|arm| {
                Some(Arm {
                    name: &arm.name,
                    best: arm.best,
                    estimate: estimate(arm)?,
                })
            })
            .collect();
        let title = format!("{title} on {}", set.name);
        let svg = arm_chart::draw(&title, "share of problems, 95% intervals", &arms, css)?;
        Ok::<_, ReportError>(svg.map(|svg| (file_stem(&format!("{}-{name}", set.name)), svg)))
    };
    let charts = [
        chart("pass-at-1", "Greedy pass@1", |arm| arm.pass_at_1)?,
        chart("well-formed", "Well-formed answers", |arm| arm.well_formed)?,
    ];
    Ok(charts.into_iter().flatten().collect())
}

/// A name that is a plain file name everywhere.
fn file_stem(name: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    name.chars().map(plain).collect()
}
