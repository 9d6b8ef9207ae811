//! Published figures, read over GraphQL. Releases are put into the database past the server, and contributions and
//! versions into the builder's tables, so that the gate has something to count.

mod combinations;
mod costs;
mod gate;
mod levels;
mod log;
mod positions;
mod refusals;
mod releases;
mod world;

pub use combinations::combinations_have_a_benchmark;
pub use costs::{
    a_page_of_benchmarks_costs_the_same_whatever_its_size, one_cell_has_one_answer, withheld_costs_what_is_shown,
};
pub use gate::{
    a_colleague_sees_no_more, a_key_sees_what_its_organization_sees, a_viewer_of_too_many_contributors_sees_nothing,
    access_counts_for_24_months, without_the_builder_nothing_is_shown, you_are_included,
};
pub use levels::{a_fallback_is_labelled, detail_grows_with_the_count, every_level_is_read, withheld_has_one_answer};
pub use log::every_read_is_logged;
pub use positions::{a_role_has_its_place, trends_are_differences_of_what_is_shown};
pub use refusals::{only_benchmark_keys_read, only_the_verified_see_segments, there_are_no_other_filters};
pub(crate) use world::{RELEASE, publish_empty_release};

pub use releases::{a_retracted_release_answers_nothing, releases_tell_how_they_were_made};
