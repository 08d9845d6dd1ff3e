//! Few-shot prompts.

use minijinja::value::{Serde, Value};
use minijinja::{Environment, context};
use restem_em::Problem;

use crate::nearest::nearest;
use crate::{DataError, jinja};

/// Solved examples, then the question. A completion begins with the space behind `Answer:`.
pub const FEW_SHOT: &str = "\
{% for shot in shots %}Question: {{ shot.prompt }}
Answer: {{ shot.solution }}

{% endfor %}Question: {{ prompt }}
Answer:";

/// The question alone, worded as in [`FEW_SHOT`].
pub const QUESTION_ONLY: &str = "Question: {{ prompt }}\nAnswer:";

const NAME: &str = "prompt template";
const CONTEXT: [&str; 6] = ["id", "metadata", "prompt", "reference", "shots", "solutions"];

/// A Jinja template of the model's input.
///
/// It sees the problem's `id`, `prompt`, `reference`, `solutions` and `metadata`, and `shots`: a list of solved examples
/// with the same fields and `solution`, the first of each one's solutions. Nothing is escaped; a name that isn't there is
/// an error, and so is the `reference` of a problem that has none.
#[derive(Debug)]
pub struct PromptTemplate {
    environment: Environment<'static>,
    source: String,
}

impl PromptTemplate {
    /// Compiles a template.
    ///
    /// # Errors
    /// [`DataError::Template`] when it doesn't parse or uses a name that no problem has.
    pub fn compile(source: &str) -> Result<Self, DataError> {
        let mut environment = jinja::environment();
        environment
            .add_template_owned(NAME, source.to_owned())
            .map_err(|error| jinja::template_error(NAME, source, &error, CONTEXT))?;
        let template = Self {
            environment,
            source: source.to_owned(),
        };
        template.check_names()?;
        Ok(template)
    }

    /// The template's text.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The model's input for a problem.
    ///
    /// # Errors
    /// [`DataError::Template`] when the template asks for something that this problem or a shot doesn't have.
    pub fn render(&self, problem: &Problem, shots: &[Problem]) -> Result<String, DataError> {
        let shot_values: Vec<Value> = shots.iter().map(shot_value).collect();
        let render = |template: minijinja::Template<'_, '_>| {
            template.render(context! { shots => shot_values, ..problem_value(problem) })
        };
        self.environment
            .get_template(NAME)
            .and_then(render)
            .map_err(|error| {
                let metadata = shots
                    .iter()
                    .chain([problem])
                    .flat_map(|problem| problem.metadata.keys());
                let names = metadata.map(String::as_str).chain(CONTEXT).chain(["solution"]);
                jinja::template_error(NAME, &self.source, &error, names)
            })
    }

    /// Refuses names that no problem has, before the first one is rendered.
    fn check_names(&self) -> Result<(), DataError> {
        let template = self.environment.get_template(NAME);
        let used = template
            .map(|template| template.undeclared_variables(false))
            .unwrap_or_default();
        let globals: Vec<&str> = self.environment.globals().map(|(name, _)| name).collect();
        let known = |name: &str| CONTEXT.contains(&name) || globals.contains(&name);
        let Some(name) = used.iter().filter(|name| !known(name)).min() else {
            return Ok(());
        };
        let line = self
            .source
            .lines()
            .position(|line| line.contains(name.as_str()))
            .unwrap_or_default();
        Err(DataError::Template {
            template: NAME.to_owned(),
            line: line + 1,
            text: self.source.lines().nth(line).unwrap_or_default().to_owned(),
            reason: format!("there is no `{name}`"),
            hint: Some(match nearest(name, CONTEXT) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "a template sees {}; a problem's other fields are in `metadata`",
                    CONTEXT.join(", ")
                ),
            }),
        })
    }
}

fn problem_value(problem: &Problem) -> Value {
    let reference = problem
        .reference
        .as_ref()
        .map(|reference| ("reference", Value::from(reference)));
    let parts = [
        ("id", Value::from(problem.id.as_str())),
        ("prompt", Value::from(&problem.prompt)),
        ("solutions", Value::from(Serde(&problem.solutions))),
        ("metadata", Value::from(Serde(&problem.metadata))),
    ];
    Value::from_pairs(parts.into_iter().chain(reference))
}

fn shot_value(problem: &Problem) -> Value {
    match problem.solutions.first() {
        Some(solution) => context! { solution => solution, ..problem_value(problem) },
        None => problem_value(problem),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(row: &str) -> Problem {
        serde_json::from_str(row).unwrap()
    }

    fn asked() -> Problem {
        problem(r#"{"id": "a", "prompt": "1 < 2?", "metadata": {"level": 3, "starter_code": ""}}"#)
    }

    fn shot() -> Problem {
        problem(r#"{"id": "s", "prompt": "1 + 1?", "reference": "2", "solutions": ["It is 2."]}"#)
    }

    #[test]
    fn shots_come_before_the_question_and_nothing_is_escaped() {
        let template = PromptTemplate::compile(FEW_SHOT).unwrap();
        let prompt = template.render(&asked(), &[shot()]).unwrap();
        assert_eq!(
            prompt,
            "Question: 1 + 1?\nAnswer: It is 2.\n\nQuestion: 1 < 2?\nAnswer:"
        );
        let alone = PromptTemplate::compile(QUESTION_ONLY).unwrap();
        assert_eq!(
            alone.render(&asked(), &[]).unwrap(),
            template.render(&asked(), &[]).unwrap()
        );
    }

    #[test]
    fn metadata_is_there() {
        let template =
            PromptTemplate::compile("{{ metadata.level }}{% if metadata.starter_code %}!{% endif %}")
                .unwrap();
        assert_eq!(template.render(&asked(), &[]).unwrap(), "3");
    }

    #[test]
    fn a_wrong_name_is_refused_with_its_line_and_its_neighbour() {
        let error = PromptTemplate::compile("Question:\n{{ promt }}").unwrap_err();
        insta::assert_snapshot!(error, @r#"
prompt template, line 2: there is no `promt`
  {{ promt }}
  hint: did you mean `prompt`?
"#);
        let error = PromptTemplate::compile("{% for s in shots %}\n{{ s.prompt").unwrap_err();
        insta::assert_snapshot!(error, @r#"
prompt template, line 2: syntax error: unexpected end of input, expected end of variable block
  {{ s.prompt
"#);
        let error = PromptTemplate::compile("{{ starter_code }}").unwrap_err();
        insta::assert_snapshot!(error, @r#"
prompt template, line 1: there is no `starter_code`
  {{ starter_code }}
  hint: a template sees id, metadata, prompt, reference, shots, solutions; a problem's other fields are in `metadata`
"#);
    }

    #[test]
    fn what_a_problem_lacks_is_named_when_it_is_rendered() {
        let render = |source: &str, shots: &[Problem]| {
            PromptTemplate::compile(source)
                .unwrap()
                .render(&asked(), shots)
                .unwrap_err()
                .to_string()
        };
        insta::assert_snapshot!(render("a\n{{ metadata.lvel }}", &[]), @r#"
prompt template, line 2: undefined value: `metadata.lvel` is undefined
  {{ metadata.lvel }}
  hint: `lvel` is not there; did you mean `level`?
"#);
        insta::assert_snapshot!(render("{{ reference }}", &[]), @r#"
prompt template, line 1: undefined value: `reference` is undefined
  {{ reference }}
  hint: `reference` is not there; write `{% if … is defined %}` around it if it may be missing
"#);
        insta::assert_snapshot!(render("{% for shot in shots %}{{ shot.solution }}{% endfor %}", &[asked()]), @r#"
prompt template, line 1: undefined value: `shot.solution` is undefined
  {% for shot in shots %}{{ shot.solution }}{% endfor %}
  hint: `solution` is not there; did you mean `solutions`?
"#);
    }
}
