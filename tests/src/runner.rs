//! Registers cases, and runs them with the words and the options of `cargo test`.

use std::future::Future;
use std::path::Path;
use std::pin::Pin;
use std::process::ExitCode;
use std::time::Duration;

use libtest_mimic::{Arguments, Completion, Failed, Trial};

use crate::{Backend, Error, TestServer, data, shared};

/// A running case.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<(), Error>> + 'a>>;

/// Names the only backend to run on, `sqlite` or `postgres`; the others' cases say that they were skipped.
const BACKEND_VARIABLE: &str = "ROLEMARK_TEST_BACKEND";
/// Seconds that a case may take, for slow machines.
const TIMEOUT_VARIABLE: &str = "ROLEMARK_TEST_TIMEOUT";
const TIMEOUT_SECONDS: u64 = 120;

/// What a case may return: nothing, or a result whose error fails it.
pub trait Verdict {
    /// The verdict as a result.
    fn verdict(self) -> Result<(), Error>;
}

impl Verdict for () {
    fn verdict(self) -> Result<(), Error> {
        Ok(())
    }
}

impl<E: Into<Error>> Verdict for Result<(), E> {
    fn verdict(self) -> Result<(), Error> {
        self.map_err(Into::into)
    }
}

/// The cases that were registered. Filled by the macro [`cases!`](crate::cases).
#[derive(Default)]
pub struct Suite(Vec<Trial>);

impl Suite {
    /// A case that takes a server, on both backends.
    pub fn each_backend(&mut self, name: &str, case: fn(&TestServer) -> Running<'_>) {
        for backend in Backend::ALL {
            self.add(format!("{backend}::{name}"), move || on_server(backend, case));
        }
    }

    /// A case that takes a server, on PostgreSQL only.
    pub fn on_postgres(&mut self, name: &str, case: fn(&TestServer) -> Running<'_>) {
        let backend = Backend::Postgres;
        self.add(format!("{backend}::{name}"), move || on_server(backend, case));
    }

    /// A case without a server.
    pub fn once(&mut self, name: &str, case: fn() -> Running<'static>) {
        self.add(name.to_owned(), move || run(async || case().await));
    }

    /// A case that takes a server and the directory of real data, on both backends.
    pub fn each_backend_with_data(&mut self, name: &str, case: for<'a> fn(&'a TestServer, &'a Path) -> Running<'a>) {
        for backend in Backend::ALL {
            self.add(format!("{backend}::{name}"), move || {
                with_data(|data| {
                    skip_unless_chosen(backend, || run(async || case(&*shared::server(backend).await?, data).await))
                })
            });
        }
    }

    /// A case without a server that takes the directory of real data.
    pub fn once_with_data(&mut self, name: &str, case: fn(&Path) -> Running<'_>) {
        self.add(name.to_owned(), move || with_data(|data| run(async || case(data).await)));
    }

    fn add(&mut self, name: String, body: impl FnOnce() -> Result<Completion, Failed> + Send + 'static) {
        self.0.push(Trial::ignorable_test(name, body));
    }

    /// Runs the cases that the command line asks for, then stops the servers and the cluster.
    #[must_use]
    pub fn run(self) -> ExitCode {
        let conclusion = libtest_mimic::run(&Arguments::from_args(), self.0);
        if let Err(error) = shared::runtime().block_on(shared::shut_down()) {
            eprintln!("the tests are over, but their servers did not stop: {error}");
            return ExitCode::FAILURE;
        }
        conclusion.exit_code()
    }
}

fn on_server(backend: Backend, case: fn(&TestServer) -> Running<'_>) -> Result<Completion, Failed> {
    skip_unless_chosen(backend, || run(async || case(&*shared::server(backend).await?).await))
}

fn skip_unless_chosen(
    backend: Backend,
    body: impl FnOnce() -> Result<Completion, Failed>,
) -> Result<Completion, Failed> {
    match std::env::var(BACKEND_VARIABLE) {
        Ok(only) if !only.is_empty() && only != backend.to_string() => {
            Ok(Completion::ignored_with(format!("{BACKEND_VARIABLE}={only}")))
        }
        _ => body(),
    }
}

fn with_data(body: impl FnOnce(&Path) -> Result<Completion, Failed>) -> Result<Completion, Failed> {
    match data::shared_data()? {
        Some(directory) => body(&directory),
        None => Ok(Completion::ignored_with(format!("no real data here; {} may name it", data::VARIABLE))),
    }
}

/// Runs a case on the shared runtime, within its time.
fn run(case: impl AsyncFnOnce() -> Result<(), Error>) -> Result<Completion, Failed> {
    let seconds = std::env::var(TIMEOUT_VARIABLE).ok().and_then(|s| s.parse().ok()).unwrap_or(TIMEOUT_SECONDS);
    let limited = async { tokio::time::timeout(Duration::from_secs(seconds), case()).await };
    match shared::runtime().block_on(limited) {
        Ok(verdict) => verdict.map(|()| Completion::Completed).map_err(Failed::from),
        Err(_) => Err(Failed::from(format!(
            "still not done after {seconds} s: something waits for what never comes \
             ({TIMEOUT_VARIABLE} gives slow machines more seconds)"
        ))),
    }
}

/// Registers cases: lines of `kind context: [case, case];`, where the kind is a method of [`Suite`], the
/// context a module beside `main.rs`, and a case an `async fn` in it.
#[macro_export]
macro_rules! cases {
    ($suite:ident; $($kind:ident $context:ident: [$($case:ident),* $(,)?];)*) => {
        $($($crate::cases!(@$kind $suite $context $case);)*)*
    };
    (@once $suite:ident $context:ident $case:ident) => {
        $suite.once($crate::cases!(@name $context $case), || $crate::cases!(@run $context::$case()))
    };
    (@each_backend_with_data $suite:ident $context:ident $case:ident) => {
        $suite.each_backend_with_data(
            $crate::cases!(@name $context $case),
            |server, data| $crate::cases!(@run $context::$case(server, data)),
        )
    };
    (@once_with_data $suite:ident $context:ident $case:ident) => {
        $suite.once_with_data($crate::cases!(@name $context $case), |data| $crate::cases!(@run $context::$case(data)))
    };
    (@name $context:ident $case:ident) => {
        concat!(stringify!($context), "::", stringify!($case))
    };
    (@run $call:expr) => {
        Box::pin(async move { $crate::runner::Verdict::verdict($call.await) })
    };
    (@$kind:ident $suite:ident $context:ident $case:ident) => {
        $suite.$kind($crate::cases!(@name $context $case), |server| $crate::cases!(@run $context::$case(server)))
    };
}
