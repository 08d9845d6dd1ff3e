//! From dataset files to prompted problems.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use anyhow::Context as _;
use restem_data::{
    ChatTemplate, Dataset, DatasetSource, GenerationPrompt, Message, PromptTemplate, RowFault, load,
};
use restem_em::{Digest, EvalSet, Problem, PromptedProblem};
use restem_policy::tokenizer_dir;

use crate::config::{Config, PromptSection};

/// The problems of a run, with prompts.
#[derive(Debug)]
pub(crate) struct Prepared {
    pub(crate) train: Vec<PromptedProblem>,
    pub(crate) validation: EvalSet,
    pub(crate) tests: Vec<EvalSet>,
    /// Digest of each file, by role.
    pub(crate) digests: BTreeMap<String, Digest>,
    /// Rows that could not be read, by role.
    pub(crate) faults: Vec<(String, RowFault)>,
    /// Held-out problems that also stand in the training set: (set, how many).
    pub(crate) contamination: Vec<(String, usize)>,
}

impl Prepared {
    /// The question of each problem, by name.
    pub(crate) fn questions(&self) -> HashMap<String, String> {
        let sets = std::iter::once(&self.validation)
            .chain(&self.tests)
            .map(|set| &set.problems);
        let all = std::iter::once(&self.train).chain(sets).flatten();
        all.map(|prompted| (prompted.problem.id.to_string(), prompted.problem.prompt.clone()))
            .collect()
    }
}

/// Reads every dataset of the configuration and renders the prompts.
pub(crate) fn prepare(config: &Config) -> anyhow::Result<Prepared> {
    let mut reader = Reader {
        digests: BTreeMap::new(),
        faults: Vec::new(),
    };
    let shots = match &config.data.shots {
        Some(source) => reader.read("shots", source)?,
        None => Vec::new(),
    };
    let prompts = Prompts::new(&config.prompt, shots, &config.model.path)?;
    let mut sets = Vec::new();
    let wanted = [
        ("train", &config.data.train),
        ("validation", &config.data.validation),
    ];
    for (role, source) in wanted
        .into_iter()
        .filter_map(|(role, source)| Some((role, source.as_ref()?)))
    {
        sets.push((role.to_owned(), reader.read(role, source)?));
    }
    for (name, source) in &config.data.test {
        sets.push((name.clone(), reader.read(name, source)?));
    }
    let mut contamination = Vec::new();
    if let Some((_, train)) = sets.iter().find(|(role, _)| role == "train") {
        for (name, problems) in sets.iter().filter(|(role, _)| role != "train") {
            let overlaps = restem_data::contamination(train, problems).len();
            if overlaps > 0 {
                contamination.push((name.clone(), overlaps));
            }
        }
    }
    let mut prepared = Prepared {
        train: Vec::new(),
        validation: EvalSet {
            name: "validation".into(),
            problems: Vec::new(),
        },
        tests: Vec::new(),
        digests: reader.digests,
        faults: reader.faults,
        contamination,
    };
    for (role, problems) in sets {
        let problems = problems
            .into_iter()
            .map(|problem| prompts.render(problem))
            .collect::<anyhow::Result<Vec<_>>>()?;
        match role.as_str() {
            "train" => prepared.train = problems,
            "validation" => prepared.validation.problems = problems,
            _ => prepared.tests.push(EvalSet { name: role, problems }),
        }
    }
    Ok(prepared)
}

struct Reader {
    digests: BTreeMap<String, Digest>,
    faults: Vec<(String, RowFault)>,
}

impl Reader {
    fn read(&mut self, role: &str, source: &DatasetSource) -> anyhow::Result<Vec<Problem>> {
        let Dataset {
            problems,
            faults,
            sha256,
            ..
        } = load(source).with_context(|| format!("the {role} problems can't be read"))?;
        self.digests.insert(role.to_owned(), sha256);
        self.faults
            .extend(faults.into_iter().map(|fault| (role.to_owned(), fault)));
        Ok(problems)
    }
}

struct Prompts {
    few_shot: PromptTemplate,
    question: PromptTemplate,
    solution: PromptTemplate,
    shots: Vec<Problem>,
    chat: Option<ChatTemplate>,
}

impl Prompts {
    fn new(section: &PromptSection, shots: Vec<Problem>, model: &Path) -> anyhow::Result<Self> {
        let chat = match section.chat {
            false => None,
            true => Some(ChatTemplate::from_dir(&tokenizer_dir(model)?)?.with_context(|| {
                format!(
                    "prompt.chat = true, but the model in {} has no chat template: base models have none, set prompt.chat = false",
                    model.display()
                )
            })?),
        };
        Ok(Self {
            few_shot: PromptTemplate::compile(&section.few_shot).context("prompt.few_shot")?,
            question: PromptTemplate::compile(&section.question).context("prompt.question")?,
            solution: PromptTemplate::compile(&section.solution).context("prompt.solution")?,
            shots,
            chat,
        })
    }

    fn render(&self, problem: Problem) -> anyhow::Result<PromptedProblem> {
        let solutions = problem
            .solutions
            .iter()
            .map(|solution| {
                let alone = Problem {
                    solutions: vec![solution.clone()],
                    ..problem.clone()
                };
                self.solution.render(&alone, &[]).context("prompt.solution")
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        let few_shot = self.in_chat(
            self.few_shot
                .render(&problem, &self.shots)
                .context("prompt.few_shot")?,
        )?;
        let question = self.in_chat(self.question.render(&problem, &[]).context("prompt.question")?)?;
        Ok(PromptedProblem {
            problem,
            few_shot,
            question,
            solutions,
        })
    }

    fn in_chat(&self, text: String) -> anyhow::Result<String> {
        match &self.chat {
            None => Ok(text),
            Some(chat) => Ok(chat.render(&[Message::new("user", text)], GenerationPrompt::Add)?),
        }
    }
}
