//! The `rolemark` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    rolemark::cli::main()
}
