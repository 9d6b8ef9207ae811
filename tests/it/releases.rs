//! Building, approving, publishing and retracting releases.

mod lifecycle;
mod refusals;
mod stopping;

use std::process::{Command, Stdio};

pub(crate) use lifecycle::{contributions_become_a_release, published_tables_do_not_change};
pub(crate) use refusals::{builders_refuse_other_roles, release_commands_say_what_is_wrong};
use rolemark_tests::{Backend, Result, TestServer, role};
pub(crate) use stopping::{killed_builders_go_on, one_builder_works_at_a_time};

use crate::commands::Output;
use crate::direct::Direct;
use crate::steps::PROGRAM;

/// A quarter that is long over.
const QUARTER: &str = "2026-Q2";
/// Information, 100 to 499 heads, Western Europe.
const ATOM: u32 = (8 * 5 + 1) * 8 + 2;

/// A server of the case's own, whose releases the command line builds.
struct Office {
    server: TestServer,
    direct: Direct,
}

impl Office {
    /// An office with a draft of [`QUARTER`] to which nobody contributes.
    async fn with_draft(t: &TestServer) -> Result<Self> {
        let server = TestServer::fresh(t.backend()).await?;
        let direct = Direct::superuser(&server).await?;
        let mut office = Self { server, direct };
        let built = office.run(&["build", QUARTER]).await?;
        assert!(built.done().contains("Nobody contributes"), "{}", built.out);
        if office.server.backend() == Backend::Sqlite {
            let file = office.server.directory().join("benchmark.sqlite");
            office.direct.execute(format!("ATTACH DATABASE '{}' AS builder", file.display())).await?;
        }
        Ok(office)
    }

    /// `rolemark benchmark …`.
    fn command(&self, arguments: &[&str]) -> Command {
        let (t, directory) = (&self.server, self.server.directory());
        let mut command = Command::new(PROGRAM);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("ROLEMARK_")) {
            command.env_remove(name);
        }
        command.arg("benchmark").args(arguments).args(["--database-url", &t.database().url(role::APP)]);
        if t.backend() == Backend::Postgres {
            command.args(["--auth-database-url", &t.database().url(role::AUTH)]);
            if !arguments.contains(&"--release-database-url") {
                command.args(["--release-database-url", &t.database().url(role::RELEASE)]);
            }
        }
        command.arg("--data-directory").arg(directory).current_dir(directory);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    async fn run(&self, arguments: &[&str]) -> Result<Output> {
        let mut command = self.command(arguments);
        let output = tokio::task::spawn_blocking(move || command.output()).await??;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok(Output { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr) })
    }

    /// Lets so many groups contribute to a role of the draft, as a snapshot would.
    async fn contribute(&mut self, role: u32, groups: u32) -> Result<()> {
        self.direct
            .execute(format!(
                "INSERT INTO builder.axis (release_number, role_number, role_key, kind, tasks, skills, score_centre,
                     ratio_centre, is_totalled, is_done)
                 VALUES (1, {role}, 'test:role-{role}', 'ROLE', '[\"test:one\",\"test:two\"]', '[\"test:skill\"]', 50000,
                     -5000, false, false)"
            ))
            .await?;
        for group in 0..groups {
            let hash = self.direct.bytes(&[group.to_be_bytes(), [7; 4]].concat());
            let score = 30_000 + (group * 7_919 + role * 101) % 40_000;
            let (tasks, skill) = (["HA", "AU", "R-"][group as usize % 3], group % 2);
            let number = group * 1_000_003 + role;
            self.direct
                .execute(format!(
                    "INSERT INTO builder.contribution (release_number, role_number, group_hash, atom, admitted, is_exempt,
                         is_waiting, score, ratio, mix_human, mix_at_risk, mix_ai_assisted, mix_automated, tasks, skills,
                         value_hash, digest_1, digest_2, digest_3)
                     VALUES (1, {role}, {hash}, {ATOM}, 1, true, false, {score}, -4000, 250000, 250000, 250000, 250000,
                         '{tasks}', '{skill}', {number}, {number}, {number} + 1, {number} + 2)"
                ))
                .await?;
        }
        self.unfinished().await
    }

    /// As if the builder had been killed right after the snapshot.
    async fn unfinished(&mut self) -> Result<()> {
        self.direct.execute("UPDATE builder.draft_release SET step = 'CELLS', built_at = NULL").await?;
        self.direct.execute("UPDATE builder.axis SET is_totalled = false, is_done = false").await?;
        Ok(())
    }

    /// All figures of the draft.
    async fn figures(&mut self) -> Result<Vec<String>> {
        let sql = "SELECT role_key || ' ' || CAST(peer_group AS text) || ' ' || figures FROM builder.draft_version
                   ORDER BY role_key, peer_group";
        Ok(self.direct.texts(sql).await?)
    }

    async fn number(&mut self, sql: &str) -> Result<i64> {
        Ok(self.direct.number(sql).await?)
    }

    /// Registers two people and lets them approve.
    async fn approve(&self) -> Result<()> {
        for name in ["Ada", "Ben"] {
            let file = format!("{name}.pem");
            self.run(&["approver", "add", name, "--key", &file]).await?.done();
            self.run(&["approve", QUARTER, "--approver", name, "--key", &file]).await?.done();
        }
        Ok(())
    }
}
