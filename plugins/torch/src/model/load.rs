//! From a Hugging Face directory to a [`Model`].

use std::path::Path;

use restem_policy_abi::{Lora, adapter_base};
use tch::{Device, Kind, Tensor};

use crate::checkpoint::Checkpoint;
use crate::config::ModelConfig;
use crate::error::Result;
use crate::lora;
use crate::model::{Layer, Linear, Model, Norm};

impl Model {
    /// Loads `config.json` and the safetensors files of `directory`, converting the weights to `kind` on `device`. Of an
    /// adapter directory it loads the base model and merges the adapter into its weights.
    ///
    /// # Errors
    /// Everything that [`ModelConfig::read`] and [`Checkpoint`] refuse, and adapters that don't fit their base.
    pub fn load(directory: &Path, device: Device, kind: Kind) -> Result<Self> {
        let Some(base) = adapter_base(directory)? else {
            return Self::load_whole(directory, device, kind);
        };
        let mut model = Self::load_whole(&base, device, kind)?;
        lora::load(&mut model, directory)?;
        model.merge();
        Ok(model)
    }

    /// Loads a model whose adapters are to be trained: new ones on the model of `directory`, or those that are there when it
    /// is an adapter directory.
    ///
    /// # Errors
    /// As [`Model::load`]; targets that the model has not, and adapters that differ from what `lora` asks for.
    pub fn load_adapted(directory: &Path, device: Device, kind: Kind, lora: &Lora) -> Result<Self> {
        let Some(base) = adapter_base(directory)? else {
            let mut model = Self::load_whole(directory, device, kind)?;
            lora::attach(&mut model, lora)?;
            return Ok(model);
        };
        let mut model = Self::load_whole(&base, device, kind)?;
        lora::load(&mut model, directory)?;
        lora::check(&model, directory, lora)?;
        Ok(model)
    }

    fn load_whole(directory: &Path, device: Device, kind: Kind) -> Result<Self> {
        let config = ModelConfig::read(directory)?;
        let checkpoint = Checkpoint::open(directory)?;
        Loader {
            checkpoint: &checkpoint,
            config: &config,
            device,
            kind,
        }
        .model()
    }
}

struct Loader<'a> {
    checkpoint: &'a Checkpoint,
    config: &'a ModelConfig,
    device: Device,
    kind: Kind,
}

impl Loader<'_> {
    fn model(&self) -> Result<Model> {
        let config = self.config;
        let head = match config.tied {
            true => None,
            false => Some(self.linear("", &[("lm_head", config.vocab_size)], config.hidden_size, false)?),
        };
        Ok(Model {
            embedding: self.tensor(
                "model.embed_tokens.weight",
                &[config.vocab_size, config.hidden_size],
            )?,
            layers: (0..config.layers.len())
                .map(|index| self.layer(index))
                .collect::<Result<_>>()?,
            norm: self.norm("model.norm.weight".into(), config.hidden_size)?,
            head,
            config: config.clone(),
        })
    }

    fn layer(&self, index: usize) -> Result<Layer> {
        let ModelConfig {
            hidden_size,
            mlp_size,
            head_dim,
            bias,
            ..
        } = *self.config;
        let (q_rows, kv_rows) = (self.config.heads * head_dim, self.config.kv_heads * head_dim);
        let base = format!("model.layers.{index}.");
        let norm = |name: &str, width| self.norm(format!("{base}{name}.weight"), width);
        // Gemma's `post_attention_layernorm` follows attention; Llama's, of the same name, precedes the MLP.
        let sandwich = self.config.sandwich_norms;
        let mlp_norm = if sandwich {
            "pre_feedforward_layernorm"
        } else {
            "post_attention_layernorm"
        };
        let outer = |name| sandwich.then(|| norm(name, hidden_size)).transpose();
        let qk_norm = match self.config.qk_norm {
            true => Some((
                norm("self_attn.q_norm", head_dim)?,
                norm("self_attn.k_norm", head_dim)?,
            )),
            false => None,
        };
        let (qkv, gate_up) = match self.config.stacked_in_file {
            true => (
                vec![("self_attn.qkv_proj", q_rows + 2 * kv_rows)],
                vec![("mlp.gate_up_proj", 2 * mlp_size)],
            ),
            false => (
                vec![
                    ("self_attn.q_proj", q_rows),
                    ("self_attn.k_proj", kv_rows),
                    ("self_attn.v_proj", kv_rows),
                ],
                vec![("mlp.gate_proj", mlp_size), ("mlp.up_proj", mlp_size)],
            ),
        };
        Ok(Layer {
            attention_norm: norm("input_layernorm", hidden_size)?,
            qkv: self.linear(&base, &qkv, hidden_size, bias.qkv)?,
            qk_norm,
            out: self.linear(&base, &[("self_attn.o_proj", hidden_size)], q_rows, bias.out)?,
            attention_out_norm: outer("post_attention_layernorm")?,
            mlp_norm: norm(mlp_norm, hidden_size)?,
            gate_up: self.linear(&base, &gate_up, hidden_size, bias.mlp)?,
            down: self.linear(&base, &[("mlp.down_proj", hidden_size)], mlp_size, bias.mlp)?,
            mlp_out_norm: outer("post_feedforward_layernorm")?,
            span: self.config.layers[index],
        })
    }

    fn norm(&self, name: String, width: i64) -> Result<Norm> {
        let weight = self.tensor(&name, &[width])?;
        Ok(Norm {
            name,
            weight,
            offset: self.config.norm_offset,
            eps: self.config.norm_eps,
        })
    }

    fn linear(&self, base: &str, parts: &[(&str, i64)], width: i64, bias: bool) -> Result<Linear> {
        let load = |suffix: &str, columns: &[i64]| -> Result<Tensor> {
            let each = parts.iter().map(|&(name, rows)| {
                let shape: Vec<i64> = [rows].iter().chain(columns).copied().collect();
                self.tensor(&format!("{base}{name}.{suffix}"), &shape)
            });
            let each = each.collect::<Result<Vec<_>>>()?;
            Ok(if each.len() == 1 {
                each[0].shallow_clone()
            } else {
                Tensor::f_cat(&each, 0)?
            })
        };
        Ok(Linear {
            parts: parts
                .iter()
                .map(|&(name, rows)| (format!("{base}{name}"), rows))
                .collect(),
            weight: load("weight", &[width])?,
            bias: bias.then(|| load("bias", &[])).transpose()?,
            adapter: None,
        })
    }

    fn tensor(&self, name: &str, shape: &[i64]) -> Result<Tensor> {
        self.checkpoint.load(name, shape, self.kind, self.device)
    }
}
