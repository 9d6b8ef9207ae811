//! Commands of the program, run on the database of a server.

use std::path::Path;
use std::process::{Command, Stdio};

use rolemark_tests::scratch::ScratchDirectory;
use rolemark_tests::{Backend, Result, TestServer, role};

use crate::steps::PROGRAM;

/// What a command did.
pub(crate) struct Output {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Output {
    /// What it wrote to its standard output, if it succeeded.
    #[track_caller]
    pub(crate) fn done(&self) -> &str {
        assert_eq!(self.code, Some(0), "{}{}", self.out, self.err);
        &self.out
    }

    /// What it wrote, if it failed as a command fails.
    #[track_caller]
    pub(crate) fn failed(&self) -> String {
        assert_eq!(self.code, Some(1), "{}{}", self.out, self.err);
        assert!(!self.err.contains("panicked") && !self.err.contains("postgres://"), "{}", self.err);
        format!("{}{}", self.out, self.err)
    }
}

/// The command with the addresses of the server's database, and no variables of the tests.
pub(crate) fn command(t: &TestServer, directory: &ScratchDirectory, arguments: &[&str]) -> Command {
    command_in(t, directory.path(), arguments)
}

/// The same with a data directory that stays.
pub(crate) fn command_in(t: &TestServer, directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(PROGRAM);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ROLEMARK_")) {
        command.env_remove(name);
    }
    command.args(arguments).args(["--database-url", &t.database().url(role::APP)]);
    if t.backend() == Backend::Postgres {
        command.args(["--auth-database-url", &t.database().url(role::AUTH)]);
        command.args(["--erase-database-url", &t.database().url(role::ERASE)]);
    }
    command.arg("--data-directory").arg(directory).current_dir(directory);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command to its end.
pub(crate) async fn run(t: &TestServer, arguments: &[&str]) -> Result<Output> {
    run_with(t, arguments, &[]).await
}

/// The same with variables of the environment.
pub(crate) async fn run_with(t: &TestServer, arguments: &[&str], variables: &[(&str, &str)]) -> Result<Output> {
    let directory = ScratchDirectory::create()?;
    let mut command = command(t, &directory, arguments);
    command.envs(variables.iter().copied());
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ok(Output { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) })
}
