//! The figures, for people and for programs.

use std::fmt;
use std::time::Duration;

use rolemark_tests::Backend;
use serde_json::{Value, json};

use super::load::Outcome;
use super::operations::Operation;
use super::options::Settings;
use super::texts::{ROLES, TASKS};

/// Aims for a server that has just started.
const IDLE_MEGABYTES: f64 = 60.0;
const READY_MILLISECONDS: f64 = 200.0;

/// The figures of one repetition.
pub(crate) struct Measured {
    operation: Operation,
    repetition: usize,
    figures: Figures,
}

/// Per second, in milliseconds, in microseconds of processor time per request, and in bytes.
#[derive(Clone, Copy)]
struct Figures {
    requests: f64,
    per_second: f64,
    p50: f64,
    p99: f64,
    server: f64,
    database: f64,
    total: f64,
    generator: f64,
    bytes: f64,
}

/// All figures of one database.
pub(crate) struct Site {
    pub(crate) backend: Backend,
    pub(crate) version: String,
    /// From the start of the process to its first answer that it is ready.
    pub(crate) ready: Vec<Duration>,
    pub(crate) idle_bytes: u64,
    pub(crate) end_bytes: u64,
    pub(crate) peak_bytes: u64,
    pub(crate) measured: Vec<Measured>,
}

/// Everything.
pub(crate) struct Report<'a> {
    settings: &'a Settings,
    pub(crate) sites: Vec<Site>,
}

impl Measured {
    /// `cpu` is that of the server, of the database and of the load generator.
    pub(crate) fn new(operation: Operation, repetition: usize, outcome: &Outcome, cpu: [Duration; 3]) -> Self {
        let requests = outcome.requests();
        let [server, database, generator] = cpu.map(|time| time.as_secs_f64() * 1e6 / requests.max(1.0));
        let figures = Figures {
            requests,
            per_second: requests / outcome.elapsed.as_secs_f64(),
            p50: milliseconds(outcome.quantile(0.5)),
            p99: milliseconds(outcome.quantile(0.99)),
            server,
            database,
            total: server + database,
            generator,
            bytes: outcome.bytes as f64 / requests.max(1.0),
        };
        Self { operation, repetition, figures }
    }

    fn json(&self) -> Value {
        let figures = &self.figures;
        json!({
            "operation": self.operation.name(),
            "repetition": self.repetition,
            "requests": figures.requests,
            "requestsPerSecond": figures.per_second,
            "p50Milliseconds": figures.p50,
            "p99Milliseconds": figures.p99,
            "serverMicroseconds": figures.server,
            "databaseMicroseconds": figures.database,
            "totalMicroseconds": figures.total,
            "generatorMicroseconds": figures.generator,
            "answerBytes": figures.bytes,
        })
    }
}

impl fmt::Display for Measured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Figures { per_second, p50, p99, total, .. } = self.figures;
        let (name, repetition) = (self.operation.name(), self.repetition);
        write!(f, "{name} #{repetition}: {per_second:.0}/s, p50 {p50:.2} ms, p99 {p99:.2} ms, {total:.0} µs a request")
    }
}

impl Site {
    /// The median of each figure over the repetitions.
    fn medians(&self, operation: Operation) -> Figures {
        let all: Vec<Figures> = self.measured.iter().filter(|m| m.operation == operation).map(|m| m.figures).collect();
        let of = |figure: fn(&Figures) -> f64| median(all.iter().map(figure).collect());
        Figures {
            requests: of(|f| f.requests),
            per_second: of(|f| f.per_second),
            p50: of(|f| f.p50),
            p99: of(|f| f.p99),
            server: of(|f| f.server),
            database: of(|f| f.database),
            total: of(|f| f.total),
            generator: of(|f| f.generator),
            bytes: of(|f| f.bytes),
        }
    }

    fn ready_milliseconds(&self) -> f64 {
        median(self.ready.iter().map(|time| milliseconds(*time)).collect())
    }

    fn json(&self) -> Value {
        json!({
            "database": self.backend.to_string(),
            "version": self.version,
            "readyMilliseconds": self.ready.iter().map(|time| milliseconds(*time)).collect::<Vec<_>>(),
            "idleBytes": self.idle_bytes,
            "endBytes": self.end_bytes,
            "peakBytes": self.peak_bytes,
            "repetitions": self.measured.iter().map(Measured::json).collect::<Vec<_>>(),
        })
    }
}

impl<'a> Report<'a> {
    pub(crate) fn new(settings: &'a Settings) -> Self {
        Self { settings, sites: Vec::new() }
    }

    /// The figures of every repetition.
    pub(crate) fn json(&self) -> String {
        let report = json!({
            "organizations": self.settings.organizations,
            "concurrency": self.settings.concurrency,
            "seconds": self.settings.run.as_secs_f64(),
            "isDebugBuild": cfg!(debug_assertions),
            "databases": self.sites.iter().map(Site::json).collect::<Vec<_>>(),
        });
        format!("{report:#}\n")
    }

    fn write_operations(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "| operation | database | req/s | p50 ms | p99 ms | CPU server µs | CPU PG µs | CPU total µs | aim µs | generator µs | answer KB |"
        )?;
        writeln!(f, "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|")?;
        for operation in &self.settings.operations {
            for site in &self.sites {
                let Figures { per_second, p50, p99, server, database, total, generator, bytes, .. } =
                    site.medians(*operation);
                let aim = operation.target_microseconds().filter(|_| site.backend == Backend::Postgres);
                let aim = aim.map_or_else(String::new, |aim| verdict(total, aim));
                let name = format!("{} {}", operation.name(), operation.description());
                write!(f, "| {name} | {} | {per_second:.0} | {p50:.2} | {p99:.2} ", site.backend)?;
                write!(f, "| {server:.0} | {database:.0} | {total:.0} | {aim} ")?;
                writeln!(f, "| {generator:.0} | {:.1} |", bytes / 1e3)?;
            }
        }
        Ok(())
    }

    fn write_sites(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| database | ready ms | aim | RSS idle MB | aim | RSS at the end MB | RSS at most MB |")?;
        writeln!(f, "|---|---:|---:|---:|---:|---:|---:|")?;
        for site in &self.sites {
            let [idle, end, peak] = [site.idle_bytes, site.end_bytes, site.peak_bytes].map(|bytes| bytes as f64 / 1e6);
            let ready = site.ready_milliseconds();
            write!(f, "| {} | {ready:.0} | {} ", site.version, verdict(ready, READY_MILLISECONDS))?;
            writeln!(f, "| {idle:.1} | {} | {end:.1} | {peak:.1} |", verdict(idle, IDLE_MEGABYTES))?;
        }
        Ok(())
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Settings { organizations, concurrency, run, repetitions, .. } = self.settings;
        let processors = std::thread::available_parallelism().map_or(0, usize::from);
        writeln!(f, "\n{organizations} organizations x {ROLES} roles x {TASKS} tasks, concurrency {concurrency},")?;
        writeln!(
            f,
            "medians of {repetitions} interleaved run(s) of {run:?}, {processors} processors, which the load generator shares."
        )?;
        writeln!(f, "CPU is user and system time per request; the aim is for the total.")?;
        if cfg!(debug_assertions) {
            writeln!(f, "THIS IS A DEBUG BUILD: its figures mean nothing.")?;
        }
        writeln!(f)?;
        self.write_operations(f)?;
        writeln!(f)?;
        self.write_sites(f)
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn verdict(value: f64, aim: f64) -> String {
    format!("{aim:.0} {}", if value <= aim { "met" } else { "MISSED" })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    match values.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => values[middle],
        _ => f64::midpoint(values[middle - 1], values[middle]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_is_the_middle() {
        assert!((median(vec![3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(vec![4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < f64::EPSILON);
    }
}
