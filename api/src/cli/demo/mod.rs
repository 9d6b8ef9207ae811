//! `rolemark demo`: two organizations with roles, a synthetic world around them with its benchmark, what Rolemark says about
//! them, and a server to try it on.

mod benchmark;
mod contributing;
mod seed;
mod show;
mod world;

use std::{path::PathBuf, sync::Arc};

use clap::Args;
use serde_json::Value;
use store::{
    RequestOrigin, Store,
    access::Actor,
    benchmark::world::{QUARTERS, World},
};

use seed::DemoOrganization;
pub(crate) use seed::prepare;

use super::CliResult;
use crate::{
    Config, Server, SignUpPolicy, StopSignal,
    graphql::{RolemarkSchema, build_schema, context::RequestContext},
    mail::Post,
    server::prepared_options,
};

/// Password of every demo user. The demo serves on this machine only.
const PASSWORD: &str = "rolemark-demo-password";

/// What `demo` is told.
#[derive(Args)]
pub(super) struct DemoArguments {
    /// Organizations of the synthetic world that the benchmark is made of: 600 unless given, 0 for no world
    #[arg(long, value_name = "NUMBER", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(0..=20_000))]
    organizations: Option<usize>,
    /// Seed of the world; the same seed and number make the same world
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
    /// Ends when everything is there, and does not serve
    #[arg(long, hide = true)]
    prepare_only: bool,
    /// Releases to publish, from the first quarter of the world on
    #[arg(long, hide = true, default_value_t = QUARTERS)]
    releases: usize,
}

/// Prepares the demo, shows it, and serves until the process is told to stop.
pub(super) async fn run(mut config: Config, names_data_directory: bool, arguments: DemoArguments) -> CliResult {
    if !config.listen.ip().is_loopback() {
        return Err(
            "the demo has a known password, so it listens on this machine only: use --listen 127.0.0.1:8080".into()
        );
    }
    if !names_data_directory {
        config.data_directory = PathBuf::from("data/demo");
    }
    config.sign_up = SignUpPolicy::Open;
    let database = config.database();
    println!("Rolemark demo: preparing …");
    if arguments.prepare_only {
        let store = Store::open(prepared_options(&config).await?).await?;
        prepare_all(&config, &store, &arguments).await?;
        store.close();
        return Ok(());
    }
    let stop = StopSignal::listen()?;
    let server = Server::start(config.clone()).await?;
    let (organizations, world) = prepare_all(&config, server.store(), &arguments).await?;
    show::introduce(server.store(), &organizations, world.as_ref(), &database).await?;
    show::invite(&server.url(), &organizations);
    server.run_until(stop).await;
    Ok(())
}

/// Makes everything that is missing: the two organizations, the world, its releases.
async fn prepare_all(
    config: &Config,
    store: &Store,
    arguments: &DemoArguments,
) -> Result<([DemoOrganization; 2], Option<World>), Box<dyn std::error::Error + Send + Sync>> {
    let wanted = world::wanted(config, arguments)?;
    let organizations = prepare(store).await?;
    contributing::take_part(config, store, &organizations).await?;
    let world = match wanted {
        Some(spec) => Some(world::prepare(config, spec, arguments.releases).await?),
        None => None,
    };
    Ok((organizations, world))
}

/// What the demo does carries its name in the audit log.
fn origin() -> Arc<RequestOrigin> {
    Arc::new(RequestOrigin { request_id: "demo".into(), ..Default::default() })
}

/// Runs GraphQL as a user, without HTTP between.
struct Caller<'a> {
    store: &'a Store,
    schema: RolemarkSchema,
    actor: Actor,
}

impl<'a> Caller<'a> {
    async fn with_token(store: &'a Store, token: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let actor = store.authenticate(token, &origin()).await.map_err(|error| format!("{error:?}"))?;
        Ok(Self { store, schema: build_schema(), actor })
    }

    /// The answer's data; an error is the demo's end.
    async fn run(&self, document: &str, variables: Value) -> Result<Value, Box<dyn std::error::Error + Send + Sync>> {
        let context = RequestContext::new(self.store, Some(self.actor.clone()), origin(), Post::nowhere());
        let request = async_graphql::Request::new(document)
            .variables(async_graphql::Variables::from_json(variables))
            .data(context);
        let response = self.schema.execute(request).await;
        if let Some(error) = response.errors.first() {
            return Err(format!("the demo could not be prepared: {}", error.message).into());
        }
        Ok(response.data.into_json()?)
    }
}
