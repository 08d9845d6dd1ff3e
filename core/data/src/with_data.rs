//! Every file of ../shared/data loads as it was published.

use std::path::{Path, PathBuf};

use crate::{Dataset, DatasetSource, Preset, load};

/// File, preset and rows, as the folder's README counts them.
const FILES: [(&str, Preset, usize); 17] = [
    ("math_train.jsonl.gz", Preset::Math, 7500),
    ("math_test.jsonl.gz", Preset::Math, 5000),
    ("gsm8k_train.jsonl.gz", Preset::Gsm8k, 7473),
    ("gsm8k_test.jsonl.gz", Preset::Gsm8k, 1319),
    ("multiarith.jsonl.gz", Preset::Multiarith, 600),
    ("svamp.json.gz", Preset::Svamp, 1000),
    ("apps_with_solutions.jsonl.gz", Preset::Apps, 95),
    ("apps_with_tests.jsonl.gz", Preset::Apps, 1560),
    ("apps_sample_io.jsonl.gz", Preset::AppsSampleIo, 92),
    ("HumanEval.jsonl.gz", Preset::Humaneval, 164),
    ("HumanEvalPlus-Mini.jsonl.gz", Preset::Humaneval, 164),
    ("mbpp.jsonl.gz", Preset::Mbpp, 974),
    ("labelled_math.jsonl.gz", Preset::LabelledMath, 10842),
    ("labelled_code.jsonl.gz", Preset::LabelledCode, 4810),
    ("cases_hendrycks_math.jsonl.gz", Preset::EquivalenceCases, 16),
    ("cases_nemo_skills.jsonl.gz", Preset::EquivalenceCases, 30),
    ("cases_skythought.jsonl.gz", Preset::EquivalenceCases, 23),
];

fn folder() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    std::env::var_os("RESTEM_SHARED_DATA").map_or_else(beside, PathBuf::from)
}

fn read(file: &str, preset: Preset) -> Dataset {
    load(&DatasetSource::preset(folder().join(file), preset)).unwrap()
}

#[test]
#[ignore = "needs ../shared/data: cargo xtask test --data"]
fn every_row_of_every_file_is_a_problem() {
    for (file, preset, rows) in FILES {
        let dataset = read(file, preset);
        assert_eq!(dataset.faults, [], "{file}");
        assert_eq!(dataset.problems.len(), rows, "{file}");
    }
}

#[test]
#[ignore = "needs ../shared/data: cargo xtask test --data"]
fn references_and_solutions_are_where_they_are_published() {
    let reference = |file, preset, row: usize| read(file, preset).problems[row].reference.clone().unwrap();
    assert_eq!(reference("gsm8k_train.jsonl.gz", Preset::Gsm8k, 0), "72");
    assert_eq!(reference("multiarith.jsonl.gz", Preset::Multiarith, 0), "39");
    assert_eq!(reference("svamp.json.gz", Preset::Svamp, 0), "51");
    let math = read("math_train.jsonl.gz", Preset::Math).problems;
    assert!(
        math.iter()
            .all(|problem| problem.reference.is_some() && problem.solutions.len() == 1)
    );
    let svamp = &read("svamp.json.gz", Preset::Svamp).problems[0];
    assert!(
        svamp.prompt.contains("on each pack, How much do you have to pay"),
        "{}",
        svamp.prompt
    );
    let apps = read("apps_with_solutions.jsonl.gz", Preset::Apps).problems;
    assert!(
        apps.iter()
            .all(|problem| !problem.solutions.is_empty() && problem.metadata.contains_key("input_output"))
    );
}

#[test]
#[ignore = "needs ../shared/data: cargo xtask test --data"]
fn the_answer_of_math_without_its_answer_field_is_the_last_box() {
    let mut boxed = DatasetSource::preset(folder().join("math_test.jsonl.gz"), Preset::Math);
    boxed.mapping.reference = Some("solution | last_boxed".to_owned());
    let declared = read("math_test.jsonl.gz", Preset::Math).problems;
    let boxed = load(&boxed).unwrap();
    assert!(
        boxed.faults.len() <= declared.len() / 1000,
        "{:?}",
        boxed.faults.first()
    );
    let declared: std::collections::HashMap<_, _> = declared
        .into_iter()
        .map(|problem| (problem.id, problem.reference))
        .collect();
    let equal = boxed
        .problems
        .iter()
        .filter(|problem| declared[&problem.id] == problem.reference)
        .count();
    assert!(
        equal * 100 >= boxed.problems.len() * 99,
        "{equal} of {}",
        boxed.problems.len()
    );
}

#[test]
#[ignore = "needs ../shared/data: cargo xtask test --data"]
fn test_inputs_beyond_64_bits_are_kept_digit_by_digit() {
    let problems = read("apps_with_tests.jsonl.gz", Preset::Apps).problems;
    let as_text = problems
        .iter()
        .filter_map(|problem| problem.metadata["input_output"].as_str());
    let long = |text: &str| {
        text.split(|c: char| !c.is_ascii_digit())
            .any(|digits| digits.len() > 20)
    };
    assert!(as_text.filter(|text| long(text)).count() > 0);
}
