//! Flags over environment over file over defaults, and where each value came from.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use restem_reward::Grant;
use toml::{Table, Value};

use super::{Config, unknown};
use crate::env;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Nobody set it.
    Default,
    /// The configuration file.
    File(PathBuf),
    /// An environment variable.
    Environment(String),
    /// A flag.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Environment(name) => write!(f, "${name}"),
            Self::Flag(flag) => f.write_str(flag),
        }
    }
}

/// A configuration with the origin of each value that is not a default, by dotted path.
#[derive(Debug, Clone)]
pub(crate) struct Resolved {
    pub(crate) config: Config,
    pub(crate) origins: BTreeMap<String, Origin>,
}

impl Resolved {
    /// Every value as (dotted path, value, origin), in path order.
    pub(crate) fn rows(&self) -> anyhow::Result<Vec<(String, String, Origin)>> {
        let table = Table::try_from(&self.config)?;
        let mut leaves = Vec::new();
        collect_leaves("", &Value::Table(table), &mut leaves);
        Ok(leaves
            .into_iter()
            .map(|(path, value)| {
                let origin = self.origins.get(&path).cloned().unwrap_or(Origin::Default);
                (path, value.to_string(), origin)
            })
            .collect())
    }

    /// The whole configuration as TOML.
    pub(crate) fn to_toml(&self) -> anyhow::Result<String> {
        Ok(toml::to_string_pretty(&self.config)?)
    }
}

/// Layers of a configuration, lowest first.
#[derive(Debug, Default)]
pub(crate) struct Layers {
    merged: Table,
    origins: BTreeMap<String, Origin>,
}

impl Layers {
    /// Adds a file's values. Relative paths in it are relative to the file.
    pub(crate) fn file(mut self, path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("the configuration {} can't be read", path.display()))?;
        let mut table: Table = toml::from_str(&text)
            .with_context(|| format!("the configuration {} is not valid TOML", path.display()))?;
        let absolute = std::path::absolute(path)?;
        anchor_paths(&mut table, absolute.parent().unwrap_or(Path::new("/")));
        self.add(table, &Origin::File(path.to_owned()));
        Ok(self)
    }

    /// Adds `RESTEM__SECTION__KEY=value` variables.
    pub(crate) fn environment(
        mut self,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> anyhow::Result<Self> {
        let mut named: Vec<(String, String)> = variables
            .into_iter()
            .filter(|(name, _)| name.starts_with(env::CONFIG_PREFIX))
            .collect();
        named.sort();
        for (name, value) in named {
            let path = name[env::CONFIG_PREFIX.len()..].to_lowercase().replace("__", ".");
            self.set(&path, &value, &Origin::Environment(name.clone()))?;
        }
        Ok(self)
    }

    /// Adds one value: TOML where it reads as TOML, else text.
    pub(crate) fn set(&mut self, path: &str, text: &str, origin: &Origin) -> anyhow::Result<()> {
        let value = parse_value(text);
        let mut parts: Vec<&str> = path.split('.').collect();
        let Some(last) = parts.pop().filter(|last| !last.is_empty()) else {
            bail!("`{path}={text}` from {origin}: the key is empty; write `section.key=value`");
        };
        // `[[reward]]` is a list; `reward.key` means its first element, `reward.1.key` its second.
        if parts.first() == Some(&"reward") {
            let index = parts.get(1).and_then(|part| part.parse::<usize>().ok());
            let within = &parts[if index.is_some() { 2 } else { 1 }..];
            let index = index.unwrap_or(0);
            let rewards = self
                .merged
                .entry("reward")
                .or_insert_with(|| Value::Array(Vec::new()));
            let Some(list) = rewards.as_array_mut() else {
                bail!("`reward` must be a list of tables")
            };
            if list.is_empty() {
                list.push(Value::Table(Table::new()));
            }
            let inner = nest(within, last, value);
            let tables = list.len();
            let Some(table) = list.get_mut(index) else {
                bail!(
                    "`{path}` from {origin}: there is no `[[reward]]` table {index}; they are counted from 0, and there are {tables}"
                )
            };
            if let Some(table) = table.as_table_mut() {
                merge(
                    table,
                    inner,
                    &format!("reward.{index}"),
                    origin,
                    &mut self.origins,
                );
            }
            return Ok(());
        }
        self.add(nest(&parts, last, value), origin);
        Ok(())
    }

    fn add(&mut self, table: Table, origin: &Origin) {
        merge(&mut self.merged, table, "", origin, &mut self.origins);
    }

    /// The merged configuration, checked.
    pub(crate) fn resolve(self) -> anyhow::Result<Resolved> {
        let mut ignored = Vec::new();
        let deserializer = Value::Table(self.merged);
        let config: Config = serde_ignored::deserialize(deserializer, |path| ignored.push(path.to_string()))
            .map_err(|error| anyhow::anyhow!("the configuration is not valid: {}", error.message()))?;
        if let Some(path) = ignored.first() {
            let origin = self
                .origins
                .get(path)
                .map(|origin| format!(" (from {origin})"))
                .unwrap_or_default();
            bail!("{}{origin}", unknown::describe(path));
        }
        Ok(Resolved {
            config,
            origins: self.origins,
        })
    }
}

pub(crate) fn parse_value(text: &str) -> Value {
    let as_toml = format!("value = {text}");
    match toml::from_str::<Table>(&as_toml)
        .ok()
        .and_then(|mut table| table.remove("value"))
    {
        Some(value) => value,
        None => Value::String(text.to_owned()),
    }
}

fn nest(parts: &[&str], last: &str, value: Value) -> Table {
    let mut table = Table::from_iter([(last.to_owned(), value)]);
    for part in parts.iter().rev() {
        table = Table::from_iter([((*part).to_owned(), Value::Table(table))]);
    }
    table
}

fn merge(
    into: &mut Table,
    from: Table,
    prefix: &str,
    origin: &Origin,
    origins: &mut BTreeMap<String, Origin>,
) {
    for (key, value) in from {
        let path = if prefix.is_empty() {
            key.clone()
        } else {
            format!("{prefix}.{key}")
        };
        match (into.get_mut(&key), value) {
            (Some(Value::Table(old)), Value::Table(new)) => merge(old, new, &path, origin, origins),
            (_, value) => {
                let mut leaves = Vec::new();
                collect_leaves(&path, &value, &mut leaves);
                origins.extend(leaves.into_iter().map(|(leaf, _)| (leaf, origin.clone())));
                into.insert(key, value);
            }
        }
    }
}

fn collect_leaves(path: &str, value: &Value, leaves: &mut Vec<(String, Value)>) {
    let child = |key: &str| {
        if path.is_empty() {
            key.to_owned()
        } else {
            format!("{path}.{key}")
        }
    };
    match value {
        Value::Table(table) => table
            .iter()
            .for_each(|(key, value)| collect_leaves(&child(key), value, leaves)),
        Value::Array(list) if list.iter().any(Value::is_table) => {
            list.iter()
                .enumerate()
                .for_each(|(i, value)| collect_leaves(&child(&i.to_string()), value, leaves));
        }
        _ => leaves.push((path.to_owned(), value.clone())),
    }
}

/// Makes the paths of a file relative to it: dataset files, the model, plugins given by path and the directories granted to
/// them, the run directory.
fn anchor_paths(table: &mut Table, base: &Path) {
    for (section, value) in table.iter_mut() {
        match (section.as_str(), value) {
            ("model" | "run", Value::Table(inner)) => {
                for key in ["path", "out"] {
                    anchor(inner, key, base);
                }
            }
            ("data", Value::Table(sets)) => {
                for (name, set) in sets.iter_mut() {
                    match (name.as_str(), set) {
                        ("test", Value::Table(tests)) => {
                            for (_, test) in tests.iter_mut() {
                                anchor_set(test, base);
                            }
                        }
                        (_, set) => anchor_set(set, base),
                    }
                }
            }
            ("reward", Value::Array(rewards)) => {
                for reward in rewards.iter_mut().filter_map(Value::as_table_mut) {
                    if reward
                        .get("plugin")
                        .and_then(Value::as_str)
                        .is_some_and(|name| name.ends_with(".wasm"))
                    {
                        anchor(reward, "plugin", base);
                    }
                    if let Some(Value::Array(grants)) = reward.get_mut("grant") {
                        grants.iter_mut().for_each(|grant| anchor_grant(grant, base));
                    }
                }
            }
            _ => {}
        }
    }
}

fn anchor_set(set: &mut Value, base: &Path) {
    if let Some(inner) = set.as_table_mut() {
        anchor(inner, "path", base);
    }
}

/// What is no grant is left for the error that names it.
fn anchor_grant(grant: &mut Value, base: &Path) {
    if let Value::String(text) = grant
        && let Ok(granted) = text.parse::<Grant>()
    {
        *text = granted.beneath(base).to_string();
    }
}

fn anchor(table: &mut Table, key: &str, base: &Path) {
    if let Some(Value::String(path)) = table.get_mut(key)
        && !path.is_empty()
    {
        *path = base.join(&*path).to_string_lossy().into_owned();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("restem.toml");
        std::fs::write(&path, text).unwrap();
        (dir, path)
    }

    #[test]
    fn later_layers_win_and_say_so() {
        let (_dir, path) =
            with_file("[train]\nepochs = 2\nbatch_size = 4\n[[reward]]\nplugin = \"exact-match\"\n");
        let mut layers = Layers::default()
            .file(&path)
            .unwrap()
            .environment([("RESTEM__TRAIN__EPOCHS".to_owned(), "5".to_owned())])
            .unwrap();
        layers
            .set("reward.config.case", "\"fold\"", &Origin::Flag("--set".into()))
            .unwrap();
        let resolved = layers.resolve().unwrap();
        assert_eq!(resolved.config.train.epochs, 5);
        assert_eq!(resolved.config.train.batch_size, 4);
        assert_eq!(resolved.config.reward[0].config["case"], "fold");
        let origin = |path: &str| resolved.origins.get(path).map(ToString::to_string);
        assert_eq!(origin("train.epochs").as_deref(), Some("$RESTEM__TRAIN__EPOCHS"));
        assert_eq!(origin("reward.0.config.case").as_deref(), Some("--set"));
        assert_eq!(origin("train.learning_rate"), None);
    }

    #[test]
    fn a_reward_table_is_named_by_its_number() {
        let (_dir, path) = with_file("[[reward]]\nplugin = \"a\"\n[[reward]]\nplugin = \"b\"\n");
        let mut layers = Layers::default()
            .file(&path)
            .unwrap()
            .environment([("RESTEM__REWARD__1__WEIGHT".to_owned(), "0.5".to_owned())])
            .unwrap();
        let flag = Origin::Flag("--set".into());
        layers.set("reward.1.name", "second", &flag).unwrap();
        let error = layers.set("reward.2.name", "third", &flag).unwrap_err();
        insta::assert_snapshot!(error, @"`reward.2.name` from --set: there is no `[[reward]]` table 2; they are counted from 0, and there are 2");
        let resolved = layers.resolve().unwrap();
        let second = &resolved.config.reward[1];
        assert_eq!(
            (second.name.as_deref(), second.weight),
            (Some("second"), Some(0.5))
        );
        assert_eq!(resolved.config.reward[0].name, None);
        assert_eq!(resolved.origins["reward.1.name"].to_string(), "--set");
    }

    #[test]
    fn an_unknown_key_is_an_error_that_names_its_file() {
        let (_dir, path) = with_file("[train]\nepoch = 2\n");
        let error = Layers::default()
            .file(&path)
            .unwrap()
            .resolve()
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("unknown key `train.epoch`: did you mean `epochs`? (from "),
            "{error}"
        );
    }

    #[test]
    fn paths_of_a_file_are_relative_to_it() {
        let (dir, path) = with_file(
            "[model]\npath = \"m\"\n[data.train]\npath = \"t.jsonl\"\n[data.test.a]\npath = \"x\"\n",
        );
        let config = Layers::default().file(&path).unwrap().resolve().unwrap().config;
        assert_eq!(config.model.path, dir.path().join("m"));
        assert_eq!(config.data.train.unwrap().path, dir.path().join("t.jsonl"));
        assert_eq!(config.data.test["a"].path, dir.path().join("x"));
    }

    #[test]
    fn the_resolved_configuration_reads_back() {
        let resolved = Layers::default().resolve().unwrap();
        let text = resolved.to_toml().unwrap();
        let (_dir, path) = with_file(&text);
        assert!(Layers::default().file(&path).unwrap().resolve().is_ok());
    }
}
