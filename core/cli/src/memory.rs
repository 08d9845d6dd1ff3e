//! Where samples are drawn and what keys and values may take there, in words and for the run directory.

use std::thread::available_parallelism;

use restem_policy::native::CacheMemory;
use restem_store::{RunDir, RunView};
use serde::{Deserialize, Serialize};

/// Its file in the run directory: as the last process had it, since it decides nothing about the result.
const FILE: &str = "memory.json";

/// The devices that draw and the bound of the cache on each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Memory {
    devices: Vec<Place>,
    /// Bytes of a token's keys and values; 0 where the backend does not tell.
    token_bytes: u64,
    /// Threads of a matrix product on each; 0 where the backend does not tell.
    threads: u32,
}

/// A device.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    device: String,
    /// Bytes that its cache may take, where there is a bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    cache_bytes: Option<u64>,
}

impl Memory {
    /// What a generator with so many threads on each device tells.
    pub(crate) fn new(cache: &CacheMemory, threads: u32) -> Self {
        let place = |(device, bytes): &(String, u64)| Place {
            device: device.clone(),
            cache_bytes: (*bytes < u64::MAX).then_some(*bytes),
        };
        Self {
            devices: cache.devices.iter().map(place).collect(),
            token_bytes: cache.token_bytes,
            threads,
        }
    }

    /// What the last process of a run had, if it got that far.
    pub(crate) fn of_run(view: &RunView) -> anyhow::Result<Option<Self>> {
        let text = match std::fs::read(view.layout().report(FILE)?) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            text => text?,
        };
        Ok(Some(serde_json::from_slice(&text)?))
    }

    /// Writes it down for [`Memory::of_run`].
    pub(crate) fn keep(&self, dir: &mut RunDir) -> anyhow::Result<()> {
        dir.write_report(FILE, &serde_json::to_vec_pretty(self)?)?;
        Ok(())
    }

    /// `cpu`, or `cuda:0, cuda:1 (each draws a part of the samples, cuda:0 trains)`.
    pub(crate) fn devices(&self) -> String {
        let names: Vec<&str> = self.devices.iter().map(|place| place.device.as_str()).collect();
        match names[..] {
            [name] => name.to_owned(),
            [] => "none".to_owned(),
            [first, ..] => format!(
                "{} (each draws a part of the samples, {} trains)",
                names.join(", "),
                if names[1..].contains(&first) {
                    "the first"
                } else {
                    first
                }
            ),
        }
    }

    /// The bound on each device; `None` where the backend does not tell.
    pub(crate) fn bound(&self) -> Option<String> {
        if self.token_bytes == 0 {
            return None;
        }
        let bound = |place: &Place| place.cache_bytes.map(|bytes| format!("at most {}", gib(bytes)));
        let free = || "no bound".to_owned();
        Some(match &self.devices[..] {
            [] => free(),
            [place] => bound(place).unwrap_or_else(free),
            [first, rest @ ..] if rest.iter().all(|place| bound(place) == bound(first)) => match bound(first)
            {
                Some(bound) => format!("{bound} on each of {} devices", self.devices.len()),
                None => free(),
            },
            places => {
                let each = places
                    .iter()
                    .map(|place| format!("{} on {}", bound(place).unwrap_or_else(free), place.device));
                each.collect::<Vec<_>>().join(", ")
            }
        })
    }

    /// The bound, and how much of it the samples of a full decode step take; prompts come on top.
    pub(crate) fn of_sampling(&self, rows: u32, max_tokens: u32) -> Option<String> {
        let of_samples = self
            .token_bytes
            .saturating_mul(u64::from(rows) * u64::from(max_tokens));
        Some(format!(
            "cache: {}; a token takes {:.1} KiB, {rows} samples of {max_tokens} tokens {}",
            self.bound()?,
            self.token_bytes as f64 / 1024.0,
            gib(of_samples)
        ))
    }

    /// A warning where copies on the CPU would stand in each other's way.
    pub(crate) fn crowding(&self) -> Option<String> {
        self.crowding_on(available_parallelism().map_or(usize::MAX, std::num::NonZero::get))
    }

    fn crowding_on(&self, cores: usize) -> Option<String> {
        let copies = self.devices.iter().filter(|place| place.device == "cpu").count();
        let threads = self.threads as usize;
        (copies > 1 && copies * threads > cores).then(|| {
            format!(
                "warning: {copies} copies on the cpu use {threads} threads each, and there are {cores} cores: set \
                 model.options.threads = {}",
                (cores / copies).max(1)
            )
        })
    }
}

fn gib(bytes: u64) -> String {
    format!("{:.2} GiB", bytes as f64 / f64::from(1 << 30))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(devices: &[(&str, u64)]) -> Memory {
        let cache = CacheMemory {
            devices: (devices.iter())
                .map(|(name, bytes)| ((*name).to_owned(), *bytes))
                .collect(),
            token_bytes: 18 << 10,
        };
        Memory::new(&cache, 2)
    }

    #[test]
    fn the_bound_and_the_need_are_said_in_the_same_unit() {
        let one = memory(&[("cpu", 3 << 29)]);
        insta::assert_snapshot!(one.of_sampling(64, 128).unwrap(), @"cache: at most 1.50 GiB; a token takes 18.0 KiB, 64 samples of 128 tokens 0.14 GiB");
        assert_eq!(one.devices(), "cpu");
        let free = memory(&[("cuda:0", u64::MAX)]);
        assert!(free.of_sampling(1, 1).unwrap().starts_with("cache: no bound;"));
    }

    #[test]
    fn each_device_has_a_bound_of_its_own() {
        let equal = memory(&[("cuda:0", 1 << 30), ("cuda:1", 1 << 30)]);
        insta::assert_snapshot!(equal.bound().unwrap(), @"at most 1.00 GiB on each of 2 devices");
        insta::assert_snapshot!(equal.devices(), @"cuda:0, cuda:1 (each draws a part of the samples, cuda:0 trains)");
        let different = memory(&[("cpu", 1 << 30), ("cpu", u64::MAX)]);
        insta::assert_snapshot!(different.bound().unwrap(), @"at most 1.00 GiB on cpu, no bound on cpu");
        insta::assert_snapshot!(different.devices(), @"cpu, cpu (each draws a part of the samples, the first trains)");
        assert_eq!(
            memory(&[("cuda:0", u64::MAX), ("cuda:1", u64::MAX)])
                .bound()
                .unwrap(),
            "no bound"
        );
    }

    #[test]
    fn copies_with_more_threads_than_cores_are_warned_of() {
        let two = memory(&[("cpu", 1), ("cpu", 1)]);
        insta::assert_snapshot!(two.crowding_on(2).unwrap(), @"warning: 2 copies on the cpu use 2 threads each, and there are 2 cores: set model.options.threads = 1");
        assert_eq!(two.crowding_on(4), None);
        assert_eq!(memory(&[("cpu", 1)]).crowding_on(1), None);
    }

    #[test]
    fn what_a_run_keeps_reads_back() {
        let memory = memory(&[("cuda:0", 5), ("cuda:1", u64::MAX)]);
        let text = serde_json::to_string(&memory).unwrap();
        assert_eq!(serde_json::from_str::<Memory>(&text).unwrap(), memory);
    }
}
