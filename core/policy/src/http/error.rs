//! What can go wrong between the core and a completions server.

use restem_em::PolicyError;

/// A completions server can't be used, or failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HttpError {
    /// The client can't be made.
    #[error("cannot make an HTTP client: {0}")]
    Client(#[source] reqwest::Error),

    /// The runtime can't be made.
    #[error("cannot start threads for HTTP: {0}")]
    Threads(#[source] std::io::Error),

    /// No answer.
    #[error(
        "no answer from {url} after {attempts} attempts: {reason}\n  hint: is the server up, and is this its address?"
    )]
    Unreachable {
        /// What was asked.
        url: String,
        /// How often.
        attempts: u32,
        /// What the last attempt met.
        reason: String,
    },

    /// An answer that says no.
    #[error("{url} answered {status} after {attempts} attempts: {message}{}", hint(*status))]
    Refused {
        /// What was asked.
        url: String,
        /// How often.
        attempts: u32,
        /// HTTP status code.
        status: u16,
        /// What the server said.
        message: String,
    },

    /// An answer that makes no sense.
    #[error(
        "{url} answered, but not with a completion: {reason}\n  hint: the server must speak the OpenAI completions API"
    )]
    NotACompletion {
        /// What was asked.
        url: String,
        /// What is wrong.
        reason: String,
    },
}

fn hint(status: u16) -> String {
    match status {
        401 | 403 => format!("\n  hint: set {} to a key of this server", crate::env::API_KEY),
        404 => "\n  hint: the address should end in /v1, and the model must be one that the server has"
            .to_owned(),
        _ => String::new(),
    }
}

impl From<HttpError> for PolicyError {
    fn from(error: HttpError) -> Self {
        Self::message(error.to_string())
    }
}
