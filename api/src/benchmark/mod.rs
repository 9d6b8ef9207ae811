//! The benchmark: an organization's part in it, and its published figures.

mod contributing;
mod reading;
mod segments;
