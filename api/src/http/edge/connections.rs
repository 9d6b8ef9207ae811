//! Ends connections on which nothing goes forward.
//!
//! The HTTP library limits how long the head of a connection's first request may take, but not that of a later one, nor
//! how long a client may take to read an answer, nor how long a body may go on that nobody reads any more. A client that
//! sends or reads a byte now and then would keep its connection, and there are only so many.

use std::{
    any::Any,
    net::Shutdown,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::{Duration, Instant},
};

use actix_web::{
    HttpRequest,
    dev::{Extensions, ServiceRequest},
    rt::net::TcpStream,
};
use socket2::{SockRef, Socket};

/// Time between two looks at all connections.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);

/// All connections of a server.
pub(crate) struct Connections {
    patience: Duration,
    open: Mutex<Vec<Weak<Connection>>>,
}

/// One connection: a second handle on its socket, and how long it may go on.
struct Connection {
    socket: Socket,
    life: Mutex<Life>,
}

#[derive(Clone, Copy)]
enum Life {
    /// A request runs, which has its own deadlines.
    Busy,
    /// Until then, the answer must have been read and another request must have come.
    WaitsUntil(Instant),
    /// Nothing more is expected.
    EndsAt(Instant),
}

impl Connections {
    /// Starts to look after connections: each is ended on which no request has run for `patience`. Looking ends when
    /// nobody holds the value any more.
    pub(crate) fn look_after(patience: Duration) -> Arc<Self> {
        let connections = Arc::new(Self { patience, open: Mutex::default() });
        let looked_after = Arc::downgrade(&connections);
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(BETWEEN_LOOKS);
            loop {
                ticks.tick().await;
                let Some(connections) = looked_after.upgrade() else { return };
                connections.end_overdue(Instant::now());
            }
        });
        connections
    }

    /// Looks after a new connection too.
    pub(crate) fn add(&self, stream: &dyn Any, data: &mut Extensions) {
        let socket = stream.downcast_ref::<TcpStream>().and_then(|stream| SockRef::from(stream).try_clone().ok());
        let Some(socket) = socket else {
            tracing::warn!("a connection cannot be looked after: are there too many open files?");
            return;
        };
        let life = Mutex::new(Life::WaitsUntil(Instant::now() + self.patience));
        let connection = Arc::new(Connection { socket, life });
        lock(&self.open).push(Arc::downgrade(&connection));
        data.insert(Tracked { connection, patience: self.patience });
    }

    fn end_overdue(&self, now: Instant) {
        lock(&self.open).retain(|connection| {
            let Some(connection) = connection.upgrade() else { return false };
            match *lock(&connection.life) {
                Life::WaitsUntil(end) | Life::EndsAt(end) if end <= now => {
                    // An error says that it has ended already.
                    let _ = connection.socket.shutdown(Shutdown::Both);
                    false
                }
                _ => true,
            }
        });
    }
}

/// What a connection's requests know of it.
struct Tracked {
    connection: Arc<Connection>,
    patience: Duration,
}

/// Held while a request of the connection runs.
pub(super) struct Busy {
    connection: Arc<Connection>,
    patience: Duration,
}

/// Says that a request runs, until the value is dropped.
pub(super) fn busy(request: &ServiceRequest) -> Option<Busy> {
    let Tracked { connection, patience } = request.conn_data::<Tracked>()?;
    *lock(&connection.life) = Life::Busy;
    Some(Busy { connection: Arc::clone(connection), patience: *patience })
}

impl Drop for Busy {
    fn drop(&mut self) {
        let life = &mut *lock(&self.connection.life);
        if matches!(life, Life::Busy) {
            *life = Life::WaitsUntil(Instant::now() + self.patience);
        }
    }
}

/// Tells that a long answer goes forward.
pub(in crate::http) struct Progress(Option<Busy>);

impl Progress {
    pub(in crate::http) fn of(request: &HttpRequest) -> Self {
        let tracked = request.conn_data::<Tracked>();
        Self(tracked.map(|tracked| Busy { connection: Arc::clone(&tracked.connection), patience: tracked.patience }))
    }

    /// Another piece was taken: the client reads.
    pub(in crate::http) fn note(&self) {
        if let Some(Busy { connection, patience }) = &self.0 {
            *lock(&connection.life) = Life::WaitsUntil(Instant::now() + *patience);
        }
    }
}

/// Ends the request's connection once there was time to read the answer.
pub(in crate::http) fn end_soon(request: &HttpRequest) {
    if let Some(Tracked { connection, .. }) = request.conn_data::<Tracked>() {
        *lock(&connection.life) = Life::EndsAt(Instant::now() + BETWEEN_LOOKS);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
