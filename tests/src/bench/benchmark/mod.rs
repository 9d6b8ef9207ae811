//! Makes contributions by SQL, lets the program build releases from them, and measures it.

mod builder;
mod generate;
mod options;
mod run;
mod site;

use std::process::ExitCode;

use clap::Parser;
use rolemark_tests::Result;

use options::Options;

/// The argument that makes this program the builder.
pub(crate) const BUILDER: &str = "benchmark";

/// Runs the benchmark.
pub(crate) fn main() -> ExitCode {
    match measure(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench-benchmark: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(options: &Options) -> Result<()> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(run::all(options))
}
