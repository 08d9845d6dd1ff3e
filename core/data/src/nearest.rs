//! The name that a misspelt one was meant to be.

/// The candidate most like `name`, if one is like it at all (a third of its letters may differ).
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let distance = |candidate: &str| strsim::osa_distance(&name.to_lowercase(), &candidate.to_lowercase());
    candidates
        .into_iter()
        .map(|candidate| (distance(candidate), candidate))
        .filter(|(distance, candidate)| *distance * 3 <= name.chars().count().max(candidate.chars().count()))
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_finds_its_neighbour_and_a_strange_one_finds_none() {
        assert_eq!(nearest("questoin", ["answer", "question"]), Some("question"));
        assert_eq!(nearest("body", ["Body", "Question"]), Some("Body"));
        assert_eq!(nearest("zzz", ["answer", "question"]), None);
    }
}
