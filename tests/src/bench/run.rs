//! The course of a run.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use rolemark_tests::{Backend, Result};

use super::database::Database;
use super::load::Load;
use super::operations::Operation;
use super::options::Settings;
use super::population::Population;
use super::process;
use super::report::{Measured, Report, Site};
use super::server::{Place, ServerProcess};

/// Starts of the server on the filled database; the last one is measured further.
const STARTS: usize = 3;
/// How long a server is left alone once it is ready, before its memory is read.
const IDLE: Duration = Duration::from_secs(1);

/// Runs everything that was asked for.
pub(crate) async fn all(settings: &Settings) -> Result<()> {
    let mut report = Report::new(settings);
    for backend in &settings.backends {
        report.sites.push(on(*backend, settings).await?);
    }
    print!("{report}");
    if let Some(file) = &settings.json {
        std::fs::write(file, report.json())?;
    }
    Ok(())
}

async fn on(backend: Backend, settings: &Settings) -> Result<Site> {
    eprintln!("{backend}:");
    let database = Database::open(backend, settings.keep.as_deref()).await?;
    let place = database.place(&settings.log);
    let population = populate(&database, &place, settings).await?;
    let mut ready = Vec::new();
    let server = loop {
        let server = ServerProcess::start(&place)?;
        ready.push(server.ready_after());
        // Left alone in any case: a server listens for signals a moment after it is ready.
        tokio::time::sleep(IDLE).await;
        if ready.len() == STARTS {
            break server;
        }
        server.stop()?;
    };
    let idle_bytes = process::resident(server.pid())?.0;
    eprintln!("  the server is process {}", server.pid());
    let bench = Bench { settings, database: &database, server: &server, population };
    let measured = bench.run().await?;
    let (end_bytes, peak_bytes) = process::resident(server.pid())?;
    server.stop()?;
    Ok(Site { backend, version: database.version().await?, ready, idle_bytes, end_bytes, peak_bytes, measured })
}

/// Fills the database or signs in, by a server of its own: the one that is measured starts fresh.
async fn populate(database: &Database, place: &Place, settings: &Settings) -> Result<Rc<RefCell<Population>>> {
    let is_filled = database.is_filled(settings.organizations)?;
    let server = ServerProcess::start(place)?;
    let population = match is_filled {
        true => Population::enter(server.address(), settings.organizations).await?,
        false => Population::fill(server.address(), settings.organizations).await?,
    };
    server.stop()?;
    match is_filled {
        true => database.tidy().await?,
        false => database.filled(settings.organizations).await?,
    }
    Ok(Rc::new(RefCell::new(population)))
}

/// A server and what is asked of it.
struct Bench<'a> {
    settings: &'a Settings,
    database: &'a Database,
    server: &'a ServerProcess,
    population: Rc<RefCell<Population>>,
}

impl Bench<'_> {
    async fn run(&self) -> Result<Vec<Measured>> {
        for operation in &self.settings.operations {
            self.load(*operation, self.settings.warm_up, 0).run(&self.population).await?;
        }
        let mut measured = Vec::new();
        for repetition in 1..=self.settings.repetitions {
            for operation in &self.settings.operations {
                measured.push(self.measure(*operation, repetition).await?);
            }
        }
        Ok(measured)
    }

    fn load(&self, operation: Operation, length: Duration, seed: u64) -> Load {
        let concurrency = self.settings.concurrency;
        Load { server: self.server.address(), operation, concurrency, length, seed }
    }

    #[expect(clippy::await_holding_refcell_ref, reason = "nobody else is at work while the sessions are renewed")]
    async fn measure(&self, operation: Operation, repetition: usize) -> Result<Measured> {
        self.population.borrow_mut().stay_signed_in(self.server.address()).await?;
        let before = self.cpu()?;
        let load = self.load(operation, self.settings.run, repetition as u64);
        let outcome = load.run(&self.population).await?;
        let after = self.cpu()?;
        let [server, database, generator] = std::array::from_fn(|i| after[i].saturating_sub(before[i]));
        let measured = Measured::new(operation, repetition, &outcome, [server, database, generator]);
        eprintln!("  {measured}");
        Ok(measured)
    }

    /// Processor time so far of the server, of the database, and of this process, which makes the load.
    fn cpu(&self) -> Result<[Duration; 3]> {
        Ok([process::cpu(self.server.pid())?, self.database.cpu()?, process::cpu(std::process::id())?])
    }
}
