//! Sampling for the loop.

use std::sync::Arc;

use restem_em::{
    Checkpoint, Flow, Generator, GeneratorIdentity, PolicyError, ProblemId, Sample, SampleRequest, Sampler,
    Sampling, Seed,
};
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinSet;

use super::client::Server;
use super::completion::{Ask, read};
use super::{HttpError, HttpOptions};

/// Samples from a server that speaks the `OpenAI` completions API; a checkpoint's path is the model's name there.
///
/// Samples carry no log-probability: servers differ in what they report under that name. Whether a seed draws the same
/// tokens twice is the server's affair.
#[derive(Debug)]
pub struct HttpGenerator {
    server: Arc<Server>,
}

impl HttpGenerator {
    /// A generator; the server is asked nothing yet.
    ///
    /// # Errors
    /// [`HttpError::Client`] when TLS can't be set up.
    pub fn new(options: HttpOptions) -> Result<Self, HttpError> {
        Ok(Self {
            server: Arc::new(Server::new(options)?),
        })
    }
}

impl Generator for HttpGenerator {
    fn identity(&self) -> GeneratorIdentity {
        GeneratorIdentity {
            backend: format!("http {}", self.server.options().base_url),
            device: "remote".to_owned(),
            instructions: String::new(),
            rows: 0,
            threads: 0,
        }
    }

    fn open(&mut self, checkpoint: &Checkpoint) -> Result<Box<dyn Sampler + '_>, PolicyError> {
        // A thread of its own, so that answers arrive while the caller judges others.
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(HttpError::Threads)?;
        let model = checkpoint.path.to_string_lossy().into_owned();
        Ok(Box::new(HttpSampler {
            server: Arc::clone(&self.server),
            runtime,
            model,
        }))
    }
}

struct HttpSampler {
    server: Arc<Server>,
    runtime: Runtime,
    model: String,
}

impl Sampler for HttpSampler {
    fn sample(
        &mut self,
        requests: &[SampleRequest],
        sampling: &Sampling,
        sink: &mut dyn FnMut(Sample) -> Flow,
    ) -> Result<(), PolicyError> {
        let sampling = Arc::new(sampling.clone());
        let mut wanted = requests
            .iter()
            .flat_map(|request| request.samples.iter().map(move |&(k, seed)| (request, k, seed)));
        let concurrency = self.server.options().concurrency.max(1);
        // Dropping the set aborts what is under way.
        let mut asked = JoinSet::new();
        loop {
            while asked.len() < concurrency {
                let Some((request, k, seed)) = wanted.next() else {
                    break;
                };
                let ask = Ask::new(&self.model, &request.prompt, seed, &sampling);
                let (server, sampling) = (Arc::clone(&self.server), Arc::clone(&sampling));
                let sample = draw(server, ask, sampling, request.problem.clone(), k, seed);
                asked.spawn_on(sample, self.runtime.handle());
            }
            match self.runtime.block_on(asked.join_next()) {
                None => return Ok(()),
                Some(Err(panic)) => return Err(PolicyError::new("a request ended in a bug", panic)),
                Some(Ok(sample)) => {
                    if sink(sample?) == Flow::Stop {
                        return Ok(());
                    }
                }
            }
        }
    }
}

async fn draw(
    server: Arc<Server>,
    ask: Ask,
    sampling: Arc<Sampling>,
    problem: ProblemId,
    k: u32,
    seed: Seed,
) -> Result<Sample, HttpError> {
    let body = server.ask(&ask).await?;
    let completion = read(&body, &sampling.stop).map_err(|reason| HttpError::NotACompletion {
        url: server.url().to_owned(),
        reason,
    })?;
    Ok(Sample {
        problem,
        k,
        seed,
        completion: completion.text,
        tokens: completion.tokens,
        log_prob: None,
        finish: completion.finish,
    })
}
