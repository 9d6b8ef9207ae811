//! The real data sets (O*NET, task labels, the Economic Index). They are never committed, so they may be absent.

use std::path::PathBuf;

use crate::{Result, workspace_root};

/// Names the directory with the data sets, instead of `../shared/data` beside the workspace.
pub const VARIABLE: &str = "ROLEMARK_SHARED_DATA";

/// The directory with the data sets, or nothing where there is none. A directory that was named must exist.
pub fn shared_data() -> Result<Option<PathBuf>> {
    if let Some(named) = std::env::var_os(VARIABLE) {
        let path = PathBuf::from(named);
        return match path.is_dir() {
            true => Ok(Some(path)),
            false => Err(format!("{VARIABLE} names {}, which is no directory", path.display()).into()),
        };
    }
    let beside = workspace_root().parent().map(|parent| parent.join("shared/data"));
    Ok(beside.filter(|path| path.is_dir()))
}
