//! What the kernel knows about processes: processor time and memory.

use std::fs;
use std::time::Duration;

use rolemark_tests::{Error, Result};

/// The kernel counts processor time for people in hundredths of a second on every architecture of today.
const TICK: Duration = Duration::from_millis(10);

/// User and system time, in ticks.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Times {
    parent: u32,
    /// Of the process, with all its threads, also those that ended.
    own: u32,
    /// Of the children that ended and were waited for.
    ended_children: u32,
}

/// Processor time of a process so far, of all its threads.
pub(crate) fn cpu(pid: u32) -> Result<Duration> {
    Ok(TICK * times(pid)?.own)
}

/// Processor time of a PostgreSQL cluster so far: of its first process, of the children that it has (all other
/// processes of a cluster are children of the first), and of those that ended, which the kernel adds to their parent.
///
/// A child that ends while we look is counted once: if the parent's sum changed meanwhile, we look again.
pub(crate) fn cluster_cpu(postmaster: u32) -> Result<Duration> {
    loop {
        let before = times(postmaster)?;
        let live: u32 =
            processes()?.filter_map(|pid| times(pid).ok()).filter(|t| t.parent == postmaster).map(|t| t.own).sum();
        let after = times(postmaster)?;
        if before.ended_children == after.ended_children {
            return Ok(TICK * (after.own + after.ended_children + live));
        }
    }
}

/// Resident memory of a process in bytes: now, and at its highest.
pub(crate) fn resident(pid: u32) -> Result<(u64, u64)> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let field = |name: &str| -> Result<u64> {
        let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("not in /proc/…/status")?;
        Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
    };
    Ok((field("VmRSS:")?, field("VmHWM:")?))
}

fn processes() -> Result<impl Iterator<Item = u32>> {
    let entries = fs::read_dir("/proc").map_err(|e| format!("the benchmark needs Linux's /proc: {e}"))?;
    Ok(entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()))
}

fn times(pid: u32) -> Result<Times> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).map_err(|e| format!("process {pid}: {e}"))?;
    parse(&stat).ok_or_else(|| Error::from(format!("/proc/{pid}/stat is not as expected: {stat}")))
}

/// The second field is the program's name in parentheses and may hold anything; the third follows the last one.
fn parse(stat: &str) -> Option<Times> {
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
    // The numbers are those of proc(5).
    let number = |position: usize| fields.get(position - 3)?.parse::<u32>().ok();
    Some(Times { parent: number(4)?, own: number(14)? + number(15)?, ended_children: number(16)? + number(17)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stat_is_read_behind_the_name() {
        let stat = "42 (post) gres: a) S 7 42 42 0 -1 4194304 100 200 0 0 11 22 33 44 20 0 1 0 5 6 7";
        assert_eq!(parse(stat), Some(Times { parent: 7, own: 33, ended_children: 77 }));
    }

    #[test]
    fn our_own_figures_can_be_read() {
        let us = std::process::id();
        assert!(cpu(us).is_ok());
        let (now, highest) = resident(us).expect("our memory");
        assert!(now > 0 && highest >= now);
    }
}
