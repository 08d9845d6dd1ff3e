//! The devices that draw samples side by side.

use std::fmt;

use super::{Backend, LoadedModel, NativeError};

/// Stands for every CUDA device that the backend sees.
pub const ALL_CUDA: &str = "cuda:all";

/// Takes the first CUDA device where there is one.
const AUTO: &str = "auto";

/// Devices of one kind, each with a copy of the model: together they draw the samples, the first alone trains.
///
/// A sample is the same whichever of them draws it, so that their number is no part of a run's identity. Several copies
/// on `cpu` are allowed: many cores are used better by several copies with few threads each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Devices(Vec<String>);

impl Devices {
    /// One device, or [`ALL_CUDA`].
    pub fn one(name: impl Into<String>) -> Self {
        Self(vec![name.into()])
    }

    /// Devices by name, such as `cuda:0`.
    ///
    /// # Errors
    /// [`NativeError::Devices`] when none is named, one other than `cpu` twice, they are of different kinds, or a name that
    /// stands for a choice is not alone.
    pub fn new(names: Vec<String>) -> Result<Self, NativeError> {
        let devices = Self(names);
        let refuse = |reason: String, hint: &'static str| {
            Err(NativeError::Devices {
                devices: devices.to_string(),
                reason,
                hint,
            })
        };
        match &devices.0[..] {
            [] => return refuse("none is named".into(), "name one, such as `cpu` or `cuda:0`"),
            [_] => return Ok(devices),
            [first, rest @ ..] => {
                if let Some(choice) = devices
                    .0
                    .iter()
                    .find(|name| [AUTO, ALL_CUDA].contains(&name.as_str()))
                {
                    let reason = format!("`{choice}` chooses by itself, and others stand beside it");
                    return refuse(reason, "name each device, or write `cuda:all` alone");
                }
                if let Some(other) = rest.iter().find(|name| kind(name) != kind(first)) {
                    let reason = format!("`{first}` and `{other}` would draw different samples");
                    return refuse(reason, "name devices of one kind");
                }
            }
        }
        let twice = (devices.0.iter().enumerate()).find(|(at, name)| {
            let same = |other: &String| number(other) == number(name);
            kind(name) != "cpu" && devices.0[..*at].iter().any(same)
        });
        match twice {
            None => Ok(devices),
            Some((_, name)) => refuse(
                format!("`{name}` is named twice, and a second copy there would only take its memory"),
                "name each device once, or write `cuda:all` for every one that there is",
            ),
        }
    }

    /// Those that models are on.
    pub(super) fn of(models: &[LoadedModel]) -> Self {
        let device = |model: &LoadedModel| model.identity().device.clone();
        Self(models.iter().map(device).collect())
    }

    /// The one that trains.
    #[must_use]
    pub fn first(&self) -> &str {
        match self.0.first().map(String::as_str) {
            Some(ALL_CUDA) | None => "cuda:0",
            Some(name) => name,
        }
    }

    /// Their names, in order.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// The devices themselves, each of which can serve `dtype`: [`ALL_CUDA`] becomes names.
    ///
    /// # Errors
    /// [`NativeError::Call`] with the first one that can't.
    pub(super) fn settled(&self, backend: &Backend, dtype: &str) -> Result<Self, NativeError> {
        if self.0 != [ALL_CUDA] {
            for name in &self.0 {
                backend.suitability(name, dtype)?;
            }
            return Ok(self.clone());
        }
        backend.suitability(self.first(), dtype)?;
        let numbered = (0..).map(|number| format!("cuda:{number}"));
        let seen = numbered.take_while(|name| backend.suitability(name, dtype).is_ok());
        Ok(Self(seen.collect()))
    }

    /// How many of them are the device at `at`.
    pub(super) fn copies(&self, at: usize) -> u32 {
        self.0.iter().filter(|name| **name == self.0[at]).count() as u32
    }

    /// The device at `at` for messages: which copy it is, where there are several.
    pub(super) fn label(&self, at: usize) -> String {
        let name = &self.0[at];
        match self.copies(at) {
            1 => format!("device `{name}`"),
            copies => {
                let copy = self.0[..=at].iter().filter(|other| *other == name).count();
                format!("device `{name}`, copy {copy} of {copies}")
            }
        }
    }
}

impl Default for Devices {
    fn default() -> Self {
        Self::one(AUTO)
    }
}

impl fmt::Display for Devices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

/// What decides the arithmetic: `cuda` of `cuda:1`.
pub(super) fn kind(device: &str) -> &str {
    device.split_once(':').map_or(device, |(kind, _)| kind)
}

/// Which of its kind it is; `cuda` is the first.
fn number(device: &str) -> &str {
    device.split_once(':').map_or("0", |(_, number)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn devices(names: &[&str]) -> Result<Devices, NativeError> {
        Devices::new(names.iter().copied().map(str::to_owned).collect())
    }

    fn refusal(names: &[&str]) -> String {
        devices(names).unwrap_err().to_string()
    }

    #[test]
    fn the_first_device_trains() {
        assert_eq!(Devices::default().first(), "auto");
        assert_eq!(devices(&["cuda:2", "cuda:0"]).unwrap().first(), "cuda:2");
        assert_eq!(Devices::one(ALL_CUDA).first(), "cuda:0");
    }

    #[test]
    fn copies_on_one_device_are_told_apart() {
        let devices = devices(&["cpu", "cpu"]).unwrap();
        assert_eq!(devices.copies(0), 2);
        assert_eq!(devices.label(1), "device `cpu`, copy 2 of 2");
        assert_eq!(Devices::one("cuda:3").label(0), "device `cuda:3`");
    }

    #[test]
    fn devices_that_can_not_draw_side_by_side_are_refused() {
        insta::assert_snapshot!(refusal(&[]), @"
        devices []: none is named
          hint: name one, such as `cpu` or `cuda:0`
        ");
        insta::assert_snapshot!(refusal(&["cuda:1", "cuda:0", "cuda"]), @"
        devices [cuda:1, cuda:0, cuda]: `cuda` is named twice, and a second copy there would only take its memory
          hint: name each device once, or write `cuda:all` for every one that there is
        ");
        insta::assert_snapshot!(refusal(&["cuda:0", "cpu"]), @"
        devices [cuda:0, cpu]: `cuda:0` and `cpu` would draw different samples
          hint: name devices of one kind
        ");
        insta::assert_snapshot!(refusal(&["auto", "cuda:1"]), @"
        devices [auto, cuda:1]: `auto` chooses by itself, and others stand beside it
          hint: name each device, or write `cuda:all` alone
        ");
    }
}
