//! Asking, and asking again.

use std::time::Duration;

use reqwest::header::RETRY_AFTER;
use reqwest::{Client, Response, StatusCode};

use super::HttpError;
use super::completion::{Ask, refusal};
use crate::env::{API_KEY, Environment};

/// Longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How to reach a server.
#[derive(Debug, Clone)]
pub struct HttpOptions {
    /// Such as `http://localhost:8000/v1`.
    pub base_url: String,
    /// Sent as a bearer token.
    pub api_key: Option<String>,
    /// Requests under way at a time.
    pub concurrency: usize,
    /// Attempts after the first, when the server is busy (429), fails (5xx) or can't be reached.
    pub retries: u32,
    /// Pause before the second attempt; it doubles from then on, and the server may ask for a longer one.
    pub first_pause: Duration,
    /// Longest time for one answer.
    pub timeout: Duration,
}

impl HttpOptions {
    /// Options for a server, with the key of the environment.
    #[must_use]
    pub fn new(base_url: impl Into<String>) -> Self {
        Self {
            base_url: base_url.into(),
            api_key: Environment::of_process().text(API_KEY).map(str::to_owned),
            concurrency: 32,
            retries: 6,
            first_pause: Duration::from_millis(500),
            timeout: Duration::from_secs(600),
        }
    }
}

/// A client of one server.
#[derive(Debug)]
pub(super) struct Server {
    client: Client,
    url: String,
    options: HttpOptions,
}

/// An attempt that may be repeated.
enum Attempt {
    Answered(Vec<u8>),
    Again {
        pause: Option<Duration>,
        failure: HttpError,
    },
}

impl Server {
    pub(super) fn new(options: HttpOptions) -> Result<Self, HttpError> {
        // An error means that the process has a provider already, which will do.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder()
            .timeout(options.timeout)
            .build()
            .map_err(HttpError::Client)?;
        let url = format!("{}/completions", options.base_url.trim_end_matches('/'));
        Ok(Self { client, url, options })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    pub(super) const fn options(&self) -> &HttpOptions {
        &self.options
    }

    /// The body of the answer, after as many attempts as are allowed.
    pub(super) async fn ask(&self, ask: &Ask) -> Result<Vec<u8>, HttpError> {
        let mut pause = self.options.first_pause;
        let mut attempts = 1;
        loop {
            let (asked_for, failure) = match self.attempt(ask, attempts).await? {
                Attempt::Answered(body) => return Ok(body),
                Attempt::Again { pause, failure } => (pause, failure),
            };
            if attempts > self.options.retries {
                return Err(failure);
            }
            tokio::time::sleep(asked_for.unwrap_or(pause).min(LONGEST_PAUSE)).await;
            pause *= 2;
            attempts += 1;
        }
    }

    async fn attempt(&self, ask: &Ask, attempts: u32) -> Result<Attempt, HttpError> {
        let unreachable = |error: &reqwest::Error| HttpError::Unreachable {
            url: self.url.clone(),
            attempts,
            reason: innermost(error),
        };
        let mut request = self.client.post(&self.url).json(ask);
        if let Some(key) = &self.options.api_key {
            request = request.bearer_auth(key);
        }
        let response = match request.send().await {
            Ok(response) => response,
            Err(error) if error.is_builder() => return Err(unreachable(&error)),
            Err(error) => {
                return Ok(Attempt::Again {
                    pause: None,
                    failure: unreachable(&error),
                });
            }
        };
        let (status, pause) = (response.status(), asked_pause(&response));
        let body = match response.bytes().await {
            Ok(body) => body,
            Err(error) => {
                return Ok(Attempt::Again {
                    pause: None,
                    failure: unreachable(&error),
                });
            }
        };
        if status.is_success() {
            return Ok(Attempt::Answered(body.into()));
        }
        let (url, message) = (self.url.clone(), refusal(&body));
        let failure = HttpError::Refused {
            url,
            attempts,
            status: status.as_u16(),
            message,
        };
        if status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error() {
            Ok(Attempt::Again { pause, failure })
        } else {
            Err(failure)
        }
    }
}

/// `Retry-After` in seconds.
fn asked_pause(response: &Response) -> Option<Duration> {
    let seconds = response.headers().get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// The cause that says most: reqwest's own text repeats the address and says "error sending request".
fn innermost(error: &dyn std::error::Error) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
