//! Editions of the library on the command line.

use std::{path::PathBuf, str::FromStr};

use clap::Subcommand;
use store::{
    DatabaseUrl,
    clock::SystemClock,
    library::{EditionRecord, ImportOutcome, ImportSummary, import_edition, import_onet_as, list_editions},
};

use super::{CliResult, progress::TerminalProgress};
use crate::Config;

#[derive(Subcommand)]
pub(super) enum LibraryCommand {
    /// Import an edition, as the owner of the database
    #[command(subcommand)]
    Import(ImportCommand),
    /// List the editions that are there
    List,
}

#[derive(Subcommand)]
pub(super) enum ImportCommand {
    /// Import the O*NET text files, with the GPTs-are-GPTs labels and the observed exposure where they are there
    Onet {
        /// Directory with the files, plain or gzipped; occupation data and task statements are needed
        directory: PathBuf,
        /// Version of the O*NET database, such as 29.3; from the names of the files when left out
        #[arg(long, value_name = "VERSION")]
        edition_version: Option<String>,
    },
    /// Import an edition of one's own, in the layout of the shipped one: edition.toml, combinations.toml, roles/*.toml
    Edition {
        /// Directory with the files
        directory: PathBuf,
    },
}

pub(super) async fn run(command: LibraryCommand, config: &Config) -> CliResult {
    let url = DatabaseUrl::from_str(&config.database())?;
    match command {
        LibraryCommand::List => list(&url).await,
        LibraryCommand::Import(command) => import(command, &url, config).await,
    }
}

async fn import(command: ImportCommand, url: &DatabaseUrl, config: &Config) -> CliResult {
    // A new SQLite file gets its schema here; on PostgreSQL `migrate` is a step of its own.
    if matches!(url, DatabaseUrl::Sqlite(_)) {
        crate::migrate(&config.database()).await?;
    }
    let progress = TerminalProgress::default();
    let summary = match command {
        ImportCommand::Onet { directory, edition_version } => {
            import_onet_as(url, &directory, edition_version.as_deref(), &SystemClock, &progress).await?
        }
        ImportCommand::Edition { directory } => import_edition(url, &directory, &SystemClock, &progress).await?,
    };
    show(&summary);
    Ok(())
}

fn show(summary: &ImportSummary) {
    let edition = &summary.edition;
    let what = match summary.outcome {
        ImportOutcome::Added => "Imported",
        ImportOutcome::Replaced => "Replaced",
        ImportOutcome::AlreadyImported => "Already imported, nothing changed:",
    };
    println!("{what} {}: {} roles, {} tasks.", edition.key, edition.role_count, edition.task_count);
    for note in &summary.notes {
        println!("Note: {note}");
    }
    println!("{}", edition.attribution);
}

async fn list(url: &DatabaseUrl) -> CliResult {
    let editions = list_editions(url).await?;
    if editions.is_empty() {
        println!("No editions. Run `rolemark migrate` to load the shipped one.");
    }
    for edition in editions {
        println!("{}", line(&edition));
    }
    Ok(())
}

fn line(edition: &EditionRecord) -> String {
    let current = if edition.is_current { "current" } else { "former" };
    format!(
        "{:<20} {:<10} {current:<8} {:>5} roles {:>6} tasks  published {}  {}",
        edition.key, edition.source, edition.role_count, edition.task_count, edition.published_on, edition.license
    )
}
