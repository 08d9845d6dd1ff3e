//! Copies of a model on several devices: opening them and drawing on them at once.

use std::ops::Range;
use std::path::Path;
use std::sync::mpsc;
use std::thread;

use restem_em::{Flow, PolicyError, Sample, SampleRequest, Sampling, Tokenizer};

use super::draw::{DrawError, draw};
use super::work::Work;
use super::{Backend, Devices, LoadedModel, NativeSettings};

/// The ABI's minor version that has [`OpenOptions::copies`](restem_policy_abi::OpenOptions).
const KNOWS_COPIES: u32 = 2;

/// Samples handed to a lone device ahead of those that it works on: enough to keep its rows full, few enough to keep their
/// prompts out of memory.
const AHEAD: usize = 512;

/// Loads the model at `dir` on those of the settings' devices, all at once.
pub(super) fn open_side_by_side(
    backend: &Backend,
    dir: &Path,
    settings: &NativeSettings,
    which: Range<usize>,
) -> Result<Vec<LoadedModel>, PolicyError> {
    let devices = &settings.devices;
    let alone = devices.names().len() == 1;
    let open = |at: usize| {
        let mut settings = settings.clone();
        let copies = devices.copies(at);
        settings.options.copies = (copies > 1 && backend.api().abi_minor >= KNOWS_COPIES).then_some(copies);
        LoadedModel::open_on(backend, dir, &devices.names()[at], &settings).map_err(|error| {
            if alone {
                return error.into();
            }
            PolicyError::message(format!("{}: {error}", devices.label(at)))
        })
    };
    if which.len() <= 1 {
        return which.map(open).collect();
    }
    thread::scope(|scope| {
        let opening: Vec<_> = which.map(|at| scope.spawn(move || open(at))).collect();
        let joined = opening.into_iter().map(|thread| match thread.join() {
            Ok(opened) => opened,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        // All of them end before the first failure is returned: what was opened is then closed again.
        joined.collect::<Vec<_>>().into_iter().collect()
    })
}

/// Draws every sample of `requests` and hands each over as it ends; what [`restem_em::Sampler::sample`] promises.
///
/// Each model draws on a thread of its own. When one fails, the others stop before their next step, and every sample that
/// had ended by then is handed over before the error is returned.
pub(super) fn draw_side_by_side(
    models: &mut [LoadedModel],
    tokenizer: &dyn Tokenizer,
    requests: &[SampleRequest],
    sampling: &Sampling,
    sink: &mut dyn FnMut(Sample) -> Flow,
) -> Result<(), PolicyError> {
    let work = Work::new(requests, models.len());
    if let [model] = models {
        let ahead = AHEAD + 2 * model.identity().rows as usize;
        return Ok(draw(model, tokenizer, &work, (0, ahead), sampling, sink)?);
    }
    let devices = Devices::of(models);
    let (say, heard) = mpsc::channel::<Result<Sample, PolicyError>>();
    thread::scope(|scope| {
        for (at, model) in models.iter_mut().enumerate() {
            let (work, label) = (&work, devices.label(at));
            let said = say.clone();
            let run = move || {
                let mut send = |sample| match said.send(Ok(sample)) {
                    Ok(()) => Flow::Continue,
                    Err(_) => Flow::Stop, // Nobody listens any more.
                };
                let ahead = ahead(model.identity().rows, work.share());
                if let Err(error) = draw(model, tokenizer, work, (at, ahead), sampling, &mut send) {
                    // If nobody listens, there is nobody to tell.
                    let _ = said.send(Err(on_device(&label, error)));
                }
            };
            let label = devices.label(at);
            if let Err(error) = thread::Builder::new()
                .name(label.clone())
                .spawn_scoped(scope, run)
            {
                let error = PolicyError::new(format!("{label}: no thread can be started for it"), error);
                // The receiver lives until all threads have ended.
                let _ = say.send(Err(error));
            }
        }
        drop(say);
        merge(heard, &work, sink)
    })
}

/// Hands samples over until every device has ended; the first failure, if there was one.
///
/// It owns the receiver: should `sink` panic, the devices notice that nobody listens, and end.
fn merge(
    heard: mpsc::Receiver<Result<Sample, PolicyError>>,
    work: &Work<'_>,
    sink: &mut dyn FnMut(Sample) -> Flow,
) -> Result<(), PolicyError> {
    let mut outcome = Ok(());
    let mut wanted = Flow::Continue;
    for said in heard {
        match said {
            Ok(sample) if wanted == Flow::Continue => wanted = sink(sample),
            Ok(_) => {}
            Err(error) => {
                outcome = outcome.and(Err(error));
                work.halt();
            }
        }
        if wanted == Flow::Stop {
            work.halt();
        }
    }
    outcome
}

/// Samples that a device holds beside others: what its rows need, and no more than its share, so that what is left when
/// work runs out is spread over all of them.
fn ahead(rows: u32, share: usize) -> usize {
    let rows = if rows == 0 { AHEAD } else { rows as usize };
    rows.min(share)
}

/// The error of a device; the hint is for those that have none of their own.
fn on_device(label: &str, error: DrawError) -> PolicyError {
    match error {
        DrawError::Asked(error) => error,
        DrawError::Device(error) if error.message.contains("hint:") => {
            PolicyError::message(format!("{label}: {error}"))
        }
        DrawError::Device(error) => PolicyError::message(format!(
            "{label}: {error}\n  hint: samples that had ended are kept; go on with the other devices by leaving this one out \
             of `model.device`"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_beside_others_takes_what_its_rows_need() {
        assert_eq!(ahead(64, 1000), 64);
        assert_eq!(ahead(64, 50), 50);
        assert_eq!(ahead(0, 1000), AHEAD);
    }

    #[test]
    fn the_hint_of_an_error_stands_alone() {
        let device = |text: &str| {
            let error = DrawError::Device(PolicyError::message(text));
            on_device("device `cuda:1`", error).to_string()
        };
        assert_eq!(
            device("no room\n  hint: make some"),
            "device `cuda:1`: no room\n  hint: make some"
        );
        insta::assert_snapshot!(device("lost"), @"
        device `cuda:1`: lost
          hint: samples that had ended are kept; go on with the other devices by leaving this one out of `model.device`
        ");
    }
}
