//! On CPUs of other kinds there are no kernels: libtorch's operations do the work.

use tch::Tensor;

use crate::generate::choose::Likely;
use crate::generate::passes::{Caches, Pass};
use crate::model::{Model, Ropes};

/// There are none.
pub(crate) enum Kernels {}

impl Kernels {
    pub(crate) fn of(_model: &Model) -> Option<Self> {
        None
    }

    pub(crate) fn forward(&mut self, _: &Model, _: &Ropes, _: Caches<'_>, _: &Pass, _to_the_end: bool) {
        match *self {}
    }

    pub(crate) fn logits(&self, _: &Model, _out: &Tensor) {
        match *self {}
    }

    pub(crate) fn likely(&self, _logits: &Tensor, _counts: &[usize]) -> Vec<Likely> {
        match *self {}
    }
}
