//! The keys that sign access tokens, on the command line.

use std::path::Path;

use clap::Subcommand;
use store::{
    clock::SystemClock,
    identity::{SigningKeyIds, rotate_signing_key, signing_key_ids},
};

use super::CliResult;
use crate::Config;

#[derive(Subcommand)]
pub(super) enum JwtCommand {
    /// Put a new signing key in the place of the current one; running servers notice within a second
    ///
    /// The key before is kept beside it (signing-key.previous.pem) and verifies for 16 minutes, until the last token
    /// that it signed has expired, so that nobody is signed out. Until then another rotation is refused.
    Rotate {
        /// For a key that leaked: keep no key but the new one, whatever there is
        ///
        /// All access tokens made so far end within a second, and those that somebody made with the leaked key.
        /// Sessions go on: clients get new tokens with their refresh tokens.
        #[arg(long)]
        force: bool,
    },
    /// List the keys: which one signs, and until when the one before it verifies
    List,
}

pub(super) fn run(command: &JwtCommand, config: &Config) -> CliResult {
    let path = config.signing_key();
    match command {
        JwtCommand::Rotate { force } => {
            let ids = rotate_signing_key(&path, *force, &SystemClock)?;
            println!("The signing key is {}.", ids.current);
            match ids.previous {
                Some(previous) => println!("The previous key {previous}."),
                None => println!("No other key verifies: clients need new access tokens, as a refresh gives them."),
            }
        }
        JwtCommand::List => list(&signing_key_ids(&path, &SystemClock)?, &path),
    }
    Ok(())
}

fn list(ids: &SigningKeyIds, path: &Path) {
    println!("current   {} signs, in {}", ids.current, path.display());
    if let Some(previous) = &ids.previous {
        println!("previous  {previous}");
    }
}
