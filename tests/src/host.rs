//! A PostgreSQL cluster with a migrated template, from which each server gets a database of its own.

use std::sync::Arc;

use crate::{Cluster, Result, role, unique};

/// A cluster that can hand out migrated databases.
pub struct Host {
    cluster: Cluster,
    template: String,
}

impl Host {
    /// Starts a cluster (see [`Cluster::start`]) and migrates its template.
    pub async fn start() -> Result<Arc<Self>> {
        Self::over(Cluster::start().await?).await
    }

    /// The same with a private cluster, for cases that stop their database server.
    pub async fn private() -> Result<Arc<Self>> {
        Self::over(Cluster::private().await?).await
    }

    async fn over(cluster: Cluster) -> Result<Arc<Self>> {
        let template = unique("rolemark_template");
        cluster.create_database(&template, None).await?;
        rolemark::migrate(&cluster.url(role::MIGRATE, &template))
            .await
            .map_err(|e| format!("the migrations failed on PostgreSQL: {e}"))?;
        cluster.seal_template(&template).await?;
        Ok(Arc::new(Self { cluster, template }))
    }

    /// The cluster itself.
    #[must_use]
    pub fn cluster(&self) -> &Cluster {
        &self.cluster
    }

    /// A fresh migrated database; its name.
    pub async fn new_database(&self) -> Result<String> {
        let name = unique("rolemark_test");
        self.cluster.create_database(&name, Some(&self.template)).await?;
        Ok(name)
    }
}
