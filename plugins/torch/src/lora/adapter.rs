//! The adapter of one projection, or of several that are stacked.

use tch::{Kind, Tensor};

use crate::model::{Linear, Parameter};

/// What PEFT puts before a module's name.
const PREFIX: &str = "base_model.model.";

/// Size and weight of an adapter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scaling {
    /// Rows of `A`, columns of `B`.
    pub rank: i64,
    /// The scale is `alpha / rank`.
    pub alpha: f64,
    /// Whether it is `alpha / sqrt(rank)` instead.
    pub rslora: bool,
}

impl Scaling {
    /// The factor on `B A`.
    pub fn factor(&self) -> f64 {
        let rank = self.rank as f64;
        self.alpha / if self.rslora { rank.sqrt() } else { rank }
    }
}

/// `scale B A`, added to the weights of a [`Linear`].
pub struct Adapter {
    /// Its size and weight.
    pub scaling: Scaling,
    /// `A` of each adapted part of the linear, stacked: f32 `[adapted * rank, input width]`.
    pub a: Tensor,
    /// `B` of each part of the linear, f32 `[rows of the part, rank]`; none where a part has no adapter.
    pub b: Vec<Option<Tensor>>,
    /// Rows of each part.
    rows: Vec<i64>,
}

impl Adapter {
    /// An adapter of `linear`.
    pub(super) fn new(linear: &Linear, scaling: Scaling, a: Tensor, b: Vec<Option<Tensor>>) -> Self {
        let rows = linear.parts.iter().map(|(_, rows)| *rows).collect();
        Self { scaling, a, b, rows }
    }

    /// What is added to the linear's output for `x`: products in the type of `x`, as under torch's autocast.
    pub(crate) fn forward(&self, x: &Tensor) -> Tensor {
        let low = x.linear(&self.a.to_kind(x.kind()), None::<&Tensor>) * self.scaling.factor();
        let mut lows = low.split(self.scaling.rank, -1).into_iter();
        let each = self.b.iter().zip(&self.rows).map(|(b, rows)| match b {
            Some(b) => {
                let low = lows.next().expect("A has rows for each B");
                low.linear(&b.to_kind(x.kind()), None::<&Tensor>)
            }
            None => {
                let mut size = low.size();
                size.pop();
                size.push(*rows);
                Tensor::zeros(size, (x.kind(), x.device()))
            }
        });
        joined(each.collect(), -1)
    }

    /// What is added to the linear's weights, f32.
    pub(crate) fn delta(&self) -> Tensor {
        let mut lows = self.a.split(self.scaling.rank, 0).into_iter();
        let each = self.b.iter().zip(&self.rows).map(|(b, rows)| match b {
            Some(b) => b.matmul(&lows.next().expect("A has rows for each B")) * self.scaling.factor(),
            None => Tensor::zeros([*rows, self.a.size()[1]], (Kind::Float, self.a.device())),
        });
        joined(each.collect(), 0)
    }

    pub(crate) fn share(&self) -> Self {
        Self {
            scaling: self.scaling,
            a: self.a.shallow_clone(),
            b: self
                .b
                .iter()
                .map(|b| b.as_ref().map(Tensor::shallow_clone))
                .collect(),
            rows: self.rows.clone(),
        }
    }
}

fn joined(mut parts: Vec<Tensor>, dim: i64) -> Tensor {
    match parts.len() {
        1 => parts.remove(0),
        _ => Tensor::cat(&parts, dim),
    }
}

/// The adapter's tensors under PEFT's names, `A` first; nothing where there is no adapter.
pub(crate) fn parameters(linear: &Linear) -> Vec<Parameter<'_>> {
    let Some(adapter) = &linear.adapter else {
        return Vec::new();
    };
    let adapted = linear.parts.iter().zip(&adapter.b);
    let adapted = adapted.filter_map(|((name, rows), b)| Some((name, *rows, b.as_ref()?)));
    let a = Parameter {
        tensor: &adapter.a,
        parts: adapted
            .clone()
            .map(|(name, ..)| (key(name, 'A'), adapter.scaling.rank))
            .collect(),
    };
    let b = adapted.map(|(name, rows, b)| Parameter {
        tensor: b,
        parts: vec![(key(name, 'B'), rows)],
    });
    std::iter::once(a).chain(b).collect()
}

/// PEFT's name of a factor of the adapter of `module`.
pub(super) fn key(module: &str, factor: char) -> String {
    format!("{PREFIX}{module}.lora_{factor}.weight")
}

#[cfg(test)]
mod tests {
    use tch::Device;

    use super::*;

    #[test]
    fn the_scale_is_alpha_over_rank_or_over_its_root() {
        let plain = Scaling {
            rank: 16,
            alpha: 32.0,
            rslora: false,
        };
        assert_eq!(plain.factor(), 2.0);
        assert_eq!(
            Scaling {
                rslora: true,
                ..plain
            }
            .factor(),
            8.0
        );
    }

    #[test]
    fn a_part_without_an_adapter_gets_nothing_added() {
        tch::manual_seed(1);
        let random = |rows: i64, columns: i64| Tensor::randn([rows, columns], (Kind::Float, Device::Cpu));
        let mut linear = Linear {
            parts: vec![("q".into(), 6), ("k".into(), 4), ("v".into(), 4)],
            weight: random(14, 8),
            bias: None,
            adapter: None,
        };
        let x = random(5, 8);
        let before = linear.forward(&x);
        let scaling = Scaling {
            rank: 2,
            alpha: 3.0,
            rslora: false,
        };
        let b = vec![Some(random(6, 2)), None, Some(random(4, 2))];
        linear.adapter = Some(Adapter::new(&linear, scaling, random(4, 8), b));
        let after = linear.forward(&x);
        assert_eq!(after.narrow(1, 6, 4), before.narrow(1, 6, 4));
        assert_ne!(after.narrow(1, 0, 6), before.narrow(1, 0, 6));
        let names: Vec<_> = parameters(&linear).into_iter().flat_map(|p| p.parts).collect();
        let name = |text: &str| format!("base_model.model.{text}.weight");
        assert_eq!(
            names,
            [
                (name("q.lora_A"), 2),
                (name("v.lora_A"), 2),
                (name("q.lora_B"), 6),
                (name("v.lora_B"), 4)
            ]
        );
        let merged = linear.merged();
        assert!(merged.adapter.is_none());
        assert!(merged.forward(&x).allclose(&after, 1e-5, 1e-5, false));
    }
}
