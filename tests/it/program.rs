//! Running commands of the program itself.

use std::process::Command;

use rolemark_tests::Result;

use crate::steps::PROGRAM;

/// What a command of the program did.
pub struct Output {
    pub is_success: bool,
    /// What it said, to people and as its result.
    pub text: String,
}

/// Runs a command, away from any configuration but these arguments.
pub async fn run(arguments: &[&str]) -> Result<Output> {
    let arguments: Vec<String> = arguments.iter().map(|argument| (*argument).to_owned()).collect();
    let output = tokio::task::spawn_blocking(move || {
        let mut command = Command::new(PROGRAM);
        command.args(arguments).current_dir(std::env::temp_dir());
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ROLEMARK_")) {
            command.env_remove(name);
        }
        command.output()
    });
    let output = output.await??;
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    Ok(Output { is_success: output.status.success(), text })
}
