//! Finding the built library.

use std::path::PathBuf;

/// The `cdylib` of this crate, as cargo built it beside the running test.
///
/// # Errors
/// A message that says where it was looked for, when the caller is not a test that cargo built.
pub fn library() -> Result<PathBuf, String> {
    let name = format!(
        "{}restem_scripted_backend{}",
        std::env::consts::DLL_PREFIX,
        std::env::consts::DLL_SUFFIX
    );
    let test = std::env::current_exe().map_err(|error| error.to_string())?;
    // Tests run from `deps`, where dependencies' libraries are; binaries and examples from beside it or below it.
    let folders = test.ancestors().skip(1).take(2);
    (folders.flat_map(|folder| [folder.join(&name), folder.join("deps").join(&name)]))
        .find(|path| path.exists())
        .ok_or_else(|| {
            format!(
                "{name} is not beside {}: is the crate a dev-dependency?",
                test.display()
            )
        })
}
