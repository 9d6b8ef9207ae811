//! The `rolemark` program, built together with the cases that run it.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolemark::cli::main()
}
