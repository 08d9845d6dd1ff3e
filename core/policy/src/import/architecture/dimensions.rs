//! The sizes that every decoder has, read from the metadata of any architecture.

use serde_json::{Map, Value, json};

use super::super::error::ImportError;
use super::super::gguf::GgufFile;
use super::super::plan::{Transform, WeightPlan};

/// Largest width, count or length accepted. Products of three of them fit `u64`.
const SIZE_LIMIT: u64 = 1 << 20;

/// Sizes of a decoder-only transformer with grouped-query attention and a gated MLP.
#[derive(Debug, Clone)]
pub(super) struct Dimensions {
    pub(super) layers: u64,
    pub(super) hidden: u64,
    pub(super) intermediate: u64,
    pub(super) heads: u64,
    pub(super) kv_heads: u64,
    pub(super) head: u64,
    pub(super) vocabulary: u64,
    pub(super) context: u64,
    pub(super) norm_epsilon: f64,
    /// Whether the output head is the embedding matrix.
    pub(super) tied: bool,
}

impl Dimensions {
    /// Reads the sizes that `architecture` keeps under its own prefix.
    ///
    /// The vocabulary's size is that of the embedding matrix, which may be padded beyond the tokens.
    ///
    /// # Errors
    /// Missing or absurd sizes, an odd head width, heads that the key-value heads do not divide, experts.
    pub(super) fn read(architecture: &'static str, gguf: &GgufFile) -> Result<Self, ImportError> {
        match Self::read_partly_rotated(architecture, gguf)? {
            (sizes, rotated) if rotated == sizes.head => Ok(sizes),
            (sizes, rotated) => Err(sizes.odd_heads(architecture, sizes.head, rotated)),
        }
    }

    /// As [`Dimensions::read`] where the rotary embedding may turn a leading part of each head only: also its width.
    ///
    /// # Errors
    /// As there.
    pub(super) fn read_partly_rotated(
        architecture: &'static str,
        gguf: &GgufFile,
    ) -> Result<(Self, u64), ImportError> {
        let metadata = &gguf.metadata;
        let key = |name: &str| format!("{architecture}.{name}");
        if metadata.integer(&key("expert_count"))?.unwrap_or(0) > 0 {
            return Err(ImportError::UnsupportedFeature {
                architecture,
                what: "it is a mixture of experts".into(),
            });
        }
        let hidden = metadata.require_size(&key("embedding_length"), SIZE_LIMIT)?;
        let heads = metadata.require_size(&key("attention.head_count"), SIZE_LIMIT)?;
        let kv_heads = metadata
            .size(&key("attention.head_count_kv"), SIZE_LIMIT)?
            .unwrap_or(heads);
        let head = match metadata.size(&key("attention.key_length"), SIZE_LIMIT)? {
            Some(head) => head,
            None => hidden / heads,
        };
        let value_head = metadata
            .size(&key("attention.value_length"), SIZE_LIMIT)?
            .unwrap_or(head);
        let rotated = metadata
            .size(&key("rope.dimension_count"), SIZE_LIMIT)?
            .unwrap_or(head);
        // Each layer has tensors of its own, which bounds what a hostile count can cost.
        let layers = metadata.require_size(&key("block_count"), gguf.tensors.len() as u64)?;
        let embedding = gguf
            .tensors
            .get("token_embd.weight")
            .ok_or_else(|| ImportError::MissingTensor {
                architecture,
                name: "token_embd.weight".into(),
            })?;
        let sizes = Self {
            layers,
            hidden,
            intermediate: metadata.require_size(&key("feed_forward_length"), SIZE_LIMIT)?,
            heads,
            kv_heads,
            head,
            vocabulary: embedding.shape[0],
            context: metadata.require_size(&key("context_length"), 1 << 32)?,
            norm_epsilon: metadata.require_positive(&key("attention.layer_norm_rms_epsilon"))?,
            tied: gguf.tensors.get("output.weight").is_none(),
        };
        if !heads.is_multiple_of(kv_heads)
            || head == 0
            || !head.is_multiple_of(2)
            || value_head != head
            || rotated > head
            || !rotated.is_multiple_of(2)
        {
            return Err(sizes.odd_heads(architecture, value_head, rotated));
        }
        Ok((sizes, rotated))
    }

    fn odd_heads(&self, architecture: &'static str, value_head: u64, rotated: u64) -> ImportError {
        ImportError::UnsupportedFeature {
            architecture,
            what: format!(
                "its attention has {} query heads and {} key-value heads of widths {} (keys), {value_head} (values) \
                 and {rotated} (rotated)",
                self.heads, self.kv_heads, self.head
            ),
        }
    }

    /// Refuses heads that do not make up the hidden size, for families whose configuration has no field for their width.
    ///
    /// # Errors
    /// [`ImportError::UnsupportedFeature`].
    pub(super) fn check_heads_make_up_hidden(&self, architecture: &'static str) -> Result<(), ImportError> {
        if self.head * self.heads == self.hidden {
            return Ok(());
        }
        Err(ImportError::UnsupportedFeature {
            architecture,
            what: format!(
                "its {} heads of width {} do not make up the hidden size {}",
                self.heads, self.head, self.hidden
            ),
        })
    }

    /// Rows of the query projection.
    pub(super) fn query_rows(&self) -> u64 {
        self.heads * self.head
    }

    /// Rows of the key and of the value projection.
    pub(super) fn key_rows(&self) -> u64 {
        self.kv_heads * self.head
    }

    /// The fields of `config.json` that all families spell alike.
    pub(super) fn config(&self, model_type: &str, class: &str) -> Map<String, Value> {
        let fields = json!({
            "architectures": [class],
            "model_type": model_type,
            "attention_dropout": 0.0,
            "head_dim": self.head,
            "hidden_size": self.hidden,
            "initializer_range": 0.02,
            "intermediate_size": self.intermediate,
            "max_position_embeddings": self.context,
            "num_attention_heads": self.heads,
            "num_hidden_layers": self.layers,
            "num_key_value_heads": self.kv_heads,
            "rms_norm_eps": self.norm_epsilon,
            "tie_word_embeddings": self.tied,
            "use_cache": true,
            "vocab_size": self.vocabulary,
        });
        match fields {
            Value::Object(map) => map,
            _ => Map::new(),
        }
    }

    /// The weights outside the layers: embedding, last norm and, unless tied, the output head.
    pub(super) fn outer_weights(&self, norm: Transform) -> WeightPlan {
        let mut plan = WeightPlan::default();
        let matrix = [self.vocabulary, self.hidden];
        plan.add(
            "token_embd.weight",
            "model.embed_tokens.weight",
            &matrix,
            Transform::Keep,
        );
        plan.add("output_norm.weight", "model.norm.weight", &[self.hidden], norm);
        if !self.tied {
            plan.add("output.weight", "lm_head.weight", &matrix, Transform::Keep);
        }
        plan
    }

    /// Adds the seven matrices of `layer`; `rotary` is applied to the query and key projections.
    pub(super) fn layer_matrices(&self, plan: &mut WeightPlan, layer: u64, rotary: Transform) {
        let matrices = [
            (
                "attn_q",
                "self_attn.q_proj",
                [self.query_rows(), self.hidden],
                rotary,
            ),
            (
                "attn_k",
                "self_attn.k_proj",
                [self.key_rows(), self.hidden],
                rotary,
            ),
            (
                "attn_v",
                "self_attn.v_proj",
                [self.key_rows(), self.hidden],
                Transform::Keep,
            ),
            (
                "attn_output",
                "self_attn.o_proj",
                [self.hidden, self.query_rows()],
                Transform::Keep,
            ),
            (
                "ffn_gate",
                "mlp.gate_proj",
                [self.intermediate, self.hidden],
                Transform::Keep,
            ),
            (
                "ffn_up",
                "mlp.up_proj",
                [self.intermediate, self.hidden],
                Transform::Keep,
            ),
            (
                "ffn_down",
                "mlp.down_proj",
                [self.hidden, self.intermediate],
                Transform::Keep,
            ),
        ];
        for (source, target, shape, transform) in matrices {
            plan.add(
                format!("blk.{layer}.{source}.weight"),
                format!("model.layers.{layer}.{target}.weight"),
                &shape,
                transform,
            );
        }
    }

    /// Adds one vector of `layer`, such as a norm's weight; names come with their suffix.
    pub(super) fn layer_vector(
        plan: &mut WeightPlan,
        layer: u64,
        names: (&str, &str),
        length: u64,
        transform: Transform,
    ) {
        plan.add(
            format!("blk.{layer}.{}", names.0),
            format!("model.layers.{layer}.{}", names.1),
            &[length],
            transform,
        );
    }
}
