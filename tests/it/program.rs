//! Running commands of the program itself, and serving with it in a process of its own.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rolemark_tests::{Error, Result};
use serde_json::Value;

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

/// The program serving an SQLite file in a process of its own, and all that it logs.
pub struct Served {
    child: Child,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    /// Starts it in a data directory, on a port that the system chooses, with these variables of the environment.
    pub fn start(directory: &std::path::Path, variables: &[(&str, &str)]) -> Result<Self> {
        let mut child = Command::new(PROGRAM)
            .args(["serve", "--listen", "127.0.0.1:0", "--log-format", "json", "--data-directory"])
            .arg(directory)
            .envs(variables.iter().copied())
            .current_dir(directory)
            .stdout(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take().ok_or("no output")?;
        let lines = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&lines);
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(std::result::Result::ok) {
                kept.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            }
        });
        Ok(Self { child, lines })
    }

    /// Where it answers, once it does.
    pub async fn url(&self) -> Result<String> {
        self.wait_for(url_in).await
    }

    /// All that it has logged so far.
    pub fn log(&self) -> String {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).join("\n")
    }

    /// What `find` finds in the log, once it is there.
    pub async fn wait_for<T>(&self, find: impl Fn(&str) -> Option<T>) -> Result<T> {
        for _ in 0..200 {
            if let Some(found) = find(&self.log()) {
                return Ok(found);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        Err(Error::from(format!("not in the log: {}", self.log())))
    }
}

fn url_in(log: &str) -> Option<String> {
    let rest = log.split("http://127.0.0.1:").nth(1)?;
    let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some(format!("http://127.0.0.1:{port}"))
}

/// The events of a log in JSON whose names begin so, such as `identity.`.
pub fn events_in(log: &str, prefix: &str) -> Vec<Value> {
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines.filter(|line| line["event"].as_str().is_some_and(|event| event.starts_with(prefix))).collect()
}
