//! One decoder layer, split where attention goes: training, prefill and decoding attend in different ways and share the
//! rest.

use tch::Tensor;

use crate::config::{Activation, ModelConfig, Span};
use crate::elementwise::row_by_row;
use crate::lora;
use crate::model::{Angles, Linear, Norm, Parameter};

/// The weights of one layer.
pub struct Layer {
    /// Before attention.
    pub attention_norm: Norm,
    /// Query, key and value, stacked.
    pub qkv: Linear,
    /// Norms of each query and key head.
    pub qk_norm: Option<(Norm, Norm)>,
    /// Attention output.
    pub out: Linear,
    /// After attention, before the residual sum.
    pub attention_out_norm: Option<Norm>,
    /// Before the MLP.
    pub mlp_norm: Norm,
    /// Gate and up, stacked.
    pub gate_up: Linear,
    /// Down.
    pub down: Linear,
    /// After the MLP, before the residual sum.
    pub mlp_out_norm: Option<Norm>,
    /// What this layer attends to.
    pub span: Span,
}

/// Queries `[…, heads, head_dim]`, keys and values `[…, kv_heads, head_dim]`, normalised and rotated.
pub struct Projected {
    /// Queries.
    pub q: Tensor,
    /// Keys.
    pub k: Tensor,
    /// Values.
    pub v: Tensor,
}

impl Layer {
    /// The part before attention: `x` is the residual stream `[…, hidden]`.
    pub fn project(&self, x: &Tensor, angles: &Angles, config: &ModelConfig) -> Projected {
        let stacked = self.qkv.forward(&self.attention_norm.forward(x));
        let mut shape = x.size();
        shape.pop();
        shape.extend([config.heads + 2 * config.kv_heads, config.head_dim]);
        let heads = stacked.view(&shape[..]);
        let parts = heads.split_with_sizes([config.heads, config.kv_heads, config.kv_heads], -2);
        let [q, k, v] = [0, 1, 2].map(|part| parts[part].shallow_clone());
        let (q, k) = match &self.qk_norm {
            Some((q_norm, k_norm)) => (q_norm.forward(&q), k_norm.forward(&k)),
            None => (q, k),
        };
        Projected {
            q: angles.rotate(&q),
            k: angles.rotate(&k),
            v,
        }
    }

    /// The part after attention: `attended` is `[…, heads * head_dim]`. Returns the next residual stream.
    pub fn finish(&self, x: &Tensor, attended: &Tensor, config: &ModelConfig) -> Tensor {
        let (x, gate_up) = self.open(x, attended);
        let gate = activate(&gate_up[0], config);
        self.close(&x, &(gate * &gate_up[1]))
    }

    /// The same for `x [rows, hidden]`, rows of different sequences, without gradients: a row is the same in any place.
    pub(crate) fn finish_rows(&self, x: &Tensor, attended: &Tensor, config: &ModelConfig) -> Tensor {
        let (x, gate_up) = self.open(x, attended);
        let gate = row_by_row(&gate_up[0], |gate| activate(gate, config));
        self.close(&x, &(gate * &gate_up[1]))
    }

    /// The residual stream behind attention, and the gates and values of the feed-forward part.
    fn open(&self, x: &Tensor, attended: &Tensor) -> (Tensor, Vec<Tensor>) {
        let attended = self.out.forward(attended);
        let x = x + after(self.attention_out_norm.as_ref(), attended);
        let gate_up = self.gate_up.forward(&self.mlp_norm.forward(&x)).chunk(2, -1);
        (x, gate_up)
    }

    fn close(&self, x: &Tensor, gated: &Tensor) -> Tensor {
        x + after(self.mlp_out_norm.as_ref(), self.down.forward(gated))
    }

    /// Its weights.
    pub(crate) fn parameters(&self) -> Vec<Parameter<'_>> {
        let qk = self.qk_norm.iter().flat_map(|(q, k)| [q, k]);
        let norms = [&self.attention_norm, &self.mlp_norm].into_iter().chain(qk);
        let norms = norms.chain(&self.attention_out_norm).chain(&self.mlp_out_norm);
        let norms = norms.map(|norm| Parameter::whole(&norm.name, &norm.weight));
        norms
            .chain(self.linears().into_iter().flat_map(Linear::parameters))
            .collect()
    }

    /// Its projections' adapters.
    pub(crate) fn adapters(&self) -> Vec<Parameter<'_>> {
        self.linears().into_iter().flat_map(lora::parameters).collect()
    }

    /// Its projections.
    pub fn linears(&self) -> [&Linear; 4] {
        [&self.qkv, &self.out, &self.gate_up, &self.down]
    }

    /// Its projections, to be changed.
    pub(crate) fn linears_mut(&mut self) -> [&mut Linear; 4] {
        [&mut self.qkv, &mut self.out, &mut self.gate_up, &mut self.down]
    }

    pub(crate) fn map(&self, norm: fn(&Norm) -> Norm, linear: fn(&Linear) -> Linear) -> Self {
        Self {
            attention_norm: norm(&self.attention_norm),
            qkv: linear(&self.qkv),
            qk_norm: self.qk_norm.as_ref().map(|(q, k)| (norm(q), norm(k))),
            out: linear(&self.out),
            attention_out_norm: self.attention_out_norm.as_ref().map(norm),
            mlp_norm: norm(&self.mlp_norm),
            gate_up: linear(&self.gate_up),
            down: linear(&self.down),
            mlp_out_norm: self.mlp_out_norm.as_ref().map(norm),
            span: self.span,
        }
    }
}

fn activate(gate: &Tensor, config: &ModelConfig) -> Tensor {
    match config.activation {
        Activation::Silu => gate.silu(),
        Activation::GeluTanh => gate.gelu("tanh"),
    }
}

fn after(norm: Option<&Norm>, x: Tensor) -> Tensor {
    norm.map_or_else(|| x.shallow_clone(), |norm| norm.forward(&x))
}
