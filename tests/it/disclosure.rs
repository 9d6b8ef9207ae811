//! The attack suite: what attackers try on the benchmark, and what they get.
//!
//! The attacks T01 to T29 of the design, as far as they need the running program: with attackers' credentials through
//! GraphQL, and as SQL under the roles of the server. What is statistics about rules and noise is in the crate
//! `rolemark-domain`, `tests/it/attacks`. There are two worlds for each backend: one release with the noise of production
//! (`gate_world`), and four releases without noise (`exact_world`), which shows what the rules alone give away.

mod exact_world;
mod finding;
mod gate_world;
mod members;
mod office;
mod plan;
mod reading;
mod t01_t03_t22_t24_counts;
mod t02_t18_t19_t23_exact;
mod t06_t11_releases;
mod t13_t14_t20_repeats;
mod t15_t27_words;
mod t16_t17_access;
mod t25_database;
mod t28_t29_quarters;

pub(crate) use t01_t03_t22_t24_counts::{
    t01_small_counts, t03_one_owner_with_many_tenants, t22_sybils_do_not_count, t24_persons_are_not_sent,
};
pub(crate) use t02_t18_t19_t23_exact::{t02_dominance, t18_homogeneity, t19_quantiles, t23_poisoning};
pub(crate) use t06_t11_releases::{
    t06_parents_less_children, t07_near_duplicates, t08_t10_one_at_a_time, t09_withdrawal, t11_forced_refreshes,
};
pub(crate) use t13_t14_t20_repeats::{
    t13_the_same_question_again, t14_building_again, t20_an_oracle_beside_the_answer, t26_the_ledger_is_calibrated,
};
pub(crate) use t15_t27_words::{t15_other_filters, t27_words_of_tenants};
pub(crate) use t16_t17_access::{t16_clients_after_the_publication, t17_partners_at_the_snapshot};
pub(crate) use t25_database::{t25_the_roles_of_the_server, t25_what_was_published_stands};
pub(crate) use t28_t29_quarters::{t28_segment_hopping, t29_trends};
