//! Fills a database through the API, starts the server over it, and measures one operation after the other.

mod database;
mod http;
mod load;
mod operations;
mod options;
mod population;
mod process;
mod random;
mod report;
mod run;
mod server;
mod shapes;
mod texts;

use std::process::ExitCode;

use clap::Parser;
use rolemark_tests::{Error, Result};
use tokio::{runtime, signal::unix, task::LocalSet};

use options::{Options, Settings};

/// The argument that makes this program the server.
pub(crate) const SERVE: &str = "serve";

/// Runs the benchmark.
pub(crate) fn main() -> ExitCode {
    let outcome = Options::parse().settings().and_then(|settings| measure(&settings));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench-http: {error}");
            ExitCode::FAILURE
        }
    }
}

/// One thread for the whole load: the server and the database have the other processors.
fn measure(settings: &Settings) -> Result<()> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    LocalSet::new().block_on(&runtime, async {
        tokio::select! {
            outcome = run::all(settings) => outcome,
            // Returning drops what was started.
            stopped = told_to_stop() => Err(stopped),
        }
    })
}

async fn told_to_stop() -> Error {
    let terminate = async {
        match unix::signal(unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        () = terminate => "stopped by SIGTERM".into(),
        _ = tokio::signal::ctrl_c() => "stopped by ctrl-c".into(),
    }
}
