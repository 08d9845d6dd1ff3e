//! Sampling from a server, against one that answers what a test wants.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use restem_em::{
    Checkpoint, FinishReason, Flow, Generator, PolicyError, Sample, SampleRequest, Sampling, Seed,
};
use restem_policy::http::{HttpGenerator, HttpOptions};
use serde_json::{Value, json};

/// Status, body.
type Answer = (u16, String);

/// A server on this machine that keeps what it was asked.
struct Server {
    url: String,
    asked: Arc<Mutex<Vec<(String, Value)>>>,
}

/// Serves until the test process ends.
fn serve(answer: impl Fn(usize, &Value) -> Answer + Send + Sync + 'static) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (log, answer) = (Arc::clone(&asked), Arc::new(answer));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
            std::thread::spawn(move || converse(&stream.unwrap(), &log, &*answer));
        }
    });
    Server { url, asked }
}

/// Answers one request and closes the connection.
fn converse(
    mut stream: &TcpStream,
    log: &Mutex<Vec<(String, Value)>>,
    answer: &(impl Fn(usize, &Value) -> Answer + ?Sized),
) {
    let mut reader = BufReader::new(stream);
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line == "\r\n" {
            break;
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    let number = {
        let mut log = log.lock().unwrap();
        log.push((head, body.clone()));
        log.len()
    };
    let (status, text) = answer(number, &body);
    let length = text.len();
    write!(
        stream,
        "HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{text}"
    )
    .unwrap();
}

fn completion(text: &str) -> Answer {
    let body = json!({
        "choices": [{"text": text, "finish_reason": "stop", "index": 0}],
        "usage": {"completion_tokens": 3},
    });
    (200, body.to_string())
}

fn options(url: &str) -> HttpOptions {
    HttpOptions {
        api_key: Some("key".to_owned()),
        concurrency: 3,
        retries: 2,
        first_pause: Duration::ZERO,
        timeout: Duration::from_secs(30),
        ..HttpOptions::new(url)
    }
}

fn sample(url: &str, prompts: &[&str]) -> Result<Vec<Sample>, PolicyError> {
    let mut generator = HttpGenerator::new(options(url)).unwrap();
    let requests: Vec<_> = (prompts.iter())
        .map(|prompt| SampleRequest {
            problem: (*prompt).into(),
            prompt: (*prompt).to_owned(),
            samples: vec![(0, Seed(1)), (1, Seed(u64::MAX))],
        })
        .collect();
    let sampling = Sampling {
        temperature: 0.7,
        top_k: 40,
        top_p: 1.0,
        max_tokens: 8,
        stop: vec!["\n".to_owned()],
    };
    let mut samples = Vec::new();
    generator
        .open(&Checkpoint {
            path: "org/model".into(),
        })?
        .sample(&requests, &sampling, &mut |sample| {
            samples.push(sample);
            Flow::Continue
        })?;
    samples.sort_by(|a, b| (&a.problem, a.k).cmp(&(&b.problem, b.k)));
    Ok(samples)
}

#[test]
fn each_sample_is_asked_for_with_its_own_seed() {
    let server = serve(|_, ask| {
        completion(&format!(
            " {}{}\nQ:",
            ask["prompt"].as_str().unwrap(),
            ask["seed"]
        ))
    });
    let samples = sample(&server.url, &["a", "b"]).unwrap();
    let told: Vec<_> = samples
        .iter()
        .map(|sample| (sample.completion.as_str(), sample.k))
        .collect();
    assert_eq!(
        told,
        [(" a1", 0), (" a2147483647", 1), (" b1", 0), (" b2147483647", 1)]
    );
    assert_eq!(
        (samples[0].tokens, samples[0].finish, samples[0].log_prob),
        (3, FinishReason::Stop, None)
    );
    let asked = server.asked.lock().unwrap();
    let (head, body) = asked
        .iter()
        .find(|(_, body)| body["prompt"] == "a" && body["seed"] == 1)
        .unwrap();
    assert!(head.starts_with("POST /v1/completions HTTP/1.1"));
    assert!(head.to_ascii_lowercase().contains("authorization: bearer key"));
    let sampling = ["n", "max_tokens", "top_k", "model", "stop"].map(|name| body[name].clone());
    assert_eq!(
        sampling,
        [json!(1), json!(8), json!(40), json!("org/model"), json!(["\n"])]
    );
}

#[test]
fn a_busy_server_is_asked_again() {
    let server = serve(|number, _| match number {
        1 => (429, "slow down".to_owned()),
        2 => (503, String::new()),
        _ => completion("x"),
    });
    assert_eq!(sample(&server.url, &["a"]).unwrap().len(), 2);
    assert_eq!(server.asked.lock().unwrap().len(), 4);
}

#[test]
fn a_server_that_says_no_is_quoted() {
    let refused = |status, body: &'static str| {
        let server = serve(move |_, _| (status, body.to_owned()));
        sample(&server.url, &["a"])
            .unwrap_err()
            .to_string()
            .replace(&server.url, "URL")
    };
    insta::assert_snapshot!(refused(404, r#"{"error": {"message": "no model `org/model`"}}"#), @"
    URL/completions answered 404 after 1 attempts: no model `org/model`
      hint: the address should end in /v1, and the model must be one that the server has
    ");
    insta::assert_snapshot!(refused(500, "out of memory"), @"URL/completions answered 500 after 3 attempts: out of memory");
    insta::assert_snapshot!(refused(200, "<html>"), @"
    URL/completions answered, but not with a completion: expected value at line 1 column 1
      hint: the server must speak the OpenAI completions API
    ");
}

#[test]
fn a_server_that_is_not_there_is_named() {
    // Bound and closed again: nobody listens there.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = sample(&format!("http://{address}/v1"), &["a"])
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with(&format!(
            "no answer from http://{address}/v1/completions after 3 attempts"
        )),
        "{error}"
    );
}
