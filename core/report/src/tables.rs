//! The tables of a report.

use restem_em::Estimate;

use crate::{Align, AtK, EStepRow, Report, SetResults, Table, count, interval, number, percent};

/// Follows the name of the best arm.
const BEST: &str = " *";

impl Report {
    /// What each iteration drew and kept; empty without iterations.
    #[must_use]
    pub fn e_step_table(&self) -> Table {
        let mut table = Table::new([
            ("iteration", Align::Left),
            ("samples", Align::Right),
            ("correct", Align::Right),
            ("faults", Align::Right),
            ("kept", Align::Right),
            ("problems solved", Align::Right),
            ("mean reward", Align::Right),
        ]);
        for row in &self.e_steps {
            table.row(e_step_cells(row));
        }
        table
    }
}

fn e_step_cells(row: &EStepRow) -> [String; 7] {
    [
        row.name.clone(),
        count(row.samples),
        count(row.correct),
        count(row.faults),
        count(row.kept),
        format!("{} of {}", count(row.solved), count(row.problems)),
        format!("{:.3}", row.mean_reward),
    ]
}

impl SetResults {
    /// Greedy results: pass@1 and the rate of well-formed answers with their 95% intervals.
    #[must_use]
    pub fn greedy_table(&self) -> Table {
        let mut table = Table::new([
            ("arm", Align::Left),
            ("pass@1", Align::Right),
            ("95% interval", Align::Right),
            ("correct", Align::Right),
            ("well-formed", Align::Right),
            ("95% interval", Align::Right),
            ("tokens", Align::Right),
            ("faults", Align::Right),
            ("trained on", Align::Right),
        ]);
        for arm in &self.arms {
            let [pass, pass_interval] = cells(arm.pass_at_1.as_ref());
            let [formed, formed_interval] = cells(arm.well_formed.as_ref());
            table.row([
                marked(&arm.name, arm.best),
                pass,
                pass_interval,
                format!("{} of {}", count(arm.correct), count(arm.problems)),
                formed,
                formed_interval,
                arm.mean_tokens
                    .map_or_else(nothing, |tokens| format!("{tokens:.1}")),
                count(arm.faults),
                arm.trained_on.map_or_else(nothing, count),
            ]);
        }
        table
    }

    /// Results from several samples per problem: pass@k for each k, and majority voting. Empty if no arm has any.
    #[must_use]
    pub fn sampled_table(&self) -> Table {
        let mut ks: Vec<u32> = self
            .arms
            .iter()
            .flat_map(|arm| &arm.pass_at)
            .map(|at| at.k)
            .collect();
        ks.sort_unstable();
        ks.dedup();
        let votes = self
            .arms
            .iter()
            .filter_map(|arm| arm.majority.as_ref())
            .map(|at| at.k)
            .max();
        let mut names: Vec<String> = ks.iter().map(|k| format!("pass@{k}")).collect();
        names.extend(votes.map(|k| format!("maj@{k}")));
        let mut columns = vec![("arm", Align::Left), ("problems", Align::Right)];
        for name in &names {
            columns.extend([(name.as_str(), Align::Right), ("95% interval", Align::Right)]);
        }
        let mut table = Table::new(columns);
        for arm in self
            .arms
            .iter()
            .filter(|arm| !arm.pass_at.is_empty() || arm.majority.is_some())
        {
            let found: Vec<Option<&AtK>> = ks
                .iter()
                .map(|k| arm.pass_at.iter().find(|at| at.k == *k))
                .chain(votes.map(|k| arm.majority.as_ref().filter(|at| at.k == k)))
                .collect();
            let problems = found.iter().flatten().map(|at| at.problems).max().unwrap_or(0);
            let mut row = vec![marked(&arm.name, arm.best), count(problems)];
            row.extend(found.iter().flat_map(|at| cells(at.map(|at| &at.estimate))));
            table.row(row);
        }
        table
    }

    /// Paired comparisons on the same problems; empty without any.
    #[must_use]
    pub fn comparison_table(&self) -> Table {
        let mut table = Table::new([
            ("first", Align::Left),
            ("second", Align::Left),
            ("only first solves", Align::Right),
            ("only second solves", Align::Right),
            ("problems", Align::Right),
            ("p (McNemar, exact)", Align::Right),
        ]);
        for comparison in &self.comparisons {
            table.row([
                comparison.first.clone(),
                comparison.second.clone(),
                count(comparison.test.only_first),
                count(comparison.test.only_second),
                count(comparison.test.problems),
                number::p_value(comparison.test.p_value),
            ]);
        }
        table
    }

    /// What the mark behind an arm's name means, if one has it.
    pub(crate) fn best_note(&self) -> Option<&'static str> {
        self.arms
            .iter()
            .any(|arm| arm.best)
            .then_some("* best iteration by validation")
    }
}

/// Value and interval of an estimate.
fn cells(estimate: Option<&Estimate>) -> [String; 2] {
    estimate.map_or_else(
        || [nothing(), nothing()],
        |estimate| [percent(estimate.value), interval(estimate)],
    )
}

fn marked(name: &str, best: bool) -> String {
    let mark = if best { BEST } else { "" };
    format!("{name}{mark}")
}

fn nothing() -> String {
    "–".to_owned()
}
