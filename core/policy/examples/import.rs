//! Imports a GGUF file: `import GGUF DIR`, as `restem model import` does without the rest of `restem`. The conformance
//! tests run it.

use std::path::Path;

use restem_policy::import::{ImportOptions, import_gguf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [gguf, directory] = &arguments[..] else {
        return Err("usage: import GGUF DIR".into());
    };
    import_gguf(
        Path::new(gguf),
        Path::new(directory),
        &ImportOptions::default(),
        &mut |_| {},
    )?;
    Ok(())
}
