//! API keys on the command line. A secret goes to standard output alone, so that it can be piped; all else that is said
//! goes to standard error.

use std::{fmt::Write as _, io::Write as _};

use chrono::{DateTime, Utc};
use clap::{Args, Subcommand};
use domain::ids::ApiKeyId;
use store::{
    access::{Admin, TenantScope},
    keys::{ApiKey, KEY_DAYS, KeyError, KeyFault, KeyState, MadeApiKey, NewApiKey},
    operator::{Operator, OrganizationSummary},
    page::PageRequest,
};

use super::{CliResult, expiry::Expiry, lookup, print};
use crate::{
    Config,
    graphql::{
        id::{GlobalId, Kind, object_name},
        user_error::UserError,
    },
    keys::{ApiKeyScope, input_faults, user_errors},
    server::prepared_options,
};

const CREATE_EXAMPLE: &str = "\
Example: a key for a BI tool, kept in a file that only you can read
  umask 077
  rolemark key create --org Northwind --name 'BI tool' --scope read-roles --scope read-benchmark > bi-tool.key

Programs send it as `Authorization: Bearer …`, or as the password of HTTP Basic with any user name.";

#[derive(Subcommand)]
pub(super) enum KeyCommand {
    /// Make an API key; its secret goes to standard output, now and never again
    #[command(after_help = CREATE_EXAMPLE)]
    Create(CreateArguments),
    /// List the API keys of an organization, the newest first
    List {
        /// Identifier or exact name of the organization
        #[arg(long, value_name = "ORGANIZATION")]
        org: String,
    },
    /// Make a successor of an API key, with its name, scopes and clients; the old one is live until it is revoked
    Rotate {
        /// Identifier of the API key, as `key list` shows it
        id: String,
        /// When the successor expires: in so many days, such as 90d, or after a day, such as 2027-01-31 (UTC); at most 365d
        #[arg(long, value_name = "WHEN")]
        expires: Option<Expiry>,
    },
    /// Revoke an API key: servers refuse it within a second
    Revoke {
        /// Identifier of the API key, as `key list` shows it
        id: String,
    },
}

#[derive(Args)]
pub(super) struct CreateArguments {
    /// Identifier or exact name of the organization that the key belongs to
    #[arg(long, value_name = "ORGANIZATION")]
    org: String,
    /// What the key is called; no two live keys have the same name
    #[arg(long)]
    name: String,
    /// What the key may be used for; give it once for each scope
    #[arg(long = "scope", value_name = "SCOPE", required = true)]
    scopes: Vec<ApiKeyScope>,
    /// When the key expires: in so many days, such as 90d, or after a day, such as 2027-01-31 (UTC); 90d by default, at
    /// most 365d
    #[arg(long, value_name = "WHEN")]
    expires: Option<Expiry>,
    /// For a consultants' firm: identifier or exact name of a client that the key may enter too; give it once for each
    #[arg(long = "client", value_name = "ORGANIZATION")]
    clients: Vec<String>,
}

pub(super) async fn run(command: KeyCommand, config: &Config) -> CliResult {
    let operator = Operator::open(prepared_options(config).await?).await?;
    let result = match command {
        KeyCommand::Create(arguments) => create(&operator, arguments).await,
        KeyCommand::List { org } => list(&operator, &org).await,
        KeyCommand::Rotate { id, expires } => rotate(&operator, &id, expires).await,
        KeyCommand::Revoke { id } => revoke(&operator, &id).await,
    };
    operator.store().close();
    result
}

async fn create(operator: &Operator, arguments: CreateArguments) -> CliResult {
    let all = operator.organizations().await?;
    let organization = lookup::organization(&all, "--org", &arguments.org)?;
    let named = arguments.clients.iter().map(|client| lookup::organization(&all, "--client", client));
    let clients = named.collect::<Result<Vec<&OrganizationSummary>, String>>()?;
    let ids: Vec<_> = clients.iter().map(|client| client.id).collect();
    let faults = input_faults(&arguments.name, &arguments.scopes, &ids);
    if !faults.is_empty() {
        return Err(in_words(&faults).into());
    }
    let expires_at = expires_at(operator, arguments.expires)?;
    let scope = scope(operator, organization).await?;
    refuse_closed(&scope)?;
    let new = NewApiKey {
        name: arguments.name.trim().to_owned(),
        scopes: arguments.scopes.into_iter().map(Into::into).collect(),
        clients: ids,
        expires_at,
    };
    match operator.store().create_api_key(&scope, new, object_name).await {
        Ok(made) => show_secret(&scope, &made),
        Err(KeyError::Refused(KeyFault::UnknownClients(places))) => {
            let names: Vec<&str> =
                places.iter().filter_map(|place| clients.get(*place)).map(|client| client.name.as_str()).collect();
            let firm = &organization.name;
            Err(format!("--client: these organizations lend {firm} no access now: {}", names.join(", ")).into())
        }
        Err(error) => Err(told(error)),
    }
}

async fn rotate(operator: &Operator, id: &str, expires: Option<Expiry>) -> CliResult {
    let (scope, id) = scope_of_key(operator, id).await?;
    refuse_closed(&scope)?;
    let expires_at = expires_at(operator, expires)?;
    let made = operator.store().rotate_api_key(&scope, id, expires_at, object_name).await.map_err(told)?;
    show_secret(&scope, &made)?;
    eprintln!("The old key is live until it expires or you revoke it.");
    Ok(())
}

async fn revoke(operator: &Operator, id: &str) -> CliResult {
    let (scope, id) = scope_of_key(operator, id).await?;
    let key = operator.store().revoke_api_key(&scope, id, object_name).await.map_err(told)?;
    eprintln!("Revoked the API key '{}' of {}.", key.name, scope.entry().organization_name);
    Ok(())
}

async fn list(operator: &Operator, organization: &str) -> CliResult {
    let all = operator.organizations().await?;
    let scope = scope(operator, lookup::organization(&all, "--org", organization)?).await?;
    let now = operator.store().clock().now();
    let reader = operator.store().read(&scope).await?;
    let mut request = PageRequest { limit: 100, is_backward: false, after: None, before: None };
    let mut lines = String::new();
    loop {
        let page = reader.api_keys().page(&KeyState::ALL, now, &request).await?;
        for (_, key) in &page.items {
            lines.push_str(&line(&scope, key, now));
        }
        request.after = page.items.last().map(|(position, _)| position.clone());
        if !page.has_more {
            break;
        }
    }
    if lines.is_empty() {
        eprintln!("{} has no API keys.", scope.entry().organization_name);
    }
    print(&lines)
}

fn line(scope: &TenantScope<Admin>, key: &ApiKey, now: DateTime<Utc>) -> String {
    let used = key.last_used_at.map_or("never used".to_owned(), |at| format!("used {}", at.format("%Y-%m-%d %H:%M")));
    let expires = key.expires_at.format("%Y-%m-%d %H:%M");
    format!(
        "{}  {}  {:<7}  expires {expires}  {used:<21}  {}  {}\n",
        global_id(scope, key),
        key.prefix,
        key.state(now).as_str(),
        scopes(key),
        key.name
    )
}

/// Says what was made on standard error, and the secret on standard output.
fn show_secret(scope: &TenantScope<Admin>, made: &MadeApiKey) -> CliResult {
    let (key, id) = (&made.key, global_id(scope, &made.key));
    let mut text = format!("Made the API key '{}' of {}.\n", key.name, scope.entry().organization_name);
    for (what, value) in [
        ("identifier", id.clone()),
        ("prefix", key.prefix.clone()),
        ("scopes", scopes(key)),
        ("expires", key.expires_at.format("%Y-%m-%d %H:%M UTC").to_string()),
    ] {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {what:<10}  {value}");
    }
    text.push_str("The secret is on standard output; it is not shown again.\n");
    // Whoever does not listen gets the secret all the same.
    let _ = std::io::stderr().write_all(text.as_bytes());
    let mut output = std::io::stdout().lock();
    writeln!(output, "{}", made.secret).and_then(|()| output.flush()).map_err(|error| {
        format!("the secret could not be written ({error}): revoke the key with `rolemark key revoke {id}`").into()
    })
}

fn global_id(scope: &TenantScope<Admin>, key: &ApiKey) -> String {
    GlobalId::Tenant { kind: Kind::ApiKey, organization: scope.organization(), id: key.id.0 }.encode().0
}

fn scopes(key: &ApiKey) -> String {
    key.scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(",")
}

fn expires_at(operator: &Operator, expiry: Option<Expiry>) -> Result<DateTime<Utc>, String> {
    expiry.unwrap_or(Expiry::Days(KEY_DAYS)).instant(operator.store().clock().now())
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

async fn scope(operator: &Operator, organization: &OrganizationSummary) -> Result<TenantScope<Admin>, Failure> {
    let scope = operator.scope(organization.id).await?;
    scope.ok_or_else(|| format!("{} is not there any more", organization.name).into())
}

fn refuse_closed(scope: &TenantScope<Admin>) -> Result<(), String> {
    let entry = scope.entry();
    match entry.organization_closed_at {
        Some(_) => Err(format!("{} is closed: its API keys do not work", entry.organization_name)),
        None => Ok(()),
    }
}

async fn scope_of_key(operator: &Operator, id: &str) -> Result<(TenantScope<Admin>, ApiKeyId), Failure> {
    let (organization, key) = lookup::object(id, Kind::ApiKey, "an API key; `rolemark key list --org …` shows them")?;
    let scope = operator.scope(organization).await?;
    Ok((scope.ok_or_else(|| told(KeyError::Refused(KeyFault::NotFound)))?, ApiKeyId(key)))
}

fn told(error: KeyError) -> Failure {
    match error {
        KeyError::Refused(KeyFault::NotFound) => "there is no API key with this identifier".into(),
        KeyError::Refused(fault) => in_words(&user_errors(&fault, "id")).into(),
        KeyError::Store(error) => error.into(),
    }
}

/// What the schema says of an input, with the flags of the command line.
fn in_words(errors: &[UserError]) -> String {
    let told = |error: &UserError| {
        let flag = match error.field.iter().flatten().nth(1).map(String::as_str) {
            Some("name") => "--name: ",
            Some("scopes") => "--scope: ",
            Some("clientOrganizationIds") => "--client: ",
            _ => "",
        };
        format!("{flag}{}", error.message)
    };
    errors.iter().map(told).collect::<Vec<_>>().join("; ")
}
