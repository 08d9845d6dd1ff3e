//! Keys and values of prompts, as a tree of chunks: what prompts begin with alike is computed and kept once.
//!
//! A chunk is [`CHUNK`] consecutive tokens of a prompt, the last one may be shorter; its place in the tree is the chunk before
//! it and its own tokens. A prompt runs through the model by itself, a chunk at a time, so what a chunk holds is a function
//! of the tokens up to its end only: whether it was computed for this prompt or for another one that begins alike changes
//! no bit. Few-shot examples thus cost one computation and one copy in memory, whatever the number of problems.

use std::collections::HashMap;

use tch::{Device, Kind, Tensor};

use super::attend::{HIDDEN, attend};
use super::passes::{self, Caches};
use crate::config::Span;
use crate::kernels::Kernels;
use crate::model::{Model, Projected, Ropes};
use crate::transfer::upload;

/// Most tokens of a chunk, and keys that it has room for.
pub(super) const CHUNK: i64 = 64;

/// The products that compute a chunk have a multiple of this many rows.
const ROWS: usize = 16;

/// Chunks by which the pool grows at least.
const GROWTH: usize = 16;

/// The chunks of every prompt that a sample reads, and of some that none reads any more.
pub(super) struct PromptTree {
    /// Per layer, `[places, kv_heads, CHUNK, head_dim]` each.
    layers: Vec<(Tensor, Tensor)>,
    chunks: Vec<Option<Chunk>>,
    /// Place of a chunk by the place of the one before it and its tokens.
    places: HashMap<(Option<usize>, Vec<i64>), usize>,
    /// Counts acquisitions, to tell what was used last.
    clock: u64,
    /// Most chunks.
    most: usize,
}

struct Chunk {
    before: Option<usize>,
    tokens: Vec<i64>,
    /// Prompts in use that this chunk belongs to.
    users: usize,
    /// Chunks in the tree that follow this one.
    followers: usize,
    last_used: u64,
}

/// A prompt's way through the tree: the places of its chunks, first to last.
pub(super) struct PromptPath(Vec<usize>);

impl PromptPath {
    /// Places of the chunks, first to last.
    pub(super) fn places(&self) -> &[usize] {
        &self.0
    }
}

impl PromptTree {
    /// A tree without prompts that may grow to `most` chunks.
    pub(super) fn new(model: &Model, most: usize) -> Self {
        let shape = [0, model.config.kv_heads, CHUNK, model.config.head_dim];
        let empty = || Tensor::zeros(shape, (model.kind(), model.device()));
        Self {
            layers: model.layers.iter().map(|_| (empty(), empty())).collect(),
            chunks: Vec::new(),
            places: HashMap::new(),
            clock: 0,
            most,
        }
    }

    /// From now on there may be `most` chunks. Those that are there stay until their place is needed.
    pub(super) fn limit(&mut self, most: usize) {
        self.most = most;
    }

    /// Makes the chunks of `tokens` stay until [`PromptTree::release`], computing those that are not there; nothing when there
    /// is no room as long as the prompts in use stay.
    pub(super) fn acquire(
        &mut self,
        model: &Model,
        ropes: &Ropes,
        mut kernels: Option<&mut Kernels>,
        tokens: &[i64],
    ) -> Option<PromptPath> {
        self.clock += 1;
        let mut path = PromptPath(Vec::new());
        for tokens in tokens.chunks(CHUNK as usize) {
            let key = (path.0.last().copied(), tokens.to_vec());
            let place = match self.places.get(&key) {
                Some(&place) => place,
                None => {
                    let Some(place) = self.insert(model, key) else {
                        self.release(&path);
                        return None;
                    };
                    match &mut kernels {
                        Some(kernels) => self.run_kernels(kernels, model, ropes, &path.0, place),
                        None => self.run(model, ropes, &path.0, place),
                    }
                    place
                }
            };
            let chunk = self.chunk_mut(place);
            chunk.users += 1;
            path.0.push(place);
        }
        let now = self.clock;
        for &place in &path.0 {
            self.chunk_mut(place).last_used = now;
        }
        Some(path)
    }

    /// The prompt is no longer read. Its chunks stay for the next prompt that begins like it, until their place is needed.
    pub(super) fn release(&mut self, path: &PromptPath) {
        for &place in &path.0 {
            self.chunk_mut(place).users -= 1;
        }
    }

    /// Chunks that there is memory for now.
    pub(super) fn places(&self) -> usize {
        self.chunks.len()
    }

    /// Tokens of the chunk at `place`.
    pub(super) fn len(&self, place: usize) -> i64 {
        self.chunks[place]
            .as_ref()
            .map_or(0, |chunk| chunk.tokens.len() as i64)
    }

    /// Keys and values of every layer, `[places, kv_heads, CHUNK, head_dim]` each.
    pub(super) fn layers(&self) -> &[(Tensor, Tensor)] {
        &self.layers
    }

    /// Keys and values of `layer` at `places` (i64 `[n]`): `[n, kv_heads, CHUNK, head_dim]` each.
    pub(super) fn keys_and_values(&self, layer: usize, places: &Tensor) -> (Tensor, Tensor) {
        let (k, v) = &self.layers[layer];
        (k.index_select(0, places), v.index_select(0, places))
    }

    fn chunk_mut(&mut self, place: usize) -> &mut Chunk {
        self.chunks[place].as_mut().expect("paths lead to chunks")
    }

    fn insert(&mut self, model: &Model, key: (Option<usize>, Vec<i64>)) -> Option<usize> {
        let place = self.free_place(model)?;
        let (before, tokens) = key.clone();
        if let Some(before) = before {
            self.chunk_mut(before).followers += 1;
        }
        self.chunks[place] = Some(Chunk {
            before,
            tokens,
            users: 0,
            followers: 0,
            last_used: self.clock,
        });
        self.places.insert(key, place);
        Some(place)
    }

    /// A place without a chunk: an empty one, that of the least recently used chunk nobody needs, or a new one.
    fn free_place(&mut self, model: &Model) -> Option<usize> {
        if let Some(place) = self.chunks.iter().position(Option::is_none) {
            return Some(place);
        }
        let unneeded = self.chunks.iter().enumerate().filter_map(|(place, chunk)| {
            let chunk = chunk.as_ref()?;
            let kept = chunk.users > 0 || chunk.followers > 0;
            (!kept).then_some((chunk.last_used, place))
        });
        if let Some((_, place)) = unneeded.min() {
            let chunk = self.chunks[place].take().expect("just seen");
            if let Some(before) = chunk.before {
                self.chunk_mut(before).followers -= 1;
            }
            self.places.remove(&(chunk.before, chunk.tokens));
            return Some(place);
        }
        let place = self.chunks.len();
        if place >= self.most {
            return None;
        }
        self.grow(model, self.most.min(place + GROWTH.max(place / 2)));
        Some(place)
    }

    fn grow(&mut self, model: &Model, places: usize) {
        let old = self.chunks.len() as i64;
        let shape = [places as i64, model.config.kv_heads, CHUNK, model.config.head_dim];
        let larger = |part: &Tensor| {
            let new = Tensor::zeros(shape, (part.kind(), part.device()));
            new.narrow(0, 0, old).copy_(part);
            new
        };
        for (k, v) in &mut self.layers {
            (*k, *v) = (larger(k), larger(v));
        }
        self.chunks.resize_with(places, || None);
    }

    /// Computes the chunk at `place`, which follows those of `path`.
    fn run_kernels(&self, kernels: &mut Kernels, model: &Model, ropes: &Ropes, path: &[usize], place: usize) {
        let tokens = self.chunks[place].as_ref().map_or(&[][..], |chunk| &chunk.tokens);
        let pass = passes::of_chunk(&model.config, self, path, place, tokens);
        let caches = Caches {
            prompts: &self.layers,
            own: &[],
        };
        kernels.forward(model, ropes, caches, &pass, false);
    }

    /// The same by libtorch's operations.
    fn run(&self, model: &Model, ropes: &Ropes, path: &[usize], place: usize) {
        let start = path.len() as i64 * CHUNK;
        let mut tokens = self.chunks[place]
            .as_ref()
            .map_or(Vec::new(), |chunk| chunk.tokens.clone());
        tokens.resize(tokens.len().next_multiple_of(ROWS), 0);
        let rows = tokens.len() as i64;
        let before: Vec<i64> = path.iter().map(|&place| place as i64).collect();
        let before = upload(&before, model.device());
        let mut x = model.embed(&upload(&tokens, model.device()));
        let positions = Tensor::arange_start(start, start + rows, (Kind::Int64, model.device()));
        let angles = ropes.at(&positions);
        let full = causal_mask(start, rows, None, model.device());
        let sliding = match model.config.window {
            Some(window) if start + rows > window => causal_mask(start, rows, Some(window), model.device()),
            _ => full.shallow_clone(),
        };
        for (index, layer) in model.layers.iter().enumerate() {
            let Projected { q, k, v } = layer.project(&x, angles.of(layer.span), &model.config);
            let (k, v) = (k.transpose(0, 1), v.transpose(0, 1));
            let (keys, values) = &self.layers[index];
            keys.get(place as i64).narrow(1, 0, rows).copy_(&k);
            values.get(place as i64).narrow(1, 0, rows).copy_(&v);
            if index + 1 == model.layers.len() {
                break; // Nothing reads the last layer's output here.
            }
            let [kv_heads, group] = [model.config.kv_heads, model.config.group_size()];
            let q = q.view([rows, kv_heads, group, -1]).permute([1, 2, 0, 3]);
            let seen = |cache: &Tensor, own: &Tensor| {
                let chunks = cache.index_select(0, &before).transpose(0, 1).flatten(1, 2);
                let all = Tensor::cat(&[&chunks, own], 1);
                all.unsqueeze(1).expand([-1, group, -1, -1], false)
            };
            let mask = if layer.span == Span::Full { &full } else { &sliding };
            let scale = model.config.attention_scale;
            let attended = attend(&q, &seen(keys, &k), &seen(values, &v), Some(mask), scale).out;
            let attended = attended.permute([2, 0, 1, 3]).reshape([rows, -1]);
            x = layer.finish(&x, &attended, &model.config);
        }
    }
}

/// Additive mask `[1, 1, rows, start + rows]`: causal, and within `window` where there is one.
fn causal_mask(start: i64, rows: i64, window: Option<i64>, device: Device) -> Tensor {
    let keys = start + rows;
    let mut mask = Vec::with_capacity((rows * keys) as usize);
    for query in start..keys {
        let first = window.map_or(0, |window| query - window + 1);
        mask.extend((0..keys).map(|key| {
            if (first..=query).contains(&key) {
                0.0
            } else {
                HIDDEN
            }
        }));
    }
    upload(&mask, device).view([1, 1, rows, keys])
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tch::Device;

    use super::*;

    fn model() -> Model {
        let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens/gemma3");
        Model::load(&directory, Device::Cpu, Kind::Float).unwrap()
    }

    /// 64 tokens in common, then some of its own.
    fn prompt(number: i64) -> Vec<i64> {
        let common = (0..CHUNK).map(|at| 3 + at % 50);
        common.chain((0..10).map(|at| 3 + (at * number) % 97)).collect()
    }

    fn bits(tree: &PromptTree, path: &PromptPath) -> Vec<Tensor> {
        let places: Vec<i64> = path.places().iter().map(|&place| place as i64).collect();
        let places = Tensor::from_slice(&places);
        let layers = 0..tree.layers.len();
        layers
            .flat_map(|layer| {
                let (k, v) = tree.keys_and_values(layer, &places);
                [k, v]
            })
            .collect()
    }

    #[test]
    fn a_common_beginning_is_kept_once() {
        let _no_grad = tch::no_grad_guard();
        let (model, mut tree) = (model(), PromptTree::new(&model(), usize::MAX));
        let ropes = model.ropes(128);
        let one = tree.acquire(&model, &ropes, None, &prompt(1)).unwrap();
        let other = tree.acquire(&model, &ropes, None, &prompt(2)).unwrap();
        assert_eq!(one.places()[0], other.places()[0]);
        assert_ne!(one.places()[1], other.places()[1]);
        let mut alone = PromptTree::new(&model, usize::MAX);
        let path = alone.acquire(&model, &ropes, None, &prompt(2)).unwrap();
        let pairs = bits(&tree, &other).into_iter().zip(bits(&alone, &path));
        assert!(pairs.into_iter().all(|(shared, alone)| shared == alone));
    }

    #[test]
    fn prompts_that_are_done_make_room_for_others() {
        let _no_grad = tch::no_grad_guard();
        let (model, mut tree) = (model(), PromptTree::new(&model(), usize::MAX));
        let ropes = model.ropes(128);
        let kept = tree.acquire(&model, &ropes, None, &prompt(0)).unwrap();
        let before = bits(&tree, &kept);
        for number in 1..50 {
            let path = tree.acquire(&model, &ropes, None, &prompt(number)).unwrap();
            tree.release(&path);
        }
        assert_eq!(tree.chunks.len(), GROWTH);
        let after = bits(&tree, &kept);
        assert!(
            before
                .into_iter()
                .zip(after)
                .all(|(before, after)| before == after)
        );
    }

    #[test]
    fn a_full_tree_gives_up_what_nobody_reads_and_then_has_no_room() {
        let _no_grad = tch::no_grad_guard();
        let (model, mut tree) = (model(), PromptTree::new(&model(), 3));
        let ropes = model.ropes(128);
        let one = tree.acquire(&model, &ropes, None, &prompt(1)).unwrap();
        let other = tree.acquire(&model, &ropes, None, &prompt(2)).unwrap();
        assert!(tree.acquire(&model, &ropes, None, &prompt(3)).is_none());
        tree.release(&one);
        let third = tree.acquire(&model, &ropes, None, &prompt(3)).unwrap();
        assert_eq!(tree.chunks.len(), 3);
        let mut alone = PromptTree::new(&model, usize::MAX);
        let path = alone.acquire(&model, &ropes, None, &prompt(3)).unwrap();
        let pairs = bits(&tree, &third).into_iter().zip(bits(&alone, &path));
        assert!(pairs.into_iter().all(|(tight, alone)| tight == alone));
        tree.release(&other);
        tree.release(&third);
    }
}
