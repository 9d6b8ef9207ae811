//! `rolemark demo`: two organizations with roles, what Rolemark says about them, and a server to try it on.

mod seed;
mod show;

use std::{path::PathBuf, sync::Arc};

use serde_json::Value;
use store::{RequestOrigin, Store, access::Actor};

pub(crate) use seed::prepare;

use super::CliResult;
use crate::{
    Config, Server, SignUpPolicy, StopSignal,
    graphql::{RolemarkSchema, build_schema, context::RequestContext},
    mail::Post,
};

/// Password of every demo user. The demo serves on this machine only.
const PASSWORD: &str = "rolemark-demo-password";

/// Prepares the demo, shows it, and serves until the process is told to stop.
pub(super) async fn run(mut config: Config, names_data_directory: bool) -> CliResult {
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
    let stop = StopSignal::listen()?;
    let server = Server::start(config).await?;
    let organizations = prepare(server.store()).await?;
    show::introduce(server.store(), &organizations, &database).await?;
    show::invite(&server.url(), &organizations);
    server.run_until(stop).await;
    Ok(())
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
