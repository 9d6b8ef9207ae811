//! The HTTP benchmark: requests per second, latency, processor time and memory of the release server, on SQLite and on
//! PostgreSQL with durable settings.
//!
//! ```text
//! cargo run --release -p rolemark-tests --bin bench-http
//! cargo run --release -p rolemark-tests --bin bench-http -- --help
//! ```

#[path = "../bench/mod.rs"]
mod bench;

use std::process::ExitCode;

fn main() -> ExitCode {
    // The server is a process of its own: this program again, as `rolemark serve`. So one command builds all there is.
    match std::env::args().nth(1).as_deref() {
        Some(bench::SERVE) => rolemark::cli::main(),
        _ => bench::main(),
    }
}
