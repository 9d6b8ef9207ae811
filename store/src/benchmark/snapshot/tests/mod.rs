//! The snapshot against a database with a few organizations, written past the server.

mod departures;
mod eligibility;
mod groups;
mod partners;
mod repetition;
mod seasoning;
mod update;
mod world;
