//! The log: for people or as JSON, without secrets.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use super::CliResult;
use crate::{Config, LogFormat};

/// Starts the log. A service writes it to standard output; a command, whose output is its result, to standard error.
pub(super) fn start(config: &Config, is_service: bool) -> CliResult {
    let filter = EnvFilter::try_new(&config.log_filter)
        .map_err(|error| format!("configuration: log_filter '{}': {error}", config.log_filter))?;
    // Statements are never logged: their values may be secrets.
    let quiet = "sqlx=warn,sea_orm=warn,sea_orm_migration=warn,actix_server=warn";
    let filter =
        quiet.split(',').try_fold(filter, |filter, directive| directive.parse().map(|d| filter.add_directive(d)))?;
    let is_terminal = if is_service { std::io::stdout().is_terminal() } else { std::io::stderr().is_terminal() };
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_target(false).with_ansi(is_terminal);
    match (config.log_format, is_service) {
        (LogFormat::Json, true) => builder.json().flatten_event(true).init(),
        (LogFormat::Json, false) => builder.json().flatten_event(true).with_writer(std::io::stderr).init(),
        (LogFormat::Pretty, true) => builder.compact().init(),
        (LogFormat::Pretty, false) => builder.compact().with_writer(std::io::stderr).init(),
    }
    Ok(())
}
