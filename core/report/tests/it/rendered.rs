//! What people see.

use restem_report::{Curve, Line, Quantity, Report};

use crate::demo_run::{report, summary};

#[test]
fn the_terminal_shows_tables_with_intervals() {
    insta::assert_snapshot!(report().to_text());
}

#[test]
fn markdown_holds_the_same_tables() {
    insta::assert_snapshot!(report().to_markdown());
}

#[test]
fn held_out_results_come_before_the_set_that_steered_the_run() {
    let names: Vec<_> = Report::of_run("", &summary())
        .sets
        .into_iter()
        .map(|set| set.name)
        .collect();
    assert_eq!(names, ["test", "validation"]);
}

#[test]
fn every_chart_is_a_well_formed_svg_of_its_own() {
    let charts = report().charts().unwrap();
    let names: Vec<_> = charts.iter().map(|(name, _)| name.as_str()).collect();
    insta::assert_debug_snapshot!(names, @r#"
    [
        "test-pass-at-1",
        "test-well-formed",
        "validation-pass-at-1",
        "validation-well-formed",
        "training-loss",
        "validation-reward-during-training",
        "sampling-on-the-training-problems",
    ]
    "#);
    for (name, svg) in &charts {
        let document = roxmltree::Document::parse(svg).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(
            document.descendants().any(|node| node.has_tag_name("style")),
            "{name} carries its style"
        );
        assert!(!svg.contains("NaN") && !svg.contains("inf"), "{name}");
    }
}

#[test]
fn the_page_loads_nothing_and_runs_nothing() {
    let html = report().to_html().unwrap();
    let outside = html.replace("http://www.w3.org/2000/svg", "");
    for word in ["<script", "http:", "https:", "src=", "@import", "url("] {
        assert!(!outside.contains(word), "{word}");
    }
    assert!(html.contains("&lt;script&gt;alert(1)&lt;"));
    assert!(html.contains("default-src 'none'"));
}

#[test]
fn an_empty_report_is_still_a_page() {
    let mut report = Report {
        title: "Nothing yet".into(),
        ..Report::default()
    };
    report.curves.push(Curve {
        title: "Loss".into(),
        x_label: "step".into(),
        y: Quantity::Number("nats".into()),
        lines: vec![Line {
            name: "a".into(),
            points: vec![],
        }],
    });
    let html = report.to_html().unwrap();
    assert!(html.contains("Nothing yet") && !html.contains("<svg"));
    assert_eq!(report.to_text(), "Nothing yet\n");
}
