//! `model.device`: one device or several.

use restem_policy::native::{Devices, NativeError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A device's name or several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(
    untagged,
    expecting = "model.device is a name such as \"cuda:0\" or a list of names such as [\"cuda:0\", \"cuda:1\"]"
)]
pub(crate) enum DeviceNames {
    /// One.
    One(String),
    /// Several.
    Several(Vec<String>),
}

impl Default for DeviceNames {
    fn default() -> Self {
        Self::One("auto".into())
    }
}

impl DeviceNames {
    /// The devices, as far as their names tell.
    pub(crate) fn devices(&self) -> Result<Devices, NativeError> {
        match self {
            Self::One(name) => Ok(Devices::one(name)),
            Self::Several(names) => Devices::new(names.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<String, String> {
        let table: Result<toml::Table, _> = toml::from_str(text);
        let value = table.unwrap().remove("device").unwrap();
        let names = value
            .try_into::<DeviceNames>()
            .map_err(|error| error.message().to_owned())?;
        let devices = names.devices().map_err(|error| error.to_string())?;
        Ok(devices.to_string())
    }

    #[test]
    fn a_device_is_a_name_or_a_list_of_names() {
        assert_eq!(read("device = 'cuda:1'").unwrap(), "cuda:1");
        assert_eq!(read("device = ['cuda:0', 'cuda:1']").unwrap(), "cuda:0, cuda:1");
        insta::assert_snapshot!(
            read("device = [0, 1]").unwrap_err(),
            @r#"model.device is a name such as "cuda:0" or a list of names such as ["cuda:0", "cuda:1"]"#
        );
    }
}
