//! Logits and greedy continuations are transformers'.

use restem_torch::Model;
use tch::{Device, Kind, Tensor};

use crate::golden::{CASES, Golden};

#[test]
fn logits_equal_those_of_transformers_for_every_architecture() {
    for case in CASES {
        let golden = Golden::read(case);
        let model = Model::load(&golden.directory, Device::Cpu, Kind::Float).unwrap();
        let tokens = Tensor::from_slice(&golden.tokens).unsqueeze(0);
        let logits = model.logits(&model.forward(&tokens)).squeeze_dim(0);
        let error = (logits - golden.logits(model.config.vocab_size))
            .abs()
            .max()
            .double_value(&[]);
        assert!(error <= golden.tolerance(), "{case}: {error:e}");
    }
}

#[test]
fn a_saved_model_is_the_model_that_was_loaded() {
    for case in CASES {
        let golden = Golden::read(case);
        let model = Model::load(&golden.directory, Device::Cpu, Kind::Float).unwrap();
        let folder = tempfile::tempdir().unwrap();
        model
            .save(&golden.directory, folder.path(), Kind::BFloat16)
            .unwrap();
        let again = Model::load(folder.path(), Device::Cpu, Kind::Float).unwrap();
        assert_eq!(model.config, again.config);
        let pairs = model.parameters().into_iter().zip(again.parameters());
        for (before, after) in pairs {
            assert_eq!(before.tensor, after.tensor, "{case}: {:?}", before.parts);
        }
        assert!(folder.path().join("generation_config.json").exists());
    }
}

#[test]
fn every_parameter_receives_a_gradient() {
    for case in CASES {
        let golden = Golden::read(case);
        let model = Model::load(&golden.directory, Device::Cpu, Kind::Float).unwrap();
        for parameter in model.parameters() {
            let _ = parameter.tensor.set_requires_grad(true);
        }
        let tokens = Tensor::from_slice(&golden.tokens).unsqueeze(0);
        model
            .logits(&model.forward(&tokens))
            .square()
            .sum(Kind::Float)
            .backward();
        for parameter in model.parameters() {
            let size = parameter.tensor.grad().abs().max().double_value(&[]);
            assert!(size > 0.0, "{case}: {:?}", parameter.parts);
        }
    }
}
