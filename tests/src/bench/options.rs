//! What can be chosen on the command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use rolemark_tests::{Backend, Result};

use super::operations::Operation;

/// Access tokens last 15 minutes; no run of one operation may come near that.
const LONGEST_RUN: f64 = 600.0;

/// Measures the release server over HTTP, on SQLite and on PostgreSQL.
#[derive(Parser)]
#[command(name = "bench-http")]
pub(crate) struct Options {
    /// Which database
    #[arg(long, value_enum, default_value_t = Choice::Both)]
    database: Choice,
    /// Operations to measure, such as q1,q5; all when left out
    #[arg(long, value_enum, value_delimiter = ',')]
    operations: Vec<Operation>,
    /// Organizations to fill the database with, of 40 roles each [default: 1000]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    organizations: Option<u32>,
    /// Length of a repetition [default: 5]
    #[arg(long)]
    seconds: Option<f64>,
    /// Repetitions of each operation, interleaved with those of the others [default: 3]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    repetitions: Option<u32>,
    /// Requests under way at a time, each on a connection of its own
    #[arg(long, default_value_t = 16, value_parser = clap::value_parser!(u32).range(1..=1_000))]
    concurrency: u32,
    /// Seconds that each operation runs before it is measured [default: 2]
    #[arg(long)]
    warm_up: Option<f64>,
    /// Keep the filled databases in this directory, and use those that are there
    #[arg(long, value_name = "DIRECTORY")]
    keep: Option<PathBuf>,
    /// Write the figures of every repetition to this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Log filter of the server; it logs a line for each request by default, and that is measured too
    #[arg(long, default_value = "info")]
    log: String,
    /// 20 organizations, one repetition of 1 second: tries the benchmark, measures nothing of use
    #[arg(long)]
    quick: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Choice {
    Sqlite,
    Postgres,
    Both,
}

/// What was chosen, with defaults in place.
pub(crate) struct Settings {
    pub(crate) backends: Vec<Backend>,
    pub(crate) operations: Vec<Operation>,
    pub(crate) organizations: usize,
    pub(crate) run: Duration,
    pub(crate) repetitions: usize,
    pub(crate) concurrency: usize,
    pub(crate) warm_up: Duration,
    pub(crate) keep: Option<PathBuf>,
    pub(crate) json: Option<PathBuf>,
    pub(crate) log: String,
}

impl Options {
    /// Puts the defaults in place.
    pub(crate) fn settings(self) -> Result<Settings> {
        let (organizations, seconds, repetitions, warm_up) = match self.quick {
            true => (20, 1.0, 1, 0.2),
            false => (1_000, 5.0, 3, 2.0),
        };
        let backends = match self.database {
            Choice::Sqlite => vec![Backend::Sqlite],
            Choice::Postgres => vec![Backend::Postgres],
            Choice::Both => Backend::ALL.to_vec(),
        };
        let all = || Operation::value_variants().to_vec();
        Ok(Settings {
            backends,
            operations: if self.operations.is_empty() { all() } else { self.operations },
            organizations: self.organizations.unwrap_or(organizations) as usize,
            run: duration("seconds", self.seconds.unwrap_or(seconds))?,
            repetitions: self.repetitions.unwrap_or(repetitions) as usize,
            concurrency: self.concurrency as usize,
            warm_up: duration("warm-up", self.warm_up.unwrap_or(warm_up))?,
            keep: self.keep,
            json: self.json,
            log: self.log,
        })
    }
}

fn duration(name: &str, seconds: f64) -> Result<Duration> {
    match (0.0..=LONGEST_RUN).contains(&seconds) {
        true => Ok(Duration::from_secs_f64(seconds)),
        false => Err(format!("--{name} is {seconds}; it must be 0 to {LONGEST_RUN}").into()),
    }
}
