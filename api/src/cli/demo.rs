//! stub
use super::CliResult;
use crate::{Config, Server};
pub(super) async fn run(config: Config, _: bool) -> CliResult {
    let server = Server::start(config).await?;
    println!("{}", server.url());
    server.run_until_stopped().await;
    Ok(())
}
