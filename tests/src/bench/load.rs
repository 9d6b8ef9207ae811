//! One run of one operation.

use std::cell::RefCell;
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::{Duration, Instant};

use rolemark_tests::{Error, Result};
use tokio::task::JoinSet;

use super::http::Connection;
use super::operations::{Operation, Prepared};
use super::population::Population;
use super::random::Random;

/// What a run is.
pub(crate) struct Load {
    pub(crate) server: SocketAddr,
    pub(crate) operation: Operation,
    pub(crate) concurrency: usize,
    pub(crate) length: Duration,
    /// Another one gives another sequence of roles.
    pub(crate) seed: u64,
}

/// What came of it.
pub(crate) struct Outcome {
    pub(crate) elapsed: Duration,
    /// Of each request, the shortest first.
    pub(crate) latencies: Vec<Duration>,
    /// Bytes of all bodies.
    pub(crate) bytes: usize,
}

impl Outcome {
    /// How many requests were answered.
    pub(crate) fn requests(&self) -> f64 {
        self.latencies.len() as f64
    }

    /// The latency that this share of the requests did not exceed.
    pub(crate) fn quantile(&self, share: f64) -> Duration {
        let rank = (share * self.requests()).ceil() as usize;
        self.latencies.get(rank.saturating_sub(1)).copied().unwrap_or_default()
    }
}

impl Load {
    /// Keeps `concurrency` requests under way until the time is over, then waits for the last answers.
    pub(crate) async fn run(&self, population: &Rc<RefCell<Population>>) -> Result<Outcome> {
        let prepared = Rc::new(Prepared::new(self.operation)?);
        let mut connections = Vec::new();
        for _ in 0..self.concurrency {
            connections.push(Connection::open(self.server).await?);
        }
        let started = Instant::now();
        let deadline = started + self.length;
        let mut workers = JoinSet::new();
        for (number, connection) in connections.into_iter().enumerate() {
            let random = Random::new(self.seed * 1_000 + number as u64);
            workers.spawn_local(work(connection, Rc::clone(&prepared), Rc::clone(population), random, deadline));
        }
        let mut outcome = Outcome { elapsed: Duration::ZERO, latencies: Vec::new(), bytes: 0 };
        while let Some(done) = workers.join_next().await {
            let (latencies, bytes) = done??;
            outcome.latencies.extend(latencies);
            outcome.bytes += bytes;
        }
        outcome.elapsed = started.elapsed();
        outcome.latencies.sort_unstable();
        Ok(outcome)
    }
}

async fn work(
    mut connection: Connection,
    operation: Rc<Prepared>,
    population: Rc<RefCell<Population>>,
    mut random: Random,
    deadline: Instant,
) -> std::result::Result<(Vec<Duration>, usize), Error> {
    let (mut latencies, mut bytes, mut body, mut token) = (Vec::new(), 0, Vec::new(), String::new());
    loop {
        let started = Instant::now();
        if started >= deadline {
            return Ok((latencies, bytes));
        }
        let target = operation.write(&mut population.borrow_mut(), &mut random, &mut body)?;
        token.clear();
        token.push_str(&population.borrow().organizations[target.organization].access_token);
        let answer = connection.post(Some(&token), &body).await?;
        latencies.push(started.elapsed());
        bytes += answer.len();
        operation.check(&target, &mut population.borrow_mut(), answer)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_nearest_rank() {
        let latencies = (1..=100).map(Duration::from_millis).collect();
        let outcome = Outcome { elapsed: Duration::from_secs(1), latencies, bytes: 0 };
        let quantiles = [0.5, 0.99, 1.0].map(|share| outcome.quantile(share).as_millis());
        assert_eq!(quantiles, [50, 99, 100]);
    }
}
