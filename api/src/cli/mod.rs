//! The command line.

mod audit;
mod benchmark;
pub(crate) mod demo;
mod expiry;
mod jwt;
mod key;
mod library;
mod logging;
mod lookup;
mod organization;
mod progress;
mod verification;

use std::{io::Write, net::SocketAddr, path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};

use crate::{Config, LogFormat, Server, StopSignal, migrate, schema_sdl};

/// Multi-tenant GraphQL server for organizations that redesign work around AI.
#[derive(Parser)]
#[command(name = "rolemark", version, about, arg_required_else_help = false)]
struct CommandLine {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    options: Options,
}

/// Flags of every command; they go before the environment (`ROLEMARK_…`) and the file.
#[derive(Args)]
struct Options {
    /// Configuration file in TOML; `rolemark.toml` when it exists
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// `sqlite:path` or `postgres://user:password@host/database`
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// On PostgreSQL, the same database as the sign-in role
    #[arg(long, global = true, value_name = "URL")]
    auth_database_url: Option<String>,
    /// On PostgreSQL, the same database as the erasing role
    #[arg(long, global = true, value_name = "URL")]
    erase_database_url: Option<String>,
    /// On PostgreSQL, the same database as the role that builds the benchmark
    #[arg(long, global = true, value_name = "URL")]
    release_database_url: Option<String>,
    /// Where the SQLite file and the signing keys are kept
    #[arg(long, global = true, value_name = "DIRECTORY")]
    data_directory: Option<PathBuf>,
    /// Address to listen on, such as 127.0.0.1:8080
    #[arg(long, global = true, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// How the log is written
    #[arg(long, global = true, value_name = "FORMAT")]
    log_format: Option<LogFormat>,
    /// Which log lines are written, such as info or debug
    #[arg(long, global = true, value_name = "FILTER")]
    log: Option<String>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve; what happens without a command
    Serve,
    /// Serve with two demo organizations and a synthetic world around them, and show what Rolemark does
    Demo(demo::DemoArguments),
    /// Bring the database to this program's schema, as its owner, and load the shipped library edition
    Migrate,
    /// Print the GraphQL schema
    Schema,
    /// Editions of the Platform Roles Library
    #[command(subcommand)]
    Library(library::LibraryCommand),
    /// Keys that sign access tokens
    #[command(subcommand)]
    Jwt(jwt::JwtCommand),
    /// Organizations: list them, verify them, take their data out, erase those that were closed
    #[command(subcommand, visible_alias = "org")]
    Organization(organization::OrganizationCommand),
    /// Audit logs: verify their chains, remove details that are older than they are kept
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// API keys: credentials for programs
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Releases of the benchmark: build, audit, approve, publish and retract them
    Benchmark(benchmark::BenchmarkArguments),
}

/// Runs the program.
#[must_use]
pub fn main() -> ExitCode {
    let command_line = CommandLine::parse();
    match run(command_line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("rolemark: {error}");
            ExitCode::FAILURE
        }
    }
}

type CliResult = Result<(), Box<dyn std::error::Error + Send + Sync>>;

fn run(command_line: CommandLine) -> CliResult {
    let command = command_line.command.unwrap_or(Command::Serve);
    if matches!(command, Command::Schema) {
        return print(&schema_sdl());
    }
    let mut config = Config::load(command_line.options.config.as_deref())?;
    let names_data_directory = command_line.options.data_directory.is_some();
    command_line.options.apply(&mut config);
    if matches!(command, Command::Demo(_)) && config.log_filter == Config::default().log_filter {
        // It reads every cell of the benchmark to say how many are shown.
        config.log_filter.push_str(",rolemark::benchmark=warn");
    }
    let is_service = matches!(command, Command::Serve | Command::Demo(_));
    logging::start(&config, is_service)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        match command {
            Command::Serve => serve(config).await,
            Command::Demo(arguments) => demo::run(config, names_data_directory, arguments).await,
            Command::Migrate => migrate_database(&config).await,
            Command::Library(command) => library::run(command, &config).await,
            Command::Jwt(command) => jwt::run(&command, &config),
            Command::Organization(command) => organization::run(command, &config).await,
            Command::Audit(command) => audit::run(command, &config).await,
            Command::Key(command) => key::run(command, &config).await,
            Command::Benchmark(arguments) => benchmark::run(arguments, &config).await,
            Command::Schema => Ok(()),
        }
    })
}

/// A reader that has seen enough, such as `head`, is no error.
fn print(text: &str) -> CliResult {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}

impl Options {
    fn apply(self, config: &mut Config) {
        if self.database_url.is_some() {
            config.database_url = self.database_url;
        }
        if self.auth_database_url.is_some() {
            config.auth_database_url = self.auth_database_url;
        }
        if self.erase_database_url.is_some() {
            config.erase_database_url = self.erase_database_url;
        }
        if self.release_database_url.is_some() {
            config.release_database_url = self.release_database_url;
        }
        config.data_directory = self.data_directory.unwrap_or_else(|| config.data_directory.clone());
        config.listen = self.listen.unwrap_or(config.listen);
        config.log_format = self.log_format.unwrap_or(config.log_format);
        config.log_filter = self.log.unwrap_or_else(|| config.log_filter.clone());
    }
}

async fn serve(config: Config) -> CliResult {
    let stop = StopSignal::listen()?;
    let server = Server::start(config).await?;
    tracing::info!(url = %server.url(), "serving GraphQL at /graphql");
    server.run_until(stop).await;
    Ok(())
}

async fn migrate_database(config: &Config) -> CliResult {
    let applied = migrate(&config.database()).await?;
    match applied.len() {
        0 => println!("The schema was up to date; the shipped library edition is loaded."),
        number => {
            println!("Applied {number} migration(s): {}. The shipped library edition is loaded.", applied.join(", "))
        }
    }
    Ok(())
}
