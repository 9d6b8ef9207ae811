//! The server under measurement, a process of its own.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rolemark_tests::Result;

use super::SERVE;

const READY_WITHIN: Duration = Duration::from_secs(30);
const STOPPED_WITHIN: Duration = Duration::from_secs(15);
const BETWEEN_LOOKS: Duration = Duration::from_millis(1);

/// Where a server finds its rows and keeps its key and log.
pub(crate) struct Place {
    pub(crate) database_url: String,
    pub(crate) auth_database_url: Option<String>,
    pub(crate) directory: PathBuf,
    pub(crate) log_filter: String,
}

/// A running server. Dropping it kills it.
pub(crate) struct ServerProcess {
    child: Child,
    address: SocketAddr,
    ready_after: Duration,
}

impl ServerProcess {
    /// Starts the server and waits until it is ready.
    pub(crate) fn start(place: &Place) -> Result<Self> {
        let log = place.directory.join("log");
        let mut command = Command::new(std::env::current_exe()?);
        // Nothing but what is said here configures it: neither the environment nor a file in this directory.
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ROLEMARK_")) {
            command.env_remove(name);
        }
        command.arg(SERVE).current_dir(&place.directory).env("NO_COLOR", "1");
        command.env("ROLEMARK_DATABASE_URL", &place.database_url).env("ROLEMARK_DATA_DIRECTORY", &place.directory);
        command.env("ROLEMARK_LISTEN", "127.0.0.1:0");
        for who in ["CALLER", "ORGANIZATION", "ANONYMOUS"] {
            command.env(format!("ROLEMARK_RATE_LIMITS__{who}_POINTS_PER_MINUTE"), "0");
        }
        command.env("ROLEMARK_THROTTLE__SIGN_UPS_PER_ADDRESS_PER_HOUR", "0");
        // The line with the address is always wanted.
        command.env("ROLEMARK_LOG_FILTER", format!("{},rolemark::cli=info", place.log_filter));
        if let Some(url) = &place.auth_database_url {
            command.env("ROLEMARK_AUTH_DATABASE_URL", url);
        }
        command.stdin(Stdio::null()).stdout(File::create(&log)?);
        let started = Instant::now();
        let mut child = command.spawn()?;
        match wait_until_ready(&mut child, &log, started) {
            Ok(address) => Ok(Self { child, address, ready_after: started.elapsed() }),
            Err(error) => {
                let _ = child.kill();
                let _ = child.wait();
                Err(error)
            }
        }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// From the start of the process to the first answer that it is ready.
    pub(crate) fn ready_after(&self) -> Duration {
        self.ready_after
    }

    /// Tells it to stop, as a service manager would, and waits.
    pub(crate) fn stop(mut self) -> Result<()> {
        let told = Command::new("kill").arg(self.child.id().to_string()).status()?;
        let asked = Instant::now();
        while told.success() && asked.elapsed() < STOPPED_WITHIN {
            match self.child.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(format!("the server ended with {status}").into()),
                None => std::thread::sleep(BETWEEN_LOOKS),
            }
        }
        Err("the server did not stop when it was told to".into())
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn wait_until_ready(child: &mut Child, log: &PathBuf, started: Instant) -> Result<SocketAddr> {
    let mut address = None;
    while started.elapsed() < READY_WITHIN {
        if address.is_none() {
            address = address_in(&fs::read_to_string(log)?);
        }
        match address {
            Some(address) if is_ready(address) => return Ok(address),
            _ => std::thread::sleep(BETWEEN_LOOKS),
        }
        if let Some(status) = child.try_wait()? {
            return Err(format!("the server ended at its start with {status}; its log is in {}", log.display()).into());
        }
    }
    Err(format!("the server was not ready within {READY_WITHIN:?}:\n{}", fs::read_to_string(log)?).into())
}

/// The address in the line of the log that says where it serves; the system chose the port.
fn address_in(log: &str) -> Option<SocketAddr> {
    let line = log.split_inclusive('\n').find(|line| line.contains("serving GraphQL") && line.ends_with('\n'))?;
    let (_, rest) = line.split_once("http://")?;
    let end = rest.find(|c: char| !(c.is_ascii_digit() || ".:".contains(c))).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

fn is_ready(server: SocketAddr) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(server)?;
        stream.set_read_timeout(Some(READY_WITHIN))?;
        stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.starts_with("HTTP/1.1 200 "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn address_is_found_once_the_line_is_whole() {
        let log = "2026-01-01T00:00:00Z  INFO serving GraphQL at /graphql url=http://127.0.0.1:4321";
        assert_eq!(address_in(log), None);
        assert_eq!(address_in(&format!("x\n{log}\n")), Some(([127, 0, 0, 1], 4321).into()));
        let coloured = format!("{log}\u{1b}[0m\n");
        assert_eq!(address_in(&coloured), Some(([127, 0, 0, 1], 4321).into()));
    }
}
