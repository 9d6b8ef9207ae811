//! What stands in front of every path: who may ask, by which name, how fast, how slowly, and what every answer says.

mod browsers;
mod names;
mod rates;
mod schema;
mod slow;
mod stopping;
mod wire;

pub use browsers::{
    console_may_run_its_own_script, cookies_are_ignored, every_answer_has_its_headers, foreign_forms_are_refused,
    https_is_asked_for_by_name, listed_origins_may_ask, no_origin_may_ask_by_default, pages_are_only_read,
};
pub use names::{
    a_host_is_named_once, lists_are_read_from_the_environment, malformed_settings_end_the_start,
    other_names_are_misdirected, own_names_are_answered,
};
pub use rates::{
    a_hundred_pages_get_through_by_default, a_limited_caller_leaves_others_alone,
    a_limited_organization_leaves_others_alone, addresses_pay_for_wrong_credentials, addresses_pay_without_credentials,
    limits_are_off_by_configuration, proxies_tell_who_pays,
};
pub use schema::{errors_suggest_nothing, the_schema_is_told_by_configuration};
pub use slow::{
    bodies_that_drip_are_cut, connections_have_a_limit, endless_bodies_are_cut, heads_that_drip_are_cut,
    later_heads_that_drip_are_cut, unread_answers_are_cut,
};
pub use stopping::running_requests_end_well;
