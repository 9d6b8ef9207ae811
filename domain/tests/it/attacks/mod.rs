//! The attack suite T01 to T29 of the benchmark, as far as a statement is about rules and statistics: the real decisions,
//! figures and noise against an attacker who knows the code, every parameter, and who is in which cell.
//!
//! R is the measure: what is left of the attacker's uncertainty about a value, as the standard deviation after over that
//! before. R = 1: nothing learnt; R = 0: read off. The short suite runs with all tests; `ROLEMARK_DISCLOSURE=full` takes
//! more worlds and trials. The same attacks on the running program are in the crate `rolemark-tests`.
//!
//! | attacks | file |
//! |---|---|
//! | T02 dominance, T19 quantiles, T23 poisoning | `t02_t19_t23_influence` |
//! | T04, T05 all others are known | `t04_t05_coalition` |
//! | T06 parent less children, T07 near duplicates | `t06_t07_lattice` |
//! | T08 joiner, T09 leaver, T10 changed value, T11 forced refreshes | `t08_t11_releases` |
//! | T12 averaging over roles | `t12_roles` |
//! | T18 homogeneity | `t18_certainty` |
//! | T21 full reconstruction, with its control | `t21_reconstruction` |
//! | T26 calibration of the noise | `t26_noise` |
//! | T29 trends | `t29_trend` |

mod bits;
mod cells;
mod finding;
mod history;
mod population;
mod posterior;
mod statistics;
mod t02_t19_t23_influence;
mod t04_t05_coalition;
mod t06_t07_lattice;
mod t08_t11_releases;
mod t12_roles;
mod t18_certainty;
mod t21_reconstruction;
mod t26_noise;
mod t29_trend;
