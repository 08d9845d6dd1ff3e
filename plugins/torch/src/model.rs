//! The decoder that every architecture is a configuration of.
//!
//! [`Model::forward`] runs whole sequences and is differentiable; the generation engine runs the same layers with a
//! cache. Projections that read the same input are stacked into one matrix ([`Linear::parts`] says which).

pub(crate) mod attention;
mod layer;
mod linear;
mod load;
mod norm;
mod rope;
mod save;

pub use layer::{Layer, Projected};
pub use linear::Linear;
pub use norm::Norm;
pub use rope::{Angles, RopeTable};
pub(crate) use save::{copy_companions, on_cpu};

use tch::{Device, Kind, Tensor};

use crate::config::{ModelConfig, Span};

/// A loaded model.
pub struct Model {
    /// What it looks like.
    pub config: ModelConfig,
    /// Token embeddings `[vocab, hidden]`.
    pub embedding: Tensor,
    /// The layers, first to last.
    pub layers: Vec<Layer>,
    /// After the last layer.
    pub norm: Norm,
    /// The output head, unless it is the embedding matrix.
    pub head: Option<Linear>,
}

/// One trainable tensor and what it is in the checkpoint.
pub struct Parameter<'a> {
    /// The tensor; for stacked projections all of them.
    pub tensor: &'a Tensor,
    /// Hugging Face tensor names and how many leading rows each takes, in order.
    pub parts: Vec<(String, i64)>,
}

/// Rotary tables of both kinds of layers.
pub struct Ropes {
    full: RopeTable,
    sliding: RopeTable,
}

/// Angles of one batch of positions for both kinds of layers.
pub struct LayerAngles {
    full: Angles,
    sliding: Angles,
}

impl Model {
    /// Compute type of the weights.
    pub fn kind(&self) -> Kind {
        self.embedding.kind()
    }

    /// Where the weights are.
    pub fn device(&self) -> Device {
        self.embedding.device()
    }

    /// Hidden states after the final norm, `[batch, time, hidden]`, of token ids `[batch, time]` (i64).
    ///
    /// Causal, differentiable with respect to every parameter. Shorter sequences are padded at the right end with any
    /// token; ignore the outputs there.
    pub fn forward(&self, tokens: &Tensor) -> Tensor {
        let time = tokens.size()[1];
        let angles = self
            .ropes(time)
            .at(&Tensor::arange(time, (Kind::Int64, self.device())));
        let window = self.config.window;
        let mask = window.and_then(|window| attention::window_mask(time, window, self.kind(), self.device()));
        let mut x = self.embed(tokens);
        for layer in &self.layers {
            let projected = layer.project(&x, angles.of(layer.span), &self.config);
            let mask = mask.as_ref().filter(|_| layer.span == Span::Sliding);
            let attended = attention::causal(&projected, self.config.attention_scale, mask);
            x = layer.finish(&x, &attended, &self.config);
        }
        self.norm.forward(&x)
    }

    /// Logits `[…, vocab]` of hidden states `[…, hidden]` (already normalised).
    pub fn logits(&self, hidden: &Tensor) -> Tensor {
        let logits = match &self.head {
            Some(head) => head.forward(hidden),
            None => hidden.linear(&self.embedding, None::<&Tensor>),
        };
        match self.config.logit_cap {
            Some(cap) => (logits / cap).tanh() * cap,
            None => logits,
        }
    }

    /// [`Model::logits`] written into `out`, which has that shape: 33 MB of fresh pages per decode step cost more than
    /// a tenth of it. Not differentiable. (`linear_out` of libtorch 2.13 forgets to transpose; no head here has a bias.)
    pub(crate) fn logits_into(&self, hidden: &Tensor, out: &Tensor) {
        let weight = self.head.as_ref().map_or(&self.embedding, |head| &head.weight);
        let mut logits = hidden.mm_out(out, &weight.transpose(0, 1));
        if let Some(cap) = self.config.logit_cap {
            let _ = logits.g_div_scalar_(cap).tanh_().g_mul_scalar_(cap);
        }
    }

    /// Scaled embeddings of token ids.
    pub fn embed(&self, tokens: &Tensor) -> Tensor {
        let x = Tensor::embedding(&self.embedding, tokens, -1, false, false);
        match self.config.embed_scale {
            // transformers rounds the factor to the compute type first: 25.298 becomes 25.25 in bf16.
            Some(scale) => x * Tensor::from(scale).to_kind(self.kind()).double_value(&[]),
            None => x,
        }
    }

    /// Rotary tables for `positions` positions.
    pub fn ropes(&self, positions: i64) -> Ropes {
        let table = |rope| RopeTable::new(rope, self.config.head_dim, positions, self.kind(), self.device());
        Ropes {
            full: table(&self.config.rope_full),
            sliding: table(&self.config.rope_sliding),
        }
    }

    /// Every weight, each once (a tied head is the embedding).
    pub fn parameters(&self) -> Vec<Parameter<'_>> {
        let mut all = Vec::new();
        all.push(Parameter::whole("model.embed_tokens.weight", &self.embedding));
        all.extend(self.layers.iter().flat_map(Layer::parameters));
        all.push(Parameter::whole(&self.norm.name, &self.norm.weight));
        all.extend(self.head.iter().flat_map(Linear::parameters));
        all
    }

    /// What training changes: the adapters where there are some, else every weight.
    pub fn trainable(&self) -> Vec<Parameter<'_>> {
        let adapters: Vec<_> = self.layers.iter().flat_map(Layer::adapters).collect();
        if adapters.is_empty() {
            self.parameters()
        } else {
            adapters
        }
    }

    /// Whether some projection has an adapter.
    pub fn is_adapted(&self) -> bool {
        self.linears().any(|linear| linear.adapter.is_some())
    }

    /// The layers' projections, first to last.
    pub(crate) fn linears(&self) -> impl Iterator<Item = &Linear> {
        self.layers.iter().flat_map(Layer::linears)
    }

    pub(crate) fn linears_mut(&mut self) -> impl Iterator<Item = &mut Linear> {
        self.layers.iter_mut().flat_map(Layer::linears_mut)
    }

    /// Makes what the adapters add part of the weights.
    pub(crate) fn merge(&mut self) {
        let _no_grad = tch::no_grad_guard();
        for linear in self.linears_mut() {
            *linear = linear.merged();
        }
    }

    /// A second handle on the same weights: changes made in place are seen by both.
    pub fn share(&self) -> Self {
        self.map(Norm::share, Linear::share)
    }

    /// A handle for inference: weights are shared, but the small per-norm conversions and the merging of adapters are done
    /// once and fixed.
    pub(crate) fn frozen(&self) -> Self {
        self.map(Norm::frozen, Linear::merged)
    }

    fn map(&self, norm: fn(&Norm) -> Norm, linear: fn(&Linear) -> Linear) -> Self {
        Self {
            config: self.config.clone(),
            embedding: self.embedding.shallow_clone(),
            layers: self.layers.iter().map(|layer| layer.map(norm, linear)).collect(),
            norm: norm(&self.norm),
            head: self.head.as_ref().map(Linear::share),
        }
    }
}

impl<'a> Parameter<'a> {
    /// A tensor that is one in the checkpoint, too.
    pub(crate) fn whole(name: &str, tensor: &'a Tensor) -> Self {
        Self {
            tensor,
            parts: vec![(name.into(), tensor.size()[0])],
        }
    }
}

impl Ropes {
    /// Angles at `positions` (i64, any shape).
    pub fn at(&self, positions: &Tensor) -> LayerAngles {
        LayerAngles {
            full: self.full.at(positions),
            sliding: self.sliding.at(positions),
        }
    }

    /// The table of one kind of layers.
    pub(crate) fn of(&self, span: Span) -> &RopeTable {
        match span {
            Span::Full => &self.full,
            Span::Sliding => &self.sliding,
        }
    }
}

impl LayerAngles {
    /// Those of one kind of layer.
    pub fn of(&self, span: Span) -> &Angles {
        match span {
            Span::Full => &self.full,
            Span::Sliding => &self.sliding,
        }
    }
}
