//! An attacker's walk, for a security reviewer to read from top to bottom. Each case is something an attacker would try,
//! over HTTP, with what an attacker would have. The contexts `tokens`, `isolation`, `limits`, `edge` and `throttle` go deeper.

mod ended;
mod floods;
mod rights;
mod walk;

pub use ended::{
    a_grant_that_expired_opens_nothing, a_removed_member_is_out, a_revoked_grant_opens_nothing,
    a_revoked_key_opens_nothing, a_used_refresh_token_ends_its_session,
};
pub use floods::{
    a_batch_of_guesses_is_refused, deep_and_wide_documents_are_refused, guesses_by_aliases_are_refused,
    guessing_is_slowed_and_the_owner_is_not_locked_out, many_aliases_are_refused,
};
pub use rights::{
    a_consultant_stays_within_the_grant, a_key_stays_within_its_scopes, a_reader_cannot_rise,
    organizations_cannot_be_smuggled_in,
};
pub use walk::{identifiers_of_others_are_worth_nothing_to_a_key, stolen_and_forged_credentials_are_refused};
