//! The server process of a private cluster.

use std::fs::{self, Permissions};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{binaries, watchdog::Watchdog};
use crate::Result;
use crate::scratch::{ScratchDirectory, abandoned};

/// The superuser of a private cluster.
pub(super) const SUPERUSER: &str = "rolemark_superuser";

/// No socket: nothing outside the directory is touched.
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 200
timezone = 'UTC'
";
/// Speed instead of durability.
const FAST: &str = "
fsync = off
synchronous_commit = off
full_page_writes = off
jit = off
";

/// The file with the password of all roles, beside the data.
const PASSWORD: &str = "password";

/// A default collation that sorts unlike bytes, as on most production servers, so that the tests notice
/// who relies on it; a server built without ICU gets plain C.
const COLLATIONS: [&[&str]; 2] = [&["--locale-provider=icu", "--icu-locale=en-US", "--locale=C"], &["--locale=C"]];

/// An account without privileges; PostgreSQL refuses to run as root.
#[derive(Clone, Copy)]
struct Account {
    uid: u32,
    gid: u32,
}

/// A server of our own in a directory of its own.
pub(super) struct LocalServer {
    // Dropped first: it stops the server, which must happen before the directory goes.
    _watchdog: Watchdog,
    _scratch: Option<ScratchDirectory>,
    directory: PathBuf,
    programs: PathBuf,
    account: Option<Account>,
    port: u16,
}

impl LocalServer {
    /// Makes a cluster in a scratch directory and starts it.
    pub(super) fn start(password: &str) -> Result<Self> {
        let scratch = ScratchDirectory::create()?;
        Self::start_in(scratch.path().to_owned(), Some(scratch), password, FAST)
    }

    /// The same with PostgreSQL's own durable settings, in `kept` if that is given, where a cluster may be already.
    pub(super) fn start_durable(password: &str, kept: Option<&Path>) -> Result<Self> {
        let Some(directory) = kept else {
            let scratch = ScratchDirectory::create()?;
            return Self::start_in(scratch.path().to_owned(), Some(scratch), password, "");
        };
        fs::create_dir_all(directory).map_err(|e| format!("cannot make {}: {e}", directory.display()))?;
        Self::start_in(directory.canonicalize()?, None, password, "")
    }

    fn start_in(
        directory: PathBuf,
        scratch: Option<ScratchDirectory>,
        password: &str,
        settings: &'static str,
    ) -> Result<Self> {
        let programs = binaries::find()?;
        let us = fs::metadata("/proc/self").map_or_else(|_| fs::metadata(&directory), Ok)?.uid();
        sweep(&programs, us);
        let account = unprivileged_account(us)?;
        if let Some(Account { uid, gid }) = account {
            chown(&directory, Some(uid), Some(gid))?;
        }
        let shell = command(Path::new("sh"), account);
        let remove = scratch.as_ref().map(|_| directory.as_path());
        let watchdog = Watchdog::start(shell, &programs.join("pg_ctl"), &directory.join("data"), remove)?;
        let mut server = Self { _watchdog: watchdog, _scratch: scratch, directory, programs, account, port: 0 };
        if !is_initialized(&server.directory) {
            server.initialize(password, settings)?;
        }
        server.start_on_a_free_port()?;
        Ok(server)
    }

    /// The process that all other processes of the server are children of.
    pub(super) fn pid(&self) -> Result<u32> {
        let file = fs::read_to_string(self.data().join("postmaster.pid"))?;
        Ok(file.lines().next().unwrap_or_default().trim().parse()?)
    }

    /// The port on 127.0.0.1.
    pub(super) fn port(&self) -> u16 {
        self.port
    }

    /// Stops the server at once; open connections break.
    pub(super) fn stop(&mut self) -> Result<()> {
        self.pg_ctl(&["stop", "-m", "immediate", "-w"])
    }

    /// Starts a stopped server on the port that it had.
    pub(super) fn start_again(&mut self) -> Result<()> {
        let port = format!("-p {}", self.port);
        let log = self.log().display().to_string();
        self.pg_ctl(&["start", "-w", "-t", "60", "-l", &log, "-o", &port])
    }

    fn initialize(&self, password: &str, further_settings: &str) -> Result<()> {
        let secret = self.directory.join(PASSWORD);
        fs::write(&secret, password)?;
        fs::set_permissions(&secret, Permissions::from_mode(0o600))?;
        if let Some(Account { uid, gid }) = self.account {
            chown(&secret, Some(uid), Some(gid))?;
        }
        let mut made = Ok(());
        for collation in COLLATIONS {
            let mut initdb = self.command("initdb");
            initdb.arg("-D").arg(self.data()).args(["-U", SUPERUSER, "--auth=scram-sha-256", "--encoding=UTF8"]);
            initdb.arg("--pwfile").arg(&secret).args(["--no-sync", "--no-instructions"]).args(collation);
            made = run(initdb);
            if made.is_ok() {
                break;
            }
        }
        made?;
        let settings = self.data().join("postgresql.conf");
        let shipped = fs::read_to_string(&settings)?;
        fs::write(&settings, shipped + SETTINGS + further_settings)?;
        Ok(())
    }

    /// Another process may take a free port before the server does; then another port is tried.
    fn start_on_a_free_port(&mut self) -> Result<()> {
        let mut outcome = Ok(());
        for _ in 0..5 {
            self.port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
            outcome = self.start_again();
            if outcome.is_ok() {
                return Ok(());
            }
        }
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        outcome.map_err(|e| format!("{e}\n{log}").into())
    }

    fn pg_ctl(&self, arguments: &[&str]) -> Result<()> {
        let mut pg_ctl = self.command("pg_ctl");
        pg_ctl.arg("-D").arg(self.data()).args(arguments);
        run(pg_ctl)
    }

    fn command(&self, program: &str) -> Command {
        let mut command = command(&self.programs.join(program), self.account);
        command.current_dir(&self.directory);
        command
    }

    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    fn log(&self) -> PathBuf {
        self.directory.join("log")
    }
}

/// The password of the cluster in a kept directory, if there is one.
pub(super) fn password_in(directory: &Path) -> Result<Option<String>> {
    match is_initialized(directory) {
        true => Ok(Some(fs::read_to_string(directory.join(PASSWORD))?)),
        false => Ok(None),
    }
}

fn is_initialized(directory: &Path) -> bool {
    directory.join("data/PG_VERSION").is_file()
}

/// Removes what runs that were killed together with their watchdog have left behind.
fn sweep(programs: &Path, us: u32) {
    for directory in abandoned() {
        let data = directory.join("data");
        if let Ok(owner) = fs::metadata(&data) {
            let account = (us != owner.uid()).then(|| Account { uid: owner.uid(), gid: owner.gid() });
            let mut stop = command(&programs.join("pg_ctl"), account);
            stop.arg("-D").arg(&data).args(["stop", "-m", "immediate", "-w"]);
            let _ = run(stop);
        }
        let _ = fs::remove_dir_all(&directory);
    }
}

/// An account for the server if we are root; otherwise we are good enough.
fn unprivileged_account(us: u32) -> Result<Option<Account>> {
    if us != 0 {
        return Ok(None);
    }
    let found = ["postgres", "nobody"].iter().find_map(|name| account_of(name));
    found.map(Some).ok_or_else(|| "root cannot run PostgreSQL, and there is no user postgres or nobody".into())
}

fn account_of(name: &str) -> Option<Account> {
    let ask = |what: &str| -> Option<u32> {
        let output = Command::new("id").args([what, name]).stderr(Stdio::null()).output().ok()?;
        String::from_utf8(output.stdout).ok()?.trim().parse().ok()
    };
    Some(Account { uid: ask("-u")?, gid: ask("-g")? })
}

/// A command in a plain environment: no `PG…` variable of the person's own reaches it.
fn command(program: &Path, account: Option<Account>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PG")) {
        command.env_remove(name);
    }
    command.env("LC_ALL", "C").current_dir("/").stdin(Stdio::null());
    if let Some(Account { uid, gid }) = account {
        command.uid(uid).gid(gid);
    }
    command
}

fn run(mut command: Command) -> Result<()> {
    let output = command.output().map_err(|e| format!("cannot run {command:?}: {e}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    Err(format!("{command:?} failed ({}):\n{}", output.status, said.trim()).into())
}
