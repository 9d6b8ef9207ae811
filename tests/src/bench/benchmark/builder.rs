//! The builder under measurement, a process of its own.

use std::fs;
use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rolemark_tests::Result;

use super::BUILDER;
use super::site::Site;

const BETWEEN_LOOKS: Duration = Duration::from_millis(20);

/// What a command did.
pub(crate) struct Ran {
    pub(crate) time: Duration,
    /// Resident memory at its highest, in bytes.
    pub(crate) memory: u64,
    pub(crate) said: String,
}

/// Runs `rolemark benchmark …` to its end.
pub(crate) fn run(site: &Site, arguments: &[&str]) -> Result<Ran> {
    let mut command = Command::new(std::env::current_exe()?);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ROLEMARK_")) {
        command.env_remove(name);
    }
    command.arg(BUILDER).args(arguments).args(site.addresses()).current_dir(site.directory());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let begun = Instant::now();
    let mut child = command.spawn()?;
    let memory = watch(&mut child)?;
    let time = begun.elapsed();
    let output = child.wait_with_output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(format!("benchmark {arguments:?} failed: {said}{error}").into());
    }
    Ok(Ran { time, memory, said })
}

/// Waits for a process; its resident memory at its highest, as far as that was seen.
fn watch(child: &mut Child) -> Result<u64> {
    let path = format!("/proc/{}/status", child.id());
    let mut highest = 0;
    loop {
        highest = highest.max(peak(&path).unwrap_or(0));
        // It says little: its pipes are read afterwards.
        if child.try_wait()?.is_some() {
            return Ok(highest);
        }
        std::thread::sleep(BETWEEN_LOOKS);
    }
}

fn peak(path: &str) -> Option<u64> {
    let mut status = String::new();
    fs::File::open(path).ok()?.read_to_string(&mut status).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    Some(line.trim().trim_end_matches(" kB").parse::<u64>().ok()? * 1_024)
}
