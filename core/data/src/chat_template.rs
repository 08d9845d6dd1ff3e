//! Chat prompts, as the model's own template writes them.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior, context};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::model_config::{read_json, read_text, token_text};
use crate::strftime::strftime;
use crate::{DataError, jinja};

const NAME: &str = "chat template";
const SPECIAL_TOKENS: [&str; 7] = [
    "bos_token",
    "cls_token",
    "eos_token",
    "mask_token",
    "pad_token",
    "sep_token",
    "unk_token",
];

/// One turn of a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// `system`, `user` or `assistant`.
    pub role: String,
    /// What was said.
    pub content: String,
}

impl Message {
    /// A turn from its parts.
    pub fn new(role: impl Into<String>, content: impl Into<String>) -> Self {
        Self {
            role: role.into(),
            content: content.into(),
        }
    }
}

/// Whether the prompt ends where the model's turn begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GenerationPrompt {
    /// The head of the assistant's turn is added: the model goes on from there.
    Add,
    /// Only the messages are written.
    Omit,
}

/// A model's chat template: transformers' Jinja dialect, with `raise_exception`, `strftime_now`, `tojson` as Python
/// writes it, loop controls and Python's string methods.
#[derive(Debug)]
pub struct ChatTemplate {
    environment: Environment<'static>,
    source: String,
    path: PathBuf,
    special_tokens: Vec<(&'static str, String)>,
}

impl ChatTemplate {
    /// Reads `chat_template.jinja`, or else the template in `tokenizer_config.json` or `chat_template.json`.
    ///
    /// `None`: the model has none, as base models don't. Of several named templates `default` is taken.
    ///
    /// # Errors
    /// [`DataError`] when a file is broken or the template doesn't parse.
    pub fn from_dir(dir: &Path) -> Result<Option<Self>, DataError> {
        let config = read_json(&dir.join("tokenizer_config.json"))?;
        let declared = |json: &Json| default_template(&json["chat_template"]).map(str::to_owned);
        let jinja = dir.join("chat_template.jinja");
        let json = dir.join("chat_template.json");
        let (path, source) = if let Some(source) = read_text(&jinja)? {
            (jinja, source)
        } else if let Some(source) = declared(&config) {
            (dir.join("tokenizer_config.json"), source)
        } else if let Some(source) = declared(&read_json(&json)?) {
            (json, source)
        } else {
            return Ok(None);
        };
        let map = read_json(&dir.join("special_tokens_map.json"))?;
        let token = |name: &'static str| {
            let text = token_text(&config[name]).or_else(|| token_text(&map[name]))?;
            Some((name, text.to_owned()))
        };
        Self::compile(
            path,
            source,
            SPECIAL_TOKENS.into_iter().filter_map(token).collect(),
        )
        .map(Some)
    }

    fn compile(
        path: PathBuf,
        source: String,
        special_tokens: Vec<(&'static str, String)>,
    ) -> Result<Self, DataError> {
        let mut environment = environment();
        environment
            .add_template_owned(NAME, source.clone())
            .map_err(|error| jinja::template_error(&named(&path), &source, &error, []))?;
        let template = Self {
            environment,
            source,
            path,
            special_tokens,
        };
        Ok(template.at(SystemTime::now()))
    }

    /// The template with `strftime_now` fixed to a moment (told in UTC); without this, the moment it was read.
    ///
    /// A run that is resumed another day keeps its prompts only if it keeps this.
    #[must_use]
    pub fn at(mut self, time: SystemTime) -> Self {
        self.environment
            .add_function("strftime_now", move |format: &str| strftime(time, format));
        self
    }

    /// The template's text.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The model's input for a chat. It holds its special tokens as text: encode it without adding any.
    ///
    /// # Errors
    /// [`DataError::Template`] with the template's own message when it refuses the messages (two user turns in a row, …).
    pub fn render(&self, messages: &[Message], generation: GenerationPrompt) -> Result<String, DataError> {
        let tokens = self
            .special_tokens
            .iter()
            .map(|(name, text)| (*name, Value::from(text)));
        let context = context! {
            messages => Serde(messages),
            add_generation_prompt => generation == GenerationPrompt::Add,
            ..Value::from_pairs(tokens)
        };
        self.environment
            .get_template(NAME)
            .and_then(|template| template.render(context))
            .map_err(|error| jinja::template_error(&named(&self.path), &self.source, &error, []))
    }
}

/// `chat_template` as a text, or of a list of named ones the default.
fn default_template(declared: &Json) -> Option<&str> {
    let named = |entry: &&Json| entry["name"] == "default";
    declared
        .as_str()
        .or_else(|| declared.as_array()?.iter().find(named)?["template"].as_str())
}

fn named(path: &Path) -> String {
    format!("{NAME} of {}", path.display())
}

/// Jinja as transformers sets it up.
fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build();
    environment.set_syntax(syntax.expect("the default delimiters are valid"));
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_undefined_behavior(UndefinedBehavior::Lenient);
    environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
    environment.set_debug(true);
    environment.add_function("raise_exception", raise_exception);
    environment.add_filter("tojson", to_json);
    environment
}

fn raise_exception(message: String) -> Result<Value, Error> {
    Err(Error::new(ErrorKind::InvalidOperation, message))
}

/// `json.dumps(value, ensure_ascii=False)`: a space behind `:` and `,`, nothing escaped for HTML.
fn to_json(value: Value, options: Kwargs) -> Result<Value, Error> {
    let indent: Option<usize> = options.get("indent")?;
    // ensure_ascii, separators and sort_keys are accepted by transformers too; its own templates use none of them.
    for name in ["ensure_ascii", "separators", "sort_keys"] {
        let _: Option<Value> = options.get(name)?;
    }
    options.assert_all_used()?;
    let mut text = Vec::new();
    let written = match indent {
        Some(width) => {
            let indent = " ".repeat(width.min(16));
            let style = serde_json::ser::PrettyFormatter::with_indent(indent.as_bytes());
            value.serialize(&mut serde_json::Serializer::with_formatter(&mut text, style))
        }
        None => value.serialize(&mut serde_json::Serializer::with_formatter(&mut text, Spaced)),
    };
    let failed = |error: String| Error::new(ErrorKind::BadSerialization, error);
    written.map_err(|error| failed(error.to_string()))?;
    String::from_utf8(text)
        .map(Value::from)
        .map_err(|error| failed(error.to_string()))
}

/// Python's default separators.
struct Spaced;

impl serde_json::ser::Formatter for Spaced {
    fn begin_array_value<W: std::io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: std::io::Write + ?Sized>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> std::io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: std::io::Write + ?Sized>(&mut self, writer: &mut W) -> std::io::Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::json;

    use super::*;

    /// The shape of Llama's and Gemma's templates: special tokens, role check, trimmed contents, generation prompt.
    const TEMPLATE: &str = "\
{{ bos_token }}
{%- for message in messages %}
    {%- if message['role'] not in ['user', 'assistant'] %}
        {{- raise_exception('Unknown role ' + message['role']) }}
    {%- endif %}
    {{- '<' + message.role + '>' + message['content'].strip() + eos_token }}
{%- endfor %}
{% if add_generation_prompt %}
<assistant>{% endif %}";

    fn read(files: &[(&str, String)]) -> Result<Option<ChatTemplate>, DataError> {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(dir.path().join(name), text).unwrap();
        }
        ChatTemplate::from_dir(dir.path())
    }

    fn compile(source: &str) -> ChatTemplate {
        ChatTemplate::compile(
            "t".into(),
            source.to_owned(),
            vec![("bos_token", "<s>".to_owned())],
        )
        .unwrap()
    }

    #[test]
    fn messages_are_written_as_the_template_says() {
        let config = json!({"chat_template": TEMPLATE, "bos_token": "<s>", "eos_token": {"content": "</s>"}});
        let template = read(&[("tokenizer_config.json", config.to_string())])
            .unwrap()
            .unwrap();
        let chat = [Message::new("user", " 1 < 2? "), Message::new("assistant", "Yes")];
        assert_eq!(
            template.render(&chat, GenerationPrompt::Omit).unwrap(),
            "<s><user>1 < 2?</s><assistant>Yes</s>"
        );
        assert!(
            template
                .render(&chat[..1], GenerationPrompt::Add)
                .unwrap()
                .ends_with("</s><assistant>")
        );
        let refusal = template
            .render(&[Message::new("tool", "x")], GenerationPrompt::Omit)
            .unwrap_err();
        assert!(
            refusal.to_string().contains("line 4: Unknown role tool"),
            "{refusal}"
        );
    }

    #[test]
    fn the_template_file_comes_first_and_base_models_have_none() {
        let config = json!({"chat_template": [{"name": "rag", "template": "r"}, {"name": "default", "template": "d"}]});
        let files = [
            ("tokenizer_config.json", config.to_string()),
            ("chat_template.jinja", "j".to_owned()),
        ];
        assert_eq!(read(&files).unwrap().unwrap().source(), "j");
        assert_eq!(read(&files[..1]).unwrap().unwrap().source(), "d");
        assert!(read(&[]).unwrap().is_none());
    }

    #[test]
    fn json_dates_and_loop_controls_are_as_in_python() {
        let render = |source: &str| {
            compile(source)
                .at(SystemTime::UNIX_EPOCH)
                .render(&[Message::new("user", "é<")], GenerationPrompt::Add)
                .unwrap()
        };
        assert_eq!(
            render("{{ messages | tojson }}"),
            r#"[{"role": "user", "content": "é<"}]"#
        );
        assert_eq!(render("{{ [1, 2] | tojson(indent=2) }}"), "[\n  1,\n  2\n]");
        assert_eq!(render("{{ strftime_now('%d %b %Y') }}"), "01 Jan 1970");
        assert_eq!(
            render("{% for i in range(9) %}{% if i == 2 %}{% break %}{% endif %}{{ i }}{% endfor %}"),
            "01"
        );
        assert_eq!(
            render("{{ bos_token }}{{ tools }}{% if tools is defined %}!{% endif %}"),
            "<s>"
        );
    }

    #[test]
    fn a_broken_template_names_its_file_and_line() {
        let error = read(&[("chat_template.jinja", "a\n{% if %}".to_owned())])
            .unwrap_err()
            .to_string();
        assert!(
            error.contains("chat_template.jinja, line 2: syntax error"),
            "{error}"
        );
    }
}
