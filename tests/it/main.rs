//! The one test binary. A new case is an `async fn` in the module of its context and a name below:
//!
//! - `each_backend`: `async fn(&TestServer)`, as `sqlite::context::case` and `postgres::context::case`
//! - `on_postgres`: the same on PostgreSQL only
//! - `once`: `async fn()`, no server
//! - `each_backend_with_data`, `once_with_data`: with the directory of real data as the last argument, and
//!   reported as ignored where there is none
//!
//! The server is shared by all cases of its backend: a case makes organizations of its own, and takes
//! `TestServer::fresh` when it must change what others rely on.

mod availability;
mod dependencies;
mod health;
mod limits;
mod real_data;
mod rls;
mod schema;
mod startup;
mod transport;

use std::process::ExitCode;

use rolemark_tests::{cases, runner::Suite};

fn main() -> ExitCode {
    let mut suite = Suite::default();
    cases! { suite;
        once dependencies: [
            every_crate_keeps_to_its_table,
            domain_has_no_generator_of_identifiers,
        ];
        once schema: [committed_schema_is_current];
        once_with_data real_data: [golden_vectors_are_readable];
        each_backend health: [is_alive, is_ready];
        each_backend transport: [
            body_above_the_limit_is_413,
            other_content_types_are_415,
            mutation_over_get_is_405,
            query_over_get_is_answered,
            unknown_field_is_400_with_a_code,
            malformed_requests_are_400,
            array_batch_is_400,
        ];
        each_backend limits: [
            fragment_bomb_is_refused_at_once,
            fragment_cycle_is_refused,
            nested_brackets_are_refused,
            nested_variables_are_refused,
            deep_selection_is_refused,
            nested_introspection_is_refused,
            too_many_aliases_are_refused,
            too_many_root_fields_are_refused,
            document_above_the_limit_is_refused,
        ];
        on_postgres startup: [
            superuser_is_refused,
            owner_is_refused,
            role_that_bypasses_security_is_refused,
        ];
        on_postgres rls: [
            every_tenant_table_forces_security,
            every_tenant_table_has_a_policy_for_the_serving_role,
            every_policy_of_the_serving_role_binds_the_organization,
            tables_without_an_organization_are_reviewed,
            keys_of_tenant_tables_start_with_the_organization,
            references_stay_within_the_organization,
            serving_roles_own_nothing,
            serving_role_cannot_read_secrets,
            without_a_setting_there_are_no_rows,
            a_setting_shows_one_organization,
            a_reused_connection_shows_no_rows,
        ];
        on_postgres availability: [database_may_go_and_come_back];
    }
    suite.run()
}
