//! The operator's part: the real program, from `rolemark benchmark build` to `publish`.

use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{Datelike, NaiveDate, Utc};
use rolemark_tests::{Backend, Result, TestServer, role, shared};

use crate::commands::Output;
use crate::direct::Direct;
use crate::steps::PROGRAM;

/// The last `count` quarters whose releases may be published today, the oldest first.
pub(super) fn quarters(count: usize) -> Vec<Quarter> {
    let today = Utc::now().date_naive() - chrono::Duration::days(90);
    // The last quarter whose snapshot was 90 days ago.
    let mut quarter = Quarter { year: today.year(), number: today.month0() / 3 }.normal();
    let mut list = vec![quarter];
    while list.len() < count {
        quarter = Quarter { year: quarter.year, number: quarter.number - 1 }.normal();
        list.insert(0, quarter);
    }
    list
}

/// A quarter of a year, 1 to 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quarter {
    year: i32,
    number: u32,
}

impl Quarter {
    const fn normal(self) -> Self {
        if self.number == 0 { Self { year: self.year - 1, number: 4 } } else { self }
    }

    pub(super) fn key(self) -> String {
        format!("{}-Q{}", self.year, self.number)
    }

    /// The first moment after it.
    pub(super) fn snapshot(self) -> chrono::DateTime<Utc> {
        let (year, month) = if self.number == 4 { (self.year + 1, 1) } else { (self.year, 3 * self.number + 1) };
        let day = NaiveDate::from_ymd_opt(year, month, 1).expect("a first of a month");
        day.and_hms_opt(0, 0, 0).expect("midnight").and_utc()
    }
}

/// A server of its own, with its database and its operator.
pub(super) struct Office {
    pub(super) server: Arc<TestServer>,
    /// Everything that the program has written to its terminal.
    pub(super) terminal: String,
}

impl Office {
    pub(super) async fn new(backend: Backend) -> Result<Self> {
        let server = Arc::new(TestServer::fresh(backend).await?);
        shared::close_at_the_end(&server);
        Ok(Self { server, terminal: String::new() })
    }

    /// The database with every right; on SQLite with the builder's file, once that is there.
    pub(super) async fn direct(&self) -> Result<Direct> {
        let mut direct = Direct::superuser(&self.server).await?;
        let file = self.server.directory().join("benchmark.sqlite");
        if self.server.backend() == Backend::Sqlite && file.exists() {
            direct.execute(format!("ATTACH DATABASE '{}' AS builder", file.display())).await?;
        }
        Ok(direct)
    }

    /// `rolemark benchmark …`.
    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let (t, directory) = (&self.server, self.server.directory());
        let mut command = Command::new(PROGRAM);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ROLEMARK_")) {
            command.env_remove(name);
        }
        command.arg("benchmark").args(arguments).args(["--database-url", &t.database().url(role::APP)]);
        if t.backend() == Backend::Postgres {
            command.args(["--auth-database-url", &t.database().url(role::AUTH)]);
            command.args(["--release-database-url", &t.database().url(role::RELEASE)]);
        }
        command.arg("--data-directory").arg(directory).current_dir(directory);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs a command, which must succeed.
    pub(super) async fn run(&mut self, arguments: &[&str]) -> Result<String> {
        let mut command = self.command(arguments);
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let output = Output { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) };
        self.terminal.push_str(&output.out);
        self.terminal.push_str(&output.err);
        Ok(output.done().to_owned())
    }

    /// Builds, and is killed after a while. Whether it was: it may have been quicker.
    pub(super) async fn build_and_kill(&self, quarter: Quarter, after: Duration) -> Result<bool> {
        let mut child = self.command(&["build", &quarter.key()]).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let begun = Instant::now();
        while begun.elapsed() < after && child.try_wait()?.is_none() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        let is_running = child.try_wait()?.is_none();
        child.kill()?;
        child.wait()?;
        Ok(is_running)
    }

    /// Approves and publishes what was audited.
    pub(super) async fn publish(&mut self, quarter: Quarter) -> Result<()> {
        let key = quarter.key();
        for name in ["Ada", "Ben"] {
            let file = format!("{name}.pem");
            if !self.server.directory().join(&file).exists() {
                self.run(&["approver", "add", name, "--key", &file]).await?;
            }
            self.run(&["approve", &key, "--approver", name, "--key", &file]).await?;
        }
        self.run(&["publish", &key]).await?;
        Ok(())
    }
}

/// The root of the cells that `audit` tells.
pub(super) fn root(audited: &str) -> &str {
    audited.lines().find_map(|line| line.strip_prefix("Root of the cells: ")).unwrap_or_default()
}
