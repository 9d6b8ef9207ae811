//! Building on SQLite, with contributions that SQL puts in.

mod building;
mod lifecycle;
mod over_time;
mod world;
