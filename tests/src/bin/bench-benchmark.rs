//! The benchmark of the benchmark: how long a release takes, and how much memory its builder needs, by the number of
//! organizations.
//!
//! ```text
//! cargo run --release -p rolemark-tests --bin bench-benchmark
//! cargo run --release -p rolemark-tests --bin bench-benchmark -- --help
//! ```

#[path = "../bench/benchmark/mod.rs"]
mod bench;

use std::process::ExitCode;

fn main() -> ExitCode {
    // The builder is a process of its own: this program again, as `rolemark benchmark …`.
    match std::env::args().nth(1).as_deref() {
        Some(bench::BUILDER) => rolemark::cli::main(),
        _ => bench::main(),
    }
}
