//! Importing with the program: what is wrong with a file is said, and nothing is kept.

use std::path::Path;

use rolemark_tests::scratch::ScratchDirectory;
use rolemark_tests::{Error, Result, TestServer, role, sign_up};

use crate::program::{self, Output};

const TASKS: &str = "onet_29_3_task_statements.txt.gz";
const TRUNCATED: usize = 300_000;

/// Runs a command of the program on the database of a server, as the owner of the tables.
pub(super) async fn run_program(server: &TestServer, arguments: &[&str]) -> Result<Output> {
    let url = server.database().url(role::MIGRATE);
    program::run(&[arguments, &["--database-url", &url]].concat()).await
}

/// The directory of real data with one file of it replaced.
fn with_file(data: &Path, name: &str, content: &[u8]) -> Result<ScratchDirectory> {
    let directory = ScratchDirectory::create()?;
    for entry in std::fs::read_dir(data)? {
        let entry = entry?;
        let is_replaced = entry.file_name().to_string_lossy().trim_end_matches(".gz") == name.trim_end_matches(".gz");
        if !is_replaced {
            std::os::unix::fs::symlink(entry.path(), directory.path().join(entry.file_name()))?;
        }
    }
    std::fs::write(directory.path().join(name), content)?;
    Ok(directory)
}

/// Imports a directory that must be refused; what the program said.
async fn refused_import(server: &TestServer, directory: &ScratchDirectory) -> Result<String> {
    let output = run_program(server, &["library", "import", "onet", &directory.path().display().to_string()]).await?;
    if output.is_success {
        return Err(Error::from(format!("it was imported: {}", output.text)));
    }
    let client = sign_up(server, "Northwind").await.client;
    let answer = client
        .query("{ libraryEditions { source } canonicalRoles(filter: { source: \"onet\" }) { totalCount } }")
        .await;
    assert_eq!(answer.at("libraryEditions").as_array().map(Vec::len), Some(1), "something was kept: {answer}");
    assert_eq!(answer.at("canonicalRoles.totalCount"), 0, "something was kept: {answer}");
    assert!(!output.text.contains("panicked") && !output.text.contains("postgres://"), "{}", output.text);
    Ok(output.text)
}

pub async fn truncated_files_import_nothing(t: &TestServer, data: &Path) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let whole = std::fs::read(data.join(TASKS))?;
    let said = refused_import(&server, &with_file(data, TASKS, &whole[..TRUNCATED])?).await?;
    assert!(said.contains(TASKS) && said.contains("cut off"), "{said}");

    // A plain file that ends in the middle of its third line, and one whose third line is something else.
    let name = TASKS.trim_end_matches(".gz");
    let header = "O*NET-SOC Code\tTitle\tTask ID\tTask\tTask Type\tIncumbents Responding\tDate\tDomain Source\n";
    let first = "11-1011.00\tChief Executives\t8823\tDirect something.\tCore\t95\t07/2014\tIncumbent\n";
    for third in
        ["11-1011.00\tChief Exec", "11-1011.00\tChief Executives\tnumber\tDirect it.\tCore\t1\t07/2014\tIncumbent\n"]
    {
        let content = format!("{header}{first}{third}");
        let said = refused_import(&server, &with_file(data, name, content.as_bytes())?).await?;
        assert!(said.contains(name) && said.contains("line 3"), "{said}");
    }
    let said = refused_import(&server, &with_file(data, name, b"\xff\xfe\x00nonsense")?).await?;
    assert!(said.contains(name), "{said}");
    let said = refused_import(&server, &with_file(data, name, b"")?).await?;
    assert!(said.contains(name), "{said}");
    server.stop().await;
    Ok(())
}

/// Also of a compressed file a person wants to know how far it was good.
pub async fn cut_off_gzip_names_its_line(t: &TestServer, data: &Path) -> Result<()> {
    let server = TestServer::fresh(t.backend()).await?;
    let whole = std::fs::read(data.join(TASKS))?;
    let said = refused_import(&server, &with_file(data, TASKS, &whole[..TRUNCATED])?).await?;
    assert!(said.contains(TASKS) && said.contains("line "), "{said}");
    server.stop().await;
    Ok(())
}
