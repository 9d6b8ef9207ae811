//! What can be chosen on the command line.

use clap::Parser;

/// Measures how releases of the benchmark are built.
#[derive(Parser)]
#[command(name = "bench-benchmark")]
pub(crate) struct Options {
    /// Organizations that contribute, on PostgreSQL; one run for each number
    #[arg(long, value_delimiter = ',', default_value = "1000,10000,100000")]
    pub(crate) organizations: Vec<u32>,
    /// Organizations that contribute, on SQLite; 0 leaves it out
    #[arg(long, default_value_t = 1_000)]
    pub(crate) sqlite: u32,
    /// Canonical roles that every organization contributes to
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=500))]
    pub(crate) roles: u32,
    /// Tasks of a role
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) tasks: u32,
    /// Skills of a role
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(0..=40))]
    pub(crate) skills: u32,
}
