//! Organizations renamed, closed and brought back, and their data taken out.

pub(crate) mod access;
mod archive;
mod closing;
mod exporting;
mod logs;
mod people;
mod renaming;

pub use closing::{
    closed_organizations_are_their_admins_only, closed_organizations_come_back, closing_asks_for_the_name,
};
pub use exporting::{
    archives_show_one_moment, every_canary_is_exported, exports_are_audited, only_who_may_exports, program_exports,
};
pub use logs::{audit_logs_are_downloaded, downloaded_chains_are_verified, only_who_may_downloads_logs};
pub use people::only_admins_rename_close_and_restore;
pub use renaming::{names_are_checked, renamed_organizations_have_their_name_at_once};
