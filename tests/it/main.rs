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

mod attacks;
mod audit;
mod audit_chain;
mod authorization;
mod availability;
mod bad_input;
mod benchmark;
mod combinations;
mod commands;
mod comparison;
mod consultancy;
mod contributing;
mod demo;
mod dependencies;
mod direct;
mod disclosure;
mod docs;
mod edge;
mod erasure;
mod fuzz;
mod health;
mod identity;
mod ids;
mod isolation;
mod keys;
mod library;
mod lifecycle;
mod limits;
mod members;
mod paging;
mod program;
mod readme;
mod real_data;
mod releases;
mod rls;
mod roles;
mod scenarios;
mod schema;
mod sdl;
mod secrets;
mod snapshots;
mod startup;
mod statements;
mod steps;
mod tenant;
mod throttle;
mod tokens;
mod transport;

use std::process::ExitCode;

use rolemark_tests::{cases, runner::Suite};

fn main() -> ExitCode {
    // What the servers log, for finding out why a case fails: ROLEMARK_TEST_LOG=warn.
    if let Ok(filter) = std::env::var("ROLEMARK_TEST_LOG") {
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    }
    let mut suite = Suite::default();
    cases! { suite;
        once dependencies: [
            every_crate_keeps_to_its_table,
            domain_has_no_generator_of_identifiers,
        ];
        once docs: [named_tests_exist];
        once schema: [committed_schema_is_current, everything_is_described];
        each_backend readme: [queries_give_the_printed_answers];
        once demo: [a_world_is_made_once_and_is_marked_synthetic];
        on_postgres demo: [a_world_on_postgresql_is_refused];
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
        once edge: [lists_are_read_from_the_environment];
        each_backend edge: [
            other_names_are_misdirected,
            own_names_are_answered,
            a_host_is_named_once,
            malformed_settings_end_the_start,
            no_origin_may_ask_by_default,
            listed_origins_may_ask,
            every_answer_has_its_headers,
            console_may_run_its_own_script,
            https_is_asked_for_by_name,
            pages_are_only_read,
            cookies_are_ignored,
            foreign_forms_are_refused,
            heads_that_drip_are_cut,
            later_heads_that_drip_are_cut,
            bodies_that_drip_are_cut,
            endless_bodies_are_cut,
            unread_answers_are_cut,
            connections_have_a_limit,
            running_requests_end_well,
            a_limited_caller_leaves_others_alone,
            a_limited_organization_leaves_others_alone,
            a_hundred_pages_get_through_by_default,
            addresses_pay_without_credentials,
            addresses_pay_for_wrong_credentials,
            proxies_tell_who_pays,
            limits_are_off_by_configuration,
            errors_suggest_nothing,
            the_schema_is_told_by_configuration,
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
            lists_cost_by_their_page_size,
            costs_add_up_however_they_are_written,
            batches_do_not_share_the_cost,
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
            erasing_role_has_the_reviewed_rights,
            erasing_role_reads_nothing_and_reaches_one_organization,
        ];
        each_backend attacks: [
            stolen_and_forged_credentials_are_refused,
            identifiers_of_others_are_worth_nothing_to_a_key,
            a_grant_that_expired_opens_nothing,
            a_removed_member_is_out,
            a_revoked_grant_opens_nothing,
            a_revoked_key_opens_nothing,
            a_used_refresh_token_ends_its_session,
            a_batch_of_guesses_is_refused,
            deep_and_wide_documents_are_refused,
            guesses_by_aliases_are_refused,
            guessing_is_slowed_and_the_owner_is_not_locked_out,
            many_aliases_are_refused,
            a_consultant_stays_within_the_grant,
            a_key_stays_within_its_scopes,
            a_reader_cannot_rise,
            organizations_cannot_be_smuggled_in,
        ];
        once authorization: [every_field_has_a_row];
        each_backend authorization: [every_cell_answers_as_reviewed];
        once isolation: [every_argument_that_names_something_is_probed];
        each_backend isolation: [
            nothing_of_others_is_told,
            nothing_of_others_is_changed,
            a_member_of_both_cannot_mix_them,
            references_across_organizations_are_refused,
            interleaved_requests_never_mix,
        ];
        each_backend tokens: [
            forged_tokens_are_refused,
            other_schemes_are_refused,
            tokens_elsewhere_count_for_nothing,
            a_signed_out_session_ends_at_once,
            a_deleted_session_ends_within_a_second,
            an_ended_membership_ends_within_a_second,
            tokens_are_no_refresh_tokens,
            key_file_is_its_owners_only,
            exposed_key_file_is_refused,
            malformed_key_file_is_refused,
            malformed_file_of_the_previous_key_is_refused,
            tokens_outlive_a_rotation,
            forced_rotation_ends_all_tokens,
            cut_off_rotation_does_no_harm,
            damaged_key_files_do_not_stop_a_running_server,
            servers_share_their_keys,
            parallel_requests_do_not_notice_a_rotation,
        ];
        once tokens: [
            rotating_says_what_it_did,
            refused_rotations_change_nothing,
            rotated_keys_belong_to_the_same_person,
        ];
        each_backend keys: [
            changes_of_keys_are_audited,
            what_a_key_does_is_audited,
            challenges_ask_programs_and_not_browsers,
            keys_are_passwords_of_basic,
            keys_in_the_address_count_for_nothing,
            nothing_else_is_a_password_of_basic,
            command_line_makes_and_ends_keys,
            command_line_says_what_is_wrong,
            listed_keys_are_readable,
            secret_is_alone_on_standard_output,
            clients_without_a_live_grant_are_not_found,
            keys_of_a_firm_read_clients_within_the_grant,
            revoked_grants_end_at_once,
            keys_are_filtered_by_state,
            keys_are_listed_newest_first,
            keys_outlive_the_membership_of_their_maker,
            fifty_keys_may_live,
            key_is_made_and_used,
            names_of_live_keys_are_unique,
            new_keys_with_faults_are_refused,
            expired_keys_are_refused,
            keys_of_closed_organizations_are_dead,
            other_servers_notice_within_a_second,
            revoked_keys_are_refused_at_once,
            slips_are_refused,
            keys_rotate_two_at_once,
            parallel_creations_have_one_winner,
            parallel_rotations_have_one_winner,
            each_scope_opens_its_part_and_no_other,
            keys_are_no_people,
            what_a_key_publishes_is_a_version,
            secret_is_in_no_log_line,
            secret_is_in_no_table,
            secret_is_shown_once,
            use_costs_one_statement_a_second,
        ];
        each_backend fuzz: [
            random_changes_are_no_fault_of_the_server,
            nasty_values_are_no_fault_of_the_server,
            forged_cursors_are_no_fault_of_the_server,
        ];
        each_backend audit_chain: [
            hashes_are_recomputed_from_the_tables,
            tampering_is_detected,
            parallel_writes_make_one_chain,
            refused_writes_leave_no_entry,
            program_verifies_whole_chains,
            program_finds_what_is_broken,
            checkpoints_are_compared,
        ];
        each_backend lifecycle: [
            renamed_organizations_have_their_name_at_once,
            names_are_checked,
            closing_asks_for_the_name,
            closed_organizations_are_their_admins_only,
            closed_organizations_come_back,
            only_admins_rename_close_and_restore,
            every_canary_is_exported,
            exports_are_audited,
            only_who_may_exports,
            archives_show_one_moment,
            program_exports,
            audit_logs_are_downloaded,
            only_who_may_downloads_logs,
            downloaded_chains_are_verified,
        ];
        each_backend erasure: [
            nothing_is_left_of_erased_organizations,
            accounts_of_users_stay,
            open_organizations_and_those_in_grace_stay,
            erasing_now_asks_for_the_name,
            servers_sweep_by_themselves,
            killed_runs_are_taken_up,
            long_readers_delay_the_end_only,
            details_are_pruned_after_their_time,
            retention_is_configured_within_limits,
        ];
        on_postgres erasure: [one_run_waits_for_another];
        on_postgres audit_chain: [serving_roles_can_only_append];
        on_postgres isolation: [serving_role_reaches_one_organization];
        on_postgres availability: [database_may_go_and_come_back];
        each_backend identity: [
            tokens_are_signed_by_the_published_key,
            parallel_refreshes_have_one_winner,
            refresh_rotates_the_tokens,
            sign_out_ends_the_session,
            used_refresh_token_ends_the_family,
            malformed_secrets_are_in_no_answer,
            secrets_are_in_no_answer,
            sign_up_makes_a_user_and_an_organization,
            viewer_lists_the_organizations,
            wrong_credentials_answer_alike,
            taken_email_is_a_user_error,
            parallel_sign_ups_have_one_winner,
            faults_of_sign_up_name_their_fields,
            limits_of_sign_up_are_inclusive,
            weak_passwords_are_refused_with_a_reason,
            what_is_known_of_a_person_is_no_password,
            keyboards_make_no_difference,
            changing_a_password_ends_other_sessions,
            refused_changes_change_nothing,
            parallel_changes_have_one_winner,
            weaker_hashes_are_replaced_at_sign_in,
            unknown_addresses_cost_what_known_ones_do,
            passwords_are_stored_as_hashes,
            a_reset_token_works_once,
            invalid_tokens_are_not_told_apart,
            requests_answer_alike,
            an_account_is_sent_few_letters,
            a_weak_password_leaves_the_token_alone,
            parallel_resets_have_one_winner,
            changing_the_password_voids_the_token,
            tokens_are_stored_as_digests,
            letters_go_through_a_mail_server,
            a_mail_server_may_be_away,
            letters_without_a_mail_server_are_private_files,
            bad_mail_settings_end_the_start,
            sessions_are_listed_newest_use_first,
            sessions_are_paged,
            dead_sessions_are_not_listed,
            sessions_have_an_absolute_and_an_idle_life,
            one_session_is_ended,
            sessions_of_others_are_nothing,
            other_sessions_are_ended_and_counted,
            all_sessions_are_ended_and_counted,
            ended_sessions_end_on_other_servers_too,
        ];
        once identity: [security_events_are_logged];
        each_backend throttle: [
            failures_slow_down_one_account_from_one_address,
            unknown_accounts_are_throttled_like_known_ones,
            an_address_has_its_limit_over_all_accounts,
            strangers_lock_nobody_out,
            changing_a_password_is_throttled_like_signing_in,
            a_reset_forgets_the_failures,
            attempts_at_once_are_no_way_around,
            sign_ups_of_an_address_are_limited,
            taken_addresses_count_as_failures,
            closed_servers_take_no_sign_ups,
            limits_come_from_the_configuration,
            one_attempt_for_each_request,
        ];
        each_backend members: [
            a_new_person_joins_with_an_account,
            a_user_joins_another_organization,
            faults_of_a_new_account_name_their_fields,
            invitations_are_no_credentials,
            tokens_that_open_nothing_answer_alike,
            whoever_has_an_account_signs_in_first,
            a_demoted_admin_cannot_take_it_back,
            levels_are_felt_at_once,
            nobody_raises_the_own_rights,
            the_last_admin_stays_one,
            a_removed_member_is_out_at_once,
            assignments_end_with_the_membership,
            everybody_may_leave,
            who_comes_back_has_a_new_membership,
            founded_organizations_are_like_signed_up_ones,
            organizations_of_an_admin_are_limited,
            an_invitation_is_sent_and_shown_once,
            faults_of_an_invitation_name_their_fields,
            open_invitations_are_limited,
            taken_addresses_are_not_invited,
            invitations_are_for_admins,
            invitations_are_listed_by_state,
            members_are_filtered_and_ordered,
            viewers_are_told_what_they_may_do,
            api_keys_reach_no_member,
            consultants_reach_no_member,
            parallel_acceptances_have_one_winner,
            parallel_demotions_leave_an_admin,
            parallel_departures_leave_an_admin,
            parallel_invitations_have_one_winner,
            resent_invitations_have_a_new_token,
            revoked_invitations_are_over,
        ];
        each_backend roles: [
            archived_roles_are_left_alone,
            archived_roles_come_back,
            lists_are_replaced_whole,
            null_clears_lists,
            omitted_fields_stay_and_null_clears,
            parallel_updates_have_one_winner,
            refused_update_changes_nothing,
            stale_revision_loses_nothing,
            created_role_has_defaults,
            created_role_has_every_field,
            external_id_is_unique_within_the_organization,
            role_is_made_from_a_canonical_role,
            role_is_not_made_from_an_unknown_canonical_role,
            filters_find_and_leave_out,
            refused_filters_say_so,
            every_order_runs_both_ways,
            roles_without_a_score_come_below_all,
            deleting_a_draft_brings_the_version_back,
            draft_changes_after_publishing,
            never_published_role_is_deleted,
            nothing_new_is_not_published,
            published_version_is_immutable,
            versions_are_listed,
            quadrants_follow_stage_and_consequence,
            reference_role_scores_55,
            shares_weigh_the_score,
            set_of_roles_is_made_at_once,
            set_with_a_fault_makes_nothing,
            faults_of_a_task_name_their_fields,
            one_task_is_updated,
            unknown_task_is_not_found,
        ];
        each_backend combinations: [
            assumptions_out_of_range_name_their_field,
            assumptions_within_their_ranges_count,
            ramp_shapes_the_transition,
            roles_take_figures_of_the_case,
            backend_and_data_is_reproduced,
            backend_and_devops_is_reproduced,
            gain_is_made_of_its_parts,
            order_of_roles_does_not_matter,
            tornado_is_reproduced,
            waterfall_adds_up,
            draws_out_of_range_are_refused,
            same_seed_gives_the_same_answer,
            one_or_eleven_roles_are_refused,
            sources_are_named_exactly,
            unknown_roles_are_not_found,
            a_role_may_come_twice,
            drafts_and_versions_differ,
            own_and_canonical_roles_are_mixed,
            own_figures_come_first,
        ];
        each_backend comparison: [
            faithful_copy_differs_in_nothing,
            scores_and_stage_mixes_are_set_side_by_side,
            tasks_are_aligned_and_never_silently,
            skills_are_told_apart_by_their_trend,
            any_canonical_role_may_be_compared_with,
            versions_are_compared_as_they_were,
        ];
        each_backend consultancy: [
            a_letter_brings_the_token,
            grants_to_addresses_tell_nothing_of_accounts,
            tokens_that_do_not_work_answer_alike,
            tokens_work_for_seven_days,
            anonymized_answers_name_nobody,
            anonymized_labels_stay,
            a_client_that_revoked_is_gone,
            api_keys_of_a_firm_compare_its_clients,
            clients_are_compared_with_the_library,
            comparing_costs_the_same_for_each_client,
            families_are_compared,
            faults_of_a_comparison_name_their_field,
            limited_grants_count_what_they_see,
            only_clients_are_compared,
            several_roles_count_by_headcount,
            a_closed_client_lets_nobody_in,
            a_closed_firm_has_no_clients,
            a_grant_ends_with_its_time,
            a_member_who_leaves_has_no_clients,
            ends_are_felt_on_every_replica,
            grants_are_given_back,
            a_grantee_has_one_grant,
            an_organization_has_200_grants,
            ended_grants_stay_ended,
            faults_of_a_grant_name_their_field,
            faults_of_a_renewal_name_their_field,
            firms_are_not_looked_up,
            limits_of_a_grant_are_inclusive,
            a_firm_assigns_its_staff,
            assigning_needs_a_client_and_a_member,
            assignments_outlast_renewals,
            clients_of_a_firm_are_listed,
            lists_of_clients_are_walked,
            interleaved_consultants_never_mix,
            a_grant_to_a_user_lives_and_ends,
            grants_are_listed_by_state,
            pending_grants_are_renewed_with_a_new_token,
            comparisons_are_recorded_with_each_client,
            reads_are_recorded_once_for_each_request,
            unrecorded_answers_do_not_leave,
            writes_name_the_grant_and_the_firm,
            families_hide_all_other_roles,
            limited_writers_stay_within_their_families,
            readers_do_not_write,
            the_widest_grant_counts,
            writers_write_and_administer_nothing,
        ];
        each_backend scenarios: [
            copies_stand_on_their_own,
            deleted_scenarios_are_gone,
            scenarios_are_renamed,
            stale_rename_loses_nothing,
            comparison_of_unknown_scenarios_is_null,
            scenarios_are_compared_side_by_side,
            scenarios_are_filtered,
            scenarios_are_ordered,
            refused_scenarios_leave_nothing,
            saved_scenario_is_read_back,
            simulating_stores_nothing,
            changed_sources_are_told,
            figure_given_later_is_a_change,
            newer_versions_are_told,
            other_changes_are_no_changes,
            roles_in_use_are_not_deleted,
        ];
        each_backend library: [
            shipped_edition_is_there,
            reference_role_has_its_facts,
            combinations_are_suggested,
            canonical_roles_are_filtered,
            canonical_roles_are_ordered,
            unknown_keys_are_null_and_malformed_ones_refused,
            nothing_found_is_an_empty_list,
            refused_searches_say_so,
            search_finds_alternate_titles_and_tasks,
            search_forgives_slips_of_the_pen,
        ];
        each_backend_with_data library: [
            imported_occupations_are_served,
            truncated_files_import_nothing,
            cut_off_gzip_names_its_line,
        ];
        each_backend audit: [
            every_write_leaves_one_entry,
            named_requests_keep_their_name,
            refused_writes_leave_none,
            signing_up_names_the_organization,
            chain_has_no_gap,
            each_organization_has_its_own_chain,
            details_tell_what_changed,
            log_is_filtered,
            log_is_filtered_by_who,
            actors_are_members_as_long_as_they_are,
            actors_cost_the_same_however_many,
            roles_tell_before_and_after,
            scenarios_tell_before_and_after,
        ];
        each_backend paging: [
            cursors_of_other_lists_are_refused,
            foreign_bytes_are_no_cursors,
            sizes_out_of_range_are_refused,
            equal_keys_are_walked_once,
            every_list_is_walked_backward,
            every_list_is_walked_forward,
            last_and_before_meet,
            nothing_is_asked_for,
            roles_made_meanwhile_do_not_disturb,
        ];
        each_backend statements: [
            pages_of_every_size_cost_the_same,
            nodes_of_every_number_cost_the_same,
            scenarios_cost_the_same_however_many,
        ];
        once bad_input: [full_disk_loses_nothing, read_only_file_is_said_at_once];
        each_backend bad_input: [
            identifiers_of_another_kind_are_refused,
            nul_in_a_key_is_no_defect,
            unknown_and_foreign_identifiers_are_the_same_in_mutations,
            unknown_and_foreign_identifiers_are_the_same_in_queries,
            half_of_a_request_is_not_carried_out,
            numbers_beyond_floats_are_refused,
            numbers_out_of_range_name_their_field,
            variables_that_do_not_fit_are_400,
            control_characters_are_refused,
            faults_of_keys_and_pathways_name_their_field,
            long_texts_are_refused,
            strange_texts_survive,
            texts_at_their_limit_are_kept,
            unknown_stage_is_refused,
            shares_must_add_up,
            keys_are_not_taken_twice,
            lists_have_their_limits,
        ];
        each_backend contributing: [
            a_closed_organization_does_not_join,
            admins_join_and_leave,
            leaving_twice_is_refused,
            nobody_but_admins_takes_part,
            two_admins_join_once,
            archived_roles_are_not_sent,
            configurations_of_a_role_are_one,
            limited_consultants_see_no_participation,
            obstacles_say_what_is_missing,
            preview_holds_no_words_of_the_organization,
            preview_is_what_the_roles_say,
            previews_cost_the_same_however_many,
            roles_that_are_left_out_say_why,
            receipts_are_read_back,
            bad_segments_are_refused,
            unverified_segments_are_corrected,
            verified_segments_change_once_in_a_year,
            organizations_are_listed_as_they_stand,
            verification_is_ended_and_never_overwritten,
            verifying_needs_a_segment,
        ];
        each_backend snapshots: [
            erased_organizations_are_not_known_to_the_builder,
            firms_and_former_consultants_are_partners,
            receipts_say_what_was_given,
            roles_of_two_persons_leave_no_row,
            twelve_tenants_in_nine_groups_count_nine_times,
            who_leaves_is_taken_out_of_a_draft,
        ];
        each_backend releases: [
            contributions_become_a_release,
            published_tables_do_not_change,
            release_commands_say_what_is_wrong,
            builders_refuse_other_roles,
            killed_builders_go_on,
            one_builder_works_at_a_time,
        ];
        each_backend benchmark: [
            every_level_is_read,
            detail_grows_with_the_count,
            a_fallback_is_labelled,
            withheld_has_one_answer,
            a_viewer_of_too_many_contributors_sees_nothing,
            a_colleague_sees_no_more,
            access_counts_for_24_months,
            a_key_sees_what_its_organization_sees,
            you_are_included,
            without_the_builder_nothing_is_shown,
            only_the_verified_see_segments,
            only_benchmark_keys_read,
            there_are_no_other_filters,
            releases_tell_how_they_were_made,
            a_retracted_release_answers_nothing,
            a_role_has_its_place,
            trends_are_differences_of_what_is_shown,
            combinations_have_a_benchmark,
            a_page_of_benchmarks_costs_the_same_whatever_its_size,
            withheld_costs_what_is_shown,
            one_cell_has_one_answer,
            every_read_is_logged,
        ];
        each_backend disclosure: [
            t01_small_counts,
            t03_one_owner_with_many_tenants,
            t13_the_same_question_again,
            t14_building_again,
            t15_other_filters,
            t16_clients_after_the_publication,
            t17_partners_at_the_snapshot,
            t20_an_oracle_beside_the_answer,
            t22_sybils_do_not_count,
            t24_persons_are_not_sent,
            t25_what_was_published_stands,
            t26_the_ledger_is_calibrated,
            t27_words_of_tenants,
            t02_dominance,
            t18_homogeneity,
            t19_quantiles,
            t23_poisoning,
            t06_parents_less_children,
            t07_near_duplicates,
            t08_t10_one_at_a_time,
            t09_withdrawal,
            t11_forced_refreshes,
            t28_segment_hopping,
            t29_trends,
        ];
        on_postgres disclosure: [t25_the_roles_of_the_server];
    }
    suite.run()
}
