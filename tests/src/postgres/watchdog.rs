//! Removes the cluster when the tests end, in whatever way they end.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::Result;

/// Waits until its standard input ends, which the system sees to when our process dies, even by SIGKILL;
/// then stops the server and removes the directory. Arguments: pg_ctl, data directory, how to stop, and the
/// directory to remove, or nothing.
const SCRIPT: &str = r#"trap '' HUP INT; read -r _; "$1" stop -D "$2" -m "$3" -w -s; [ -z "$4" ] || rm -rf "$4""#;

/// A small process of its own, in a process group of its own, so that ctrl-c does not reach it.
pub(super) struct Watchdog(Child);

impl Watchdog {
    /// `shell` is a command for `sh` that runs as the owner of the cluster. A cluster that is not removed is stopped
    /// in an orderly way.
    pub(super) fn start(mut shell: Command, pg_ctl: &Path, data: &Path, remove: Option<&Path>) -> Result<Self> {
        use std::os::unix::process::CommandExt;
        let (how, remove) = remove.map_or(("fast", Path::new("")), |directory| ("immediate", directory));
        shell.args(["-c", SCRIPT, "watchdog"]).args([pg_ctl, data]).arg(how).arg(remove);
        // Not in the directory that it removes.
        shell.current_dir("/").process_group(0);
        shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Self(shell.spawn().map_err(|e| format!("cannot start the cluster's watchdog: {e}"))?))
    }
}

impl Drop for Watchdog {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}
