//! A disk that is full, and a file that cannot be written: the program itself, in a process of its own.

use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use rolemark_tests::scratch::ScratchDirectory;
use rolemark_tests::{Client, Error, Result, SignedIn};
use serde_json::{Value, json};

use crate::steps::{PROGRAM, mutate};

/// Kilobytes that a file may have: above a new database, and below where its log is folded into it.
const FULL_AT_KILOBYTES: &str = "3000";
/// Far more sets of roles than fit.
const ATTEMPTS: usize = 60;

/// A server in a process of its own; ended when dropped.
struct Process {
    child: Child,
    url: String,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Process {
    /// Serves a data directory; with a limit, as if the disk were full when a file has grown that far.
    fn serve(directory: &Path, limit: Option<&str>) -> Result<Self> {
        // Ignored, so that a write fails as on a full disk instead of ending the process.
        let limited = limit.map(|kilobytes| format!("trap '' XFSZ; ulimit -f {kilobytes}; ")).unwrap_or_default();
        let mut command = Command::new("bash");
        command.args([
            "-c",
            &format!("{limited}exec \"$0\" serve --data-directory \"$1\" --listen 127.0.0.1:0"),
            PROGRAM,
        ]);
        command.arg(directory).current_dir(directory).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        let (found, address) = std::sync::mpsc::channel();
        for output in [stdout.map(|o| Box::new(o) as Box<dyn std::io::Read + Send>), stderr.map(|o| Box::new(o) as _)] {
            let (Some(output), found) = (output, found.clone()) else { continue };
            // Read to its end, so that the process never waits for a reader.
            std::thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(std::result::Result::ok) {
                    let url = line.split("http://127.0.0.1:").nth(1);
                    let port: String = url.unwrap_or_default().chars().take_while(char::is_ascii_digit).collect();
                    if !port.is_empty() {
                        let _ = found.send(format!("http://127.0.0.1:{port}"));
                    }
                }
            });
        }
        let url = address.recv_timeout(std::time::Duration::from_secs(30));
        let mut process = Self { child, url: String::new() };
        process.url = url.map_err(|_| Error::from("the program never said where it serves"))?;
        Ok(process)
    }

    fn client(&self) -> Client {
        Client::anonymous(&self.url)
    }
}

/// A person on a server that is no `TestServer`.
async fn sign_up(client: &Client) -> SignedIn {
    let (email, password) = ("ada@example.com".to_owned(), "correct horse battery".to_owned());
    let input = json!({ "email": email, "password": password, "name": "Ada", "organizationName": "Northwind" });
    let answer = mutate(client, "signUp", input, "session { accessToken refreshToken } organization { id }").await;
    let token = answer.text_at("signUp.session.accessToken").to_owned();
    SignedIn {
        client: client.with_token(&token),
        refresh_token: answer.text_at("signUp.session.refreshToken").to_owned(),
        organization_id: answer.text_at("signUp.organization.id").to_owned(),
        token,
        email,
        password,
    }
}

pub async fn full_disk_loses_nothing() -> Result<()> {
    let directory = ScratchDirectory::create()?;
    let server = Process::serve(directory.path(), Some(FULL_AT_KILOBYTES))?;
    let admin = sign_up(&server.client()).await;
    let roles: Vec<Value> = (0..50).map(|_| json!({ "title": "Role", "summary": "x".repeat(3_900) })).collect();
    let input = json!({ "organizationId": admin.organization_id, "roles": roles });
    let (mut kept, mut refused) = (0, 0);
    for _ in 0..ATTEMPTS {
        let answer =
            mutate(&admin.client, "createRoleConfigurations", input.clone(), "roleConfigurations { id }").await;
        if answer.status == 200 {
            assert!(answer.user_error_codes("createRoleConfigurations").is_empty(), "{answer}");
            kept += 1;
            continue;
        }
        assert_eq!((answer.status, answer.error_code()), (503, "SERVICE_UNAVAILABLE"), "{answer}");
        assert!(!answer.text().to_lowercase().contains("sqlite") && !answer.text().contains("disk"), "{answer}");
        refused += 1;
        if refused == 5 {
            break;
        }
    }
    assert!(kept > 0 && refused == 5, "{kept} sets were kept and {refused} refused");
    assert_whole(&admin, kept).await;
    drop(server);

    let server = Process::serve(directory.path(), None)?;
    let token = admin.token.clone();
    let admin = SignedIn { client: server.client().with_token(&token), ..admin };
    assert_whole(&admin, kept).await;
    let answer = mutate(&admin.client, "createRoleConfigurations", input, "roleConfigurations { id }").await;
    assert!(answer.payload("createRoleConfigurations").is_object(), "with room again it goes on: {answer}");
    assert_whole(&admin, kept + 1).await;
    Ok(())
}

/// Of the sets that were made everything is there, and of the others nothing.
async fn assert_whole(admin: &SignedIn, sets: usize) {
    let [roles, _, entries] = crate::steps::counts(admin).await;
    assert_eq!((roles, entries), (sets as i64 * 50, sets as i64 + 1));
    let answer = crate::steps::organization(admin, "auditEvents(first: 1) { nodes { sequenceNumber } }").await;
    assert_eq!(answer.at("organization.auditEvents.nodes.0.sequenceNumber"), &json!((sets + 1) as f64));
}

/// As root no file is read-only, so the program runs as somebody else then.
pub async fn read_only_file_is_said_at_once() -> Result<()> {
    let directory = ScratchDirectory::create()?;
    let data = directory.path().join("data");
    let made = Command::new(PROGRAM)
        .args(["migrate", "--data-directory"])
        .arg(&data)
        .current_dir(directory.path())
        .output()?;
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let file = data.join("rolemark.sqlite");
    let before = fs::read(&file)?;
    for (path, mode) in [(directory.path(), 0o755), (&data, 0o555), (&file, 0o444)] {
        fs::set_permissions(path, Permissions::from_mode(mode))?;
    }
    let program = directory.path().join("program");
    fs::copy(PROGRAM, &program)?;
    let is_root = String::from_utf8(Command::new("id").arg("-u").output()?.stdout)?.trim() == "0";
    let mut command = if is_root { Command::new("setpriv") } else { Command::new(&program) };
    if is_root {
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&program);
    }
    command.args(["serve", "--listen", "127.0.0.1:0", "--data-directory"]).arg(&data).current_dir("/");
    let output = tokio::task::spawn_blocking(move || command.output()).await??;
    fs::set_permissions(&data, Permissions::from_mode(0o755))?;
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("readonly") || said.contains("read-only"), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    assert!(before == fs::read(&file)?, "the file is as it was");
    Ok(())
}
