//! How samples end, are cancelled and are refused.

use restem_policy_abi::{Cancel, Finish, Prompt, Sampling};
use restem_torch::{Model, Stream};
use tch::{Device, Kind, Tensor};

use crate::golden::{CASES, Golden};
use crate::streams::{Problem, finish, run};

fn model(case: &str) -> Model {
    Model::load(&Golden::read(case).directory, Device::Cpu, Kind::Float).unwrap()
}

#[test]
fn greedy_continuations_equal_those_of_transformers() {
    for case in CASES {
        let golden = Golden::read(case);
        let prompt = golden.tokens.iter().map(|&token| token as u32).collect();
        let greedy = Problem {
            temperature: 0.0,
            ..Problem::new(prompt, 0..1, golden.greedy.len() as u32)
        };
        let drawings = run(&model(case), 4, &[greedy]);
        let tokens: Vec<i64> = drawings[&0]
            .0
            .iter()
            .map(|&(token, _)| i64::from(token))
            .collect();
        assert_eq!(tokens, golden.greedy, "{case}");
    }
}

#[test]
fn log_probabilities_are_those_of_the_full_forward_pass() {
    for case in CASES {
        let model = model(case);
        let prompt: Vec<u32> = (0..50).map(|at| 3 + at * 5 % 110).collect();
        let drawings = run(&model, 4, &[Problem::new(prompt.clone(), 0..1, 20)]);
        let drawn = &drawings[&0].0;
        let tokens: Vec<i64> = prompt
            .iter()
            .chain(drawn.iter().map(|(token, _)| token))
            .map(|&t| t.into())
            .collect();
        let hidden = model.forward(&Tensor::from_slice(&tokens).unsqueeze(0));
        let expected = model.logits(&hidden).squeeze_dim(0).log_softmax(-1, Kind::Float);
        for (index, &(token, bits)) in drawn.iter().enumerate() {
            let expected = expected.double_value(&[(prompt.len() + index - 1) as i64, token.into()]);
            let error = (f64::from(f32::from_bits(bits)) - expected).abs();
            assert!(error < 1e-4, "{case}, token {index}: {error:e}");
        }
    }
}

#[test]
fn a_stop_token_ends_a_sample_and_is_reported() {
    let model = model("qwen2");
    let free = run(&model, 4, &[Problem::new(vec![5, 6], 0..1, 20)]);
    let (tokens, end) = &free[&0];
    assert_eq!((tokens.len(), *end), (20, Some(Finish::Length)));
    let stop = tokens[7].0;
    let first = tokens.iter().position(|&(token, _)| token == stop).unwrap();
    let stopping = Problem {
        stop_tokens: vec![stop],
        ..Problem::new(vec![5, 6], 0..1, 20)
    };
    let stopped = run(&model, 4, &[stopping]);
    assert_eq!(stopped[&0], (tokens[..=first].to_vec(), Some(Finish::StopToken)));
}

#[test]
fn a_cancelled_sample_is_heard_of_no_more_and_the_others_go_on() {
    let model = model("llama-linear-rope");
    let problem = Problem::new(vec![5, 6, 7], 0..6, 10);
    let all = run(&model, 4, std::slice::from_ref(&problem));
    let mut stream = Stream::new(&model, 4).unwrap();
    problem.submit(&mut stream);
    let mut drawn = Vec::new();
    assert_eq!(stream.step(&mut drawn).unwrap(), 6);
    assert_eq!(drawn.len(), 4);
    stream.cancel(Cancel::Listed(&[1, 5, 99]));
    let rest = finish(&mut stream);
    assert_eq!(rest.keys().copied().collect::<Vec<_>>(), [0, 2, 3, 4]);
    assert_eq!(rest[&4], all[&4]);
    problem.submit(&mut stream);
    stream.cancel(Cancel::All);
    assert!(finish(&mut stream).is_empty());
}

#[test]
fn the_context_bounds_a_sample() {
    let model = model("gemma3");
    let positions = model.config.max_positions as u32;
    let prompt = vec![5; positions as usize - 3];
    let drawings = run(&model, 2, &[Problem::new(prompt, 0..1, 100)]);
    assert_eq!((drawings[&0].0.len(), drawings[&0].1), (4, Some(Finish::Length)));
}

#[test]
fn requests_out_of_range_are_refused_with_the_bound() {
    let model = model("gemma3");
    let mut stream = Stream::new(&model, 2).unwrap();
    let good = Sampling {
        temperature: 1.0,
        top_p: 1.0,
        top_k: 0,
        max_tokens: 1,
        stop_tokens: &[],
    };
    let mut refusal = |tokens: &[u32], sampling| {
        stream
            .submit(&Prompt {
                tokens,
                samples: &[],
                sampling,
            })
            .unwrap_err()
            .to_string()
    };
    insta::assert_snapshot!(refusal(&[], good), @"prompt tokens = 0 is out of range: 1 to 255, so that the model's context has room");
    insta::assert_snapshot!(refusal(&[128], good), @"prompt token = 128 is out of range: the vocabulary ends at 127");
    insta::assert_snapshot!(
        refusal(&[1], Sampling { temperature: f32::NAN, ..good }),
        @"temperature = NaN is out of range: 0 (greedy) or more"
    );
    insta::assert_snapshot!(
        refusal(&[1], Sampling { top_p: 0.0, ..good }),
        @"top_p = 0 is out of range: more than 0, at most 1"
    );
    insta::assert_snapshot!(
        refusal(&[1], Sampling { max_tokens: 0, ..good }),
        @"max_tokens = 0 is out of range: 1 or more"
    );
    let error = Stream::new(&model, 0).err().unwrap();
    insta::assert_snapshot!(error, @"rows = 0 is out of range: 1 to 4096");
}
