//! What a decoder-only transformer looks like, read from a Hugging Face `config.json`.

mod fields;
mod rope_fields;

pub use fields::Fields;
pub(crate) use rope_fields::{gemma_ropes, phi_original_positions, phi_rope, single_rope};

use std::path::Path;

use tch::Kind;

use crate::arch;
use crate::error::{Result, TorchError};

/// Everything the shared building blocks need to know about a model.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelConfig {
    /// Class name in `architectures`, for example `Gemma3ForCausalLM`.
    pub architecture: &'static str,
    /// Tokens in the vocabulary.
    pub vocab_size: i64,
    /// Width of the residual stream.
    pub hidden_size: i64,
    /// Width of the gated MLP.
    pub mlp_size: i64,
    /// Query heads.
    pub heads: i64,
    /// Key/value heads; divides `heads`.
    pub kv_heads: i64,
    /// Width of one head.
    pub head_dim: i64,
    /// One entry per layer.
    pub layers: Vec<Span>,
    /// How many positions a sliding layer sees, itself included.
    pub window: Option<i64>,
    /// Added to the mean square before its root.
    pub norm_eps: f64,
    /// Added to each stored norm weight (Gemma stores `w` for a factor `1 + w`).
    pub norm_offset: f64,
    /// Whether the outputs of attention and MLP are normalised too (Gemma).
    pub sandwich_norms: bool,
    /// Whether queries and keys are normalised per head (Gemma 3, Qwen 3).
    pub qk_norm: bool,
    /// Whether the checkpoint holds query, key and value as one tensor, and gate and up as another (Phi-3).
    pub stacked_in_file: bool,
    /// Which projections have a bias.
    pub bias: Biases,
    /// Activation of the MLP gate.
    pub activation: Activation,
    /// Factor on the embeddings, rounded to the compute dtype as transformers does.
    pub embed_scale: Option<f64>,
    /// What becomes of attention scores before the softmax.
    pub attention_scale: AttentionScale,
    /// Logits `l` become `cap * tanh(l / cap)` (Gemma 2).
    pub logit_cap: Option<f64>,
    /// Whether the head reuses the embedding matrix.
    pub tied: bool,
    /// Rotary embedding of full-attention layers.
    pub rope_full: Rope,
    /// Rotary embedding of sliding layers.
    pub rope_sliding: Rope,
    /// Positions that the model was made for.
    pub max_positions: i64,
    /// Tokens that end a sequence.
    pub stop_tokens: Vec<i64>,
}

/// Which earlier positions a layer attends to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    /// All of them.
    Full,
    /// The last [`ModelConfig::window`].
    Sliding,
}

/// What becomes of attention scores before the softmax.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AttentionScale {
    /// Factor on them.
    pub factor: f64,
    /// Scaled scores `s` become `cap * tanh(s / cap)` (Gemma 2).
    pub cap: Option<f64>,
}

impl AttentionScale {
    /// The usual one for heads of this width.
    pub fn of_width(head_dim: i64) -> Self {
        Self {
            factor: (head_dim as f64).powf(-0.5),
            cap: None,
        }
    }
}

/// Activation of the MLP gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activation {
    /// `x * sigmoid(x)`.
    Silu,
    /// The tanh approximation of GELU.
    GeluTanh,
}

/// Which projections carry a bias vector.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Biases {
    /// Query, key and value.
    pub qkv: bool,
    /// Attention output.
    pub out: bool,
    /// Gate, up and down.
    pub mlp: bool,
}

/// A rotary embedding's base and the stretching of its wavelengths.
#[derive(Clone, Debug, PartialEq)]
pub struct Rope {
    /// Base of the wavelengths.
    pub theta: f64,
    /// Leading part of each head that is rotated: 1 for all of it.
    pub share: f64,
    /// How the wavelengths are stretched for longer contexts.
    pub scaling: RopeScaling,
}

impl Rope {
    /// How many of a head's numbers are rotated.
    pub fn rotated(&self, head_dim: i64) -> i64 {
        (head_dim as f64 * self.share) as i64
    }
}

/// How rotary wavelengths are stretched.
#[derive(Clone, Debug, PartialEq)]
pub enum RopeScaling {
    /// Not at all.
    None,
    /// All by the same factor.
    Linear {
        /// The factor.
        factor: f64,
    },
    /// Llama 3.1: long wavelengths by `factor`, short ones not, a ramp between.
    Llama3 {
        /// Factor for long wavelengths.
        factor: f64,
        /// `original_positions / low` is the wavelength from which `factor` applies in full.
        low: f64,
        /// `original_positions / high` is the wavelength up to which nothing changes.
        high: f64,
        /// Context length of the original model.
        original_positions: f64,
    },
    /// LongRoPE within the original context: a factor for each plane.
    Long {
        /// Factors on the wavelengths, one per plane.
        factors: Vec<f64>,
        /// Factor on queries and keys, for the longer context that the model was tuned for.
        magnitude: f64,
    },
}

impl ModelConfig {
    /// Reads `DIR/config.json` and, for stop tokens, `DIR/generation_config.json` when it is there.
    ///
    /// # Errors
    /// Unreadable files, JSON that does not parse, an architecture outside the registry, and fields that are missing
    /// or ask for something that the backend does not do (each named).
    pub fn read(directory: &Path) -> Result<Self> {
        let config = read_json(&directory.join("config.json"))?;
        let mut model = Self::from_json(&config)?;
        let generation = directory.join("generation_config.json");
        if generation.exists() {
            let generation = read_json(&generation)?;
            let extra = Fields::new("generation_config.json", &generation)?.token_ids("eos_token_id")?;
            for token in extra {
                if !model.stop_tokens.contains(&token) {
                    model.stop_tokens.push(token);
                }
            }
        }
        Ok(model)
    }

    /// The same from a parsed `config.json`.
    ///
    /// # Errors
    /// As [`ModelConfig::read`].
    pub fn from_json(config: &serde_json::Value) -> Result<Self> {
        let architecture = arch::find(config)?;
        let fields = Fields::new(architecture.class, config)?;
        fields.must_be_absent_or("quantization_config", &[])?;
        let model = (architecture.configure)(&fields)?;
        model.check()?;
        Ok(model)
    }

    /// Query heads that share one key/value head.
    pub fn group_size(&self) -> i64 {
        self.heads / self.kv_heads
    }

    /// Makes every layer see the last `window` positions only, or all of them when there is none.
    pub(crate) fn slide_everywhere(&mut self, window: Option<i64>) {
        if window.is_some() {
            self.layers.fill(Span::Sliding);
        }
        self.window = window;
    }

    fn check(&self) -> Result<()> {
        let divides = |field: &str, value: i64, what: String, ok: bool| {
            if ok {
                return Ok(());
            }
            Err(TorchError::Field {
                field: field.into(),
                found: value.to_string(),
                expected: what,
            })
        };
        divides(
            "num_key_value_heads",
            self.kv_heads,
            format!("a divisor of num_attention_heads = {}", self.heads),
            self.heads % self.kv_heads == 0,
        )?;
        divides(
            "head_dim",
            self.head_dim,
            "an even number".into(),
            self.head_dim % 2 == 0,
        )?;
        for rope in [&self.rope_full, &self.rope_sliding] {
            let rotated = rope.rotated(self.head_dim);
            if rotated < 2 || rotated % 2 != 0 || rotated > self.head_dim {
                return Err(TorchError::Field {
                    field: "partial_rotary_factor".into(),
                    found: rope.share.to_string(),
                    expected: format!(
                        "a factor that rotates an even number of a head's {} dimensions, not {rotated}",
                        self.head_dim
                    ),
                });
            }
        }
        if self.layers.contains(&Span::Sliding) && self.window.is_none() {
            return Err(TorchError::MissingField {
                field: "sliding_window".into(),
                architecture: self.architecture,
            });
        }
        Ok(())
    }
}

/// The type that the weights of a model directory are stored in, as `config.json` says; f16 counts as bf16.
///
/// # Errors
/// When `config.json` cannot be read or names another type.
pub(crate) fn stored_kind(directory: &Path) -> Result<Kind> {
    let config = read_json(&directory.join("config.json"))?;
    let fields = Fields::new("the model", &config)?;
    let (key, named) = match fields.text("dtype")? {
        Some(named) => ("dtype", Some(named)),
        None => ("torch_dtype", fields.text("torch_dtype")?),
    };
    match named {
        None | Some("float32") => Ok(Kind::Float),
        Some("bfloat16" | "float16") => Ok(Kind::BFloat16),
        Some(other) => Err(fields.wrong(key, &other.into(), "`bfloat16`, `float16` or `float32`")),
    }
}

/// Reads and parses one JSON file.
pub(crate) fn read_json(path: &Path) -> Result<serde_json::Value> {
    let text = std::fs::read(path).map_err(|source| TorchError::File {
        action: "read",
        path: path.into(),
        source,
    })?;
    serde_json::from_slice(&text).map_err(|source| TorchError::Json {
        path: path.into(),
        source,
    })
}
