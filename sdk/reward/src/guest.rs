//! The component's side: from the generated interface to [`Reward`] and back. WebAssembly only.

use std::marker::PhantomData;
use std::rc::Rc;
use std::sync::Once;

use self_cell::self_cell;

use crate::{Checker, FaultClass, Kind, Level, Reward, Task};
use bindings::exports::restem::reward::scorer;
use bindings::restem::reward::host;

#[expect(missing_docs, clippy::undocumented_unsafe_blocks, reason = "generated code")]
pub mod bindings {
    wit_bindgen::generate!({
        path: "wit/v0.1",
        world: "reward-plugin",
        runtime_path: "::restem_sdk::guest::wit_bindgen::rt",
        default_bindings_module: "::restem_sdk::guest::bindings",
        export_macro_name: "__export_reward_plugin",
        pub_export_macro: true,
    });
}

pub use wit_bindgen;

/// Name and version of the crate that holds the plugin; [`export!`](crate::export) implements it.
pub trait Packaged {
    /// `CARGO_PKG_NAME`.
    const NAME: &'static str;
    /// `CARGO_PKG_VERSION`.
    const VERSION: &'static str;
}

/// The exported component.
#[derive(Debug)]
pub struct Component<R>(PhantomData<R>);

/// An open session.
#[derive(Debug)]
pub struct Session<R>(Rc<R>);

trait Prepare {
    fn prepare<'a>(&'a self, task: &'a Task) -> Result<Checker<'a>, crate::Fault>;
}

impl<R: Reward> Prepare for R {
    fn prepare<'a>(&'a self, task: &'a Task) -> Result<Checker<'a>, crate::Fault> {
        Reward::prepare(self, task)
    }
}

struct Problem {
    session: Rc<dyn Prepare>,
    task: Task,
}

self_cell!(
    /// A checker with the session and the task it borrows from.
    pub struct Prepared {
        owner: Problem,
        #[not_covariant]
        dependent: Checker,
    }
);

impl<R: Reward + Packaged> scorer::Guest for Component<R> {
    type Session = Session<R>;
    type Checker = Prepared;

    fn describe() -> scorer::Info {
        report_panics();
        let description = R::describe();
        scorer::Info {
            name: description.name.unwrap_or_else(|| R::NAME.to_owned()),
            version: description.version.unwrap_or_else(|| R::VERSION.to_owned()),
            kind: match description.kind {
                Kind::Binary => scorer::Kind::Binary,
                Kind::Graded => scorer::Kind::Graded,
            },
            min: description.min,
            max: description.max,
            config_schema: schemars::schema_for!(R::Config).as_value().to_string(),
        }
    }
}

impl<R: Reward> scorer::GuestSession for Session<R> {
    fn open(config_json: String) -> Result<scorer::Session, scorer::ConfigError> {
        report_panics();
        crate::config::parse(&config_json)
            .and_then(R::open)
            .map(|reward| scorer::Session::new(Self(Rc::new(reward))))
            .map_err(|error| scorer::ConfigError {
                message: error.to_string(),
            })
    }

    fn prepare(&self, task: scorer::Task) -> Result<scorer::Checker, scorer::Fault> {
        // Most problems have none, and each is prepared in an instance of its own.
        let metadata = if matches!(task.metadata.as_str(), "" | "{}") {
            Ok(serde_json::Map::new())
        } else {
            serde_json::from_str(&task.metadata)
        };
        let metadata = metadata.map_err(|error| {
            fault(crate::Fault::malformed_problem(format_args!(
                "`metadata` is no JSON object: {error}"
            )))
        })?;
        let problem = Problem {
            session: self.0.clone(),
            task: Task {
                id: task.id,
                prompt: task.prompt,
                reference: task.reference,
                metadata,
            },
        };
        Prepared::try_new(problem, |problem| problem.session.prepare(&problem.task))
            .map(scorer::Checker::new)
            .map_err(fault)
    }
}

impl scorer::GuestChecker for Prepared {
    fn score(&self, completion: String) -> Result<scorer::Score, scorer::Fault> {
        let score = self
            .with_dependent(|_, checker| checker.score(&completion))
            .map_err(fault)?;
        Ok(scorer::Score {
            value: score.value,
            answer: score.answer,
            note: score.note,
            parts: score.parts,
        })
    }
}

fn fault(fault: crate::Fault) -> scorer::Fault {
    scorer::Fault {
        class: match fault.class {
            FaultClass::MalformedProblem => scorer::FaultClass::MalformedProblem,
            FaultClass::Internal => scorer::FaultClass::Internal,
        },
        message: fault.message,
    }
}

/// Sends a line to the host.
pub(crate) fn log(level: Level, text: &str) {
    let level = match level {
        Level::Debug => host::Level::Debug,
        Level::Info => host::Level::Info,
        Level::Warn => host::Level::Warn,
        Level::Error => host::Level::Error,
    };
    host::log(level, text);
}

/// Makes a panic's text and place reach the host before the trap that ends it: they are lost otherwise.
fn report_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            let message = info.payload_as_str().unwrap_or("a panic without a message");
            let (file, line) = info.location().map_or(("", 0), |at| (at.file(), at.line()));
            host::panicked(message, file, line);
        }));
    });
}
