//! The loop with neither model nor trainer of its own: samples from a server, weights from a command.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use restem_tests::{World, restem};
use serde_json::{Value, json};

/// A server of the completions API. Asked `…: 7;`, it says 7: always where the model's name ends in a trained checkpoint's,
/// every third seed otherwise.
struct Server {
    url: String,
    models: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(base: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1", listener.local_addr().unwrap());
        let models = Arc::<Mutex<Vec<String>>>::default();
        let seen = Arc::clone(&models);
        // It ends with the test's process.
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (base, seen) = (base.clone(), Arc::clone(&seen));
                thread::spawn(move || serve(stream.unwrap(), &base, &seen));
            }
        });
        Self { url, models }
    }
}

/// Answers every request of a connection.
fn serve(stream: TcpStream, base: &str, models: &Mutex<Vec<String>>) {
    let mut from = BufReader::new(stream.try_clone().unwrap());
    let mut to = stream;
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if from.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut body = vec![0; length];
        from.read_exact(&mut body).unwrap();
        let ask: Value = serde_json::from_slice(&body).unwrap();
        let answer = json!({
            "choices": [{"text": completion(&ask, base), "finish_reason": "stop"}],
            "usage": {"completion_tokens": 1},
        })
        .to_string();
        let mut models = models.lock().unwrap();
        let model = ask["model"].as_str().unwrap().to_owned();
        if !models.contains(&model) {
            models.push(model);
        }
        drop(models);
        write!(
            to,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{answer}",
            answer.len()
        )
        .unwrap();
    }
}

fn completion(ask: &Value, base: &str) -> String {
    let prompt = ask["prompt"].as_str().unwrap();
    let digit = prompt.trim_end_matches(';').chars().last().unwrap();
    let trained = ask["model"].as_str().unwrap() != base;
    let knows = trained || ask["seed"].as_u64().unwrap().is_multiple_of(3);
    if knows { digit } else { 'x' }.to_string()
}

#[test]
#[ignore = "needs built plugins: cargo xtask test"]
fn a_server_samples_and_a_command_trains() {
    let world = World::new(30);
    let server = Server::start(world.path("model").to_string_lossy().into_owned());
    // The command keeps what it was given: that is all there is to its weights.
    let command = json!([
        "sh",
        "-c",
        "mkdir -p \"$1\" && cp \"$0\" \"$1/model.safetensors\"",
        "{data}",
        "{out}"
    ]);
    let output = restem()
        .arg("run")
        .arg(world.config())
        .args([
            "--progress",
            "plain",
            "--set",
            "run.max_iterations=1",
            "--set",
            "run.compare=[]",
        ])
        .args(["--set", &format!("model.http_url={}", server.url)])
        .args(["--set", &format!("model.train_command={command}")])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let summary: Value = serde_json::from_slice(&fs::read(world.path("run/summary.json")).unwrap()).unwrap();
    let held_out = |arm: &str| {
        let arms = summary["arms"].as_array().unwrap();
        let arm = arms.iter().find(|found| found["arm"] == arm).unwrap();
        arm["greedy"][1]["pass_at_1"]["value"].as_f64().unwrap()
    };
    assert!(held_out("base") < 0.8, "{summary}");
    assert_eq!(held_out("iteration-1"), 1.0, "{summary}");
    let models = server.models.lock().unwrap().clone();
    assert_eq!(models.len(), 2, "the base model and one checkpoint: {models:?}");
    let data = fs::read_to_string(std::path::Path::new(&models[1]).join("model.safetensors")).unwrap();
    assert!(data.lines().count() > 10, "{data}");
    for line in data.lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let prompt = row["prompt"].as_str().unwrap().trim_end_matches(';');
        let completion = row["completion"].as_str().unwrap();
        assert!(prompt.ends_with(completion.trim_end_matches("<end>")), "{row}");
    }
}
