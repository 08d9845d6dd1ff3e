//! What goes over the wire.

use restem_em::{FinishReason, Sampling, Seed};
use serde::{Deserialize, Serialize};

/// Body of `POST /v1/completions`.
///
/// One sample each: the API's `seed` belongs to a request, and a sample must depend on its own seed only.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Ask {
    model: String,
    prompt: String,
    n: u32,
    seed: u32,
    max_tokens: u32,
    temperature: f32,
    top_p: f32,
    /// Not in OpenAI's API, but in that of vLLM, llama.cpp and others; left out when it does nothing.
    #[serde(skip_serializing_if = "is_zero")]
    top_k: u32,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stop: Vec<String>,
}

const fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl Ask {
    pub(super) fn new(model: &str, prompt: &str, seed: Seed, sampling: &Sampling) -> Self {
        Self {
            model: model.to_owned(),
            prompt: prompt.to_owned(),
            n: 1,
            // Servers differ in how wide a seed may be; all take 31 bits.
            seed: (seed.0 & 0x7fff_ffff) as u32,
            max_tokens: sampling.max_tokens,
            temperature: sampling.temperature,
            top_p: sampling.top_p,
            top_k: sampling.top_k,
            stop: sampling.stop.clone(),
        }
    }
}

/// A completion as the server tells it.
#[derive(Debug, Deserialize)]
struct Answer {
    choices: Vec<Choice>,
    #[serde(default)]
    usage: Option<Usage>,
}

#[derive(Debug, Deserialize)]
struct Choice {
    text: String,
    finish_reason: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
struct Usage {
    #[serde(default)]
    completion_tokens: u32,
}

/// What we take from an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Completion {
    pub(super) text: String,
    /// 0 where the server does not tell.
    pub(super) tokens: u32,
    pub(super) finish: FinishReason,
}

/// Reads an answer's body. The error says what is wrong with it.
pub(super) fn read(body: &[u8], stop: &[String]) -> Result<Completion, String> {
    let answer: Answer = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let choice = answer.choices.into_iter().next().ok_or("it has no choices")?;
    let finish = match choice.finish_reason.as_deref() {
        Some("stop") => FinishReason::Stop,
        Some("length") => FinishReason::Length,
        other => return Err(format!("finish_reason is {other:?}, not `stop` or `length`")),
    };
    let mut text = choice.text;
    // Some servers leave the stop string in.
    let cut = stop.iter().filter_map(|stop| text.find(stop.as_str())).min();
    text.truncate(cut.unwrap_or(text.len()));
    let finish = if cut.is_some() { FinishReason::Stop } else { finish };
    Ok(Completion {
        text,
        tokens: answer.usage.unwrap_or_default().completion_tokens,
        finish,
    })
}

/// What a refusal says: `error.message` where there is one, else the beginning of the body.
pub(super) fn refusal(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Refusal {
        error: Message,
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Message {
        Object { message: String },
        Text(String),
    }
    match serde_json::from_slice(body) {
        Ok(Refusal {
            error: Message::Object { message } | Message::Text(message),
        }) => message,
        Err(_) => String::from_utf8_lossy(body).trim().chars().take(300).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_string_that_the_server_left_in_is_cut_off() {
        let body = br#"{"choices": [{"text": "7\nQ: next", "finish_reason": "length"}]}"#;
        let completion = read(body, &["\n".to_owned()]).unwrap();
        assert_eq!(
            completion,
            Completion {
                text: "7".to_owned(),
                tokens: 0,
                finish: FinishReason::Stop
            }
        );
    }

    #[test]
    fn an_answer_that_is_none_says_why() {
        let reason = |body: &[u8]| read(body, &[]).unwrap_err();
        assert_eq!(reason(br#"{"choices": []}"#), "it has no choices");
        let aborted = reason(br#"{"choices": [{"text": "", "finish_reason": "abort"}]}"#);
        assert_eq!(
            aborted,
            "finish_reason is Some(\"abort\"), not `stop` or `length`"
        );
        assert!(reason(b"<html>").starts_with("expected value"));
    }

    #[test]
    fn refusals_come_in_several_shapes() {
        assert_eq!(
            refusal(br#"{"error": {"message": "no such model", "code": 404}}"#),
            "no such model"
        );
        assert_eq!(refusal(br#"{"error": "overloaded"}"#), "overloaded");
        assert_eq!(refusal(b" Bad gateway\n"), "Bad gateway");
    }
}
