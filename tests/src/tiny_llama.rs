//! A Llama of 40,000 weights for the torch backend: asked `…: 7;`, it says some digit and ends.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use restem_em::Seed;
use safetensors::tensor::{Dtype, TensorView, serialize_to_file};
use serde_json::json;

const HIDDEN: usize = 32;
const INNER: usize = 64;
const LAYERS: usize = 2;
/// The scripted model's tokens: bytes, then the end and the beginning of a sequence.
const VOCABULARY: usize = 258;
const END: usize = 256;
const BEGIN: usize = 257;
/// Weight from a mark in the hidden state to the logits that it makes likely.
const LIKELY: f32 = 2.0;

/// Writes the model to `dir`, with the tokenizer of the scripted model in `scripted`.
///
/// Hidden states carry a mark behind `;` and another behind a digit, and the head turns those into digits and the end of
/// the sequence; everything else is small noise.
///
/// # Panics
/// When a directory can't be read or written.
pub fn write_tiny_llama(dir: &Path, scripted: &Path) {
    fs::create_dir_all(dir).expect("the model's directory can be made");
    fs::copy(scripted.join("tokenizer.json"), dir.join("tokenizer.json")).expect("the tokenizer is copied");
    let config = json!({
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "dtype": "float32",
        "vocab_size": VOCABULARY, "hidden_size": HIDDEN, "intermediate_size": INNER, "num_hidden_layers": LAYERS,
        "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": HIDDEN / 2, "hidden_act": "silu",
        "max_position_embeddings": 512, "rms_norm_eps": 1e-5, "rope_theta": 10000.0, "tie_word_embeddings": false,
        "attention_bias": false, "mlp_bias": false, "bos_token_id": BEGIN, "eos_token_id": END,
    });
    fs::write(dir.join("config.json"), config.to_string()).expect("the configuration can be written");
    let mut tensors = Vec::new();
    let mut add = |name: String, shape: [usize; 2], values: Vec<f32>| {
        let shape: Vec<usize> = shape.into_iter().filter(|&size| size > 0).collect();
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        tensors.push((name, shape, bytes));
    };
    let marks = |token: usize| [token == usize::from(b';'), (48..58).contains(&token)];
    let mut embedding = noise("embedding", VOCABULARY * HIDDEN);
    let mut head = noise("head", VOCABULARY * HIDDEN);
    for token in 0..VOCABULARY {
        let [asks, answers] = marks(token);
        embedding[token * HIDDEN] += f32::from(asks);
        embedding[token * HIDDEN + 1] += f32::from(answers);
        head[token * HIDDEN] += LIKELY * f32::from(answers);
        head[token * HIDDEN + 1] += LIKELY * f32::from(token == END);
    }
    add(
        "model.embed_tokens.weight".into(),
        [VOCABULARY, HIDDEN],
        embedding,
    );
    add("lm_head.weight".into(), [VOCABULARY, HIDDEN], head);
    add("model.norm.weight".into(), [HIDDEN, 0], vec![1.0; HIDDEN]);
    for layer in 0..LAYERS {
        let place = |name: &str| format!("model.layers.{layer}.{name}.weight");
        for name in ["input_layernorm", "post_attention_layernorm"] {
            add(place(name), [HIDDEN, 0], vec![1.0; HIDDEN]);
        }
        for (name, out, inputs) in [
            ("self_attn.q_proj", HIDDEN, HIDDEN),
            ("self_attn.k_proj", HIDDEN / 2, HIDDEN),
            ("self_attn.v_proj", HIDDEN / 2, HIDDEN),
            ("self_attn.o_proj", HIDDEN, HIDDEN),
            ("mlp.gate_proj", INNER, HIDDEN),
            ("mlp.up_proj", INNER, HIDDEN),
            ("mlp.down_proj", HIDDEN, INNER),
        ] {
            add(place(name), [out, inputs], noise(&place(name), out * inputs));
        }
    }
    let views: HashMap<&str, TensorView<'_>> = tensors
        .iter()
        .map(|(name, shape, bytes)| {
            let view = TensorView::new(Dtype::F32, shape.clone(), bytes);
            (name.as_str(), view.expect("as many bytes as the shape says"))
        })
        .collect();
    serialize_to_file(views, None, &dir.join("model.safetensors")).expect("the weights can be written");
}

/// Numbers between -0.05 and 0.05 that follow from the tensor's name.
fn noise(name: &str, length: usize) -> Vec<f32> {
    let seed = Seed(0).derive(&[name]);
    (0..length)
        .map(|at| {
            let drawn = seed.derive(&[&at.to_string()]).0;
            ((drawn >> 40) as f32 / (1_u32 << 24) as f32 - 0.5) / 10.0
        })
        .collect()
}
