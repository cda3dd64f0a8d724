//! What an agent does in CXConnect, in a real Chromium, against the sandbox. `cargo xtask test e2e` runs all of it;
//! `cargo xtask` builds the app first, so these tests drive exactly what is shipped.

mod after;
mod bad_files;
mod before;
mod control;
mod corrections;
mod export;
mod failures;
mod installation;
mod integrations;
mod keeping;
mod kills;
mod ledger;
mod left_out;
mod mapping;
mod media;
mod outcomes;
mod parts;
mod positions;
mod reading;
mod resume;
mod retention;
mod review;
mod scale;
mod screens;
mod secrecy;
mod seed;
mod stops;
mod storms;
mod support;
mod takeover;
mod team;
mod ticket;
mod ticket_doubts;
mod whole;

use std::process::ExitCode;

use cxconnect_tests::journeys;

#[expect(clippy::too_many_lines, reason = "a list of all journeys")]
fn main() -> ExitCode {
    // Those that wait longest begin first.
    cxconnect_tests::runner::run(&journeys![
        retention::a_number_is_forgotten_everywhere_it_can_be,
        retention::plans_that_nobody_needs_go_and_those_that_stay_are_named,
        kills::with_slow_answers_nobody_gets_two_messages,
        kills::with_a_provider_in_trouble_nobody_gets_two_messages,
        kills::with_fast_answers_nobody_gets_two_messages,
        ledger::without_the_ledger_a_batch_waits_and_goes_on_by_itself,
        takeover::of_two_who_take_over_at_once_one_has_it,
        ledger::a_batch_and_its_messages_are_in_the_ledger_when_it_ends,
        ledger::who_may_not_write_in_the_ledger_sends_nothing_and_is_told,
        ledger::an_account_without_the_objects_sends_as_before,
        ledger::a_record_that_goes_missing_in_mid_batch_stops_it,
        ledger::who_may_not_write_messages_records_sends_nothing,
        ledger::jobs_that_fail_are_written_again_and_change_nothing_twice,
        ledger::a_batch_that_is_resumed_is_in_the_ledger_once,
        installation::what_was_not_created_is_created_and_sending_is_recorded,
        installation::objects_without_fields_are_mended_from_the_batch_that_waits,
        installation::single_faults_are_mended_and_what_is_not_ours_stays,
        installation::what_cannot_be_mended_is_said,
        installation::a_role_without_permission_gets_it_and_sends,
        installation::a_repair_that_is_refused_says_what_and_can_be_repeated,
        integrations::a_webhook_is_made_called_and_switched_off,
        integrations::a_test_is_sent_and_what_became_of_it_is_said,
        integrations::no_more_webhooks_are_active_than_the_plan_allows,
        integrations::what_positions_say_holds_for_webhooks_too,
        integrations::a_relay_that_does_not_answer_or_refuses_is_said,
        integrations::without_a_relay_the_page_says_how_to_get_one,
        positions::templates_show_where_an_admin_says_for_everybody,
        positions::two_admins_at_once_lose_nothing_without_a_word,
        positions::an_open_page_sends_nothing_of_a_template_that_was_moved,
        positions::a_refused_write_is_said_and_changes_nothing,
        positions::templates_that_are_gone_keep_their_row_and_pages_turn,
        retention::old_messages_are_counted_and_removed_and_batches_keep_their_figures,
        retention::a_removal_survives_lost_jobs_and_says_what_it_cannot_do,
        retention::a_removal_that_is_stopped_stops,
        takeover::a_batch_whose_browser_died_goes_on_in_another,
        takeover::who_has_lost_a_batch_sends_nothing_more_of_it,
        takeover::who_comes_back_can_take_the_batch_back,
        takeover::what_a_closed_page_left_unrecorded_is_recorded_by_the_next,
        team::a_batch_of_somebody_else_is_seen_live_in_the_logs,
        team::without_the_record_the_panel_says_what_it_counts,
        team::who_may_not_read_the_record_is_told_and_waits_for_nothing,
        team::the_panel_counts_what_all_agents_send,
        team::the_package_blocks_by_what_the_team_has_sent,
        export::a_file_of_messages_survives_faults_and_is_whole,
        team::statistics_are_filtered_counted_and_saved,
        team::a_batch_page_has_both_tables_and_the_way_to_what_can_be_done,
        team::the_subscription_says_what_each_period_used,
        team::of_a_large_record_the_first_rows_need_few_requests,
        storms::calls_that_hang_hold_nobody_up_and_are_never_resent,
        outcomes::a_message_of_unknown_outcome_is_shown_and_never_resent,
        failures::zendesk_that_does_not_answer_is_said_and_a_late_answer_is_taken,
        scale::of_ten_thousand_rows_only_those_in_view_are_in_the_page,
        scale::of_a_large_file_the_bar_moves_and_cancelar_ends_the_check,
        scale::a_reading_that_is_cancelled_leaves_what_was_mended,
        seed::every_template_can_be_sent_with_its_own_format,
        seed::the_sample_files_do_what_they_say,
        seed::the_other_ways_to_sunshine_conversations_work,
        reading::every_way_of_saving_reads_the_same,
        reading::how_it_was_read_can_be_changed_on_the_spot_and_back,
        reading::a_choice_that_leads_nowhere_leaves_the_way_back_and_what_was_mended,
        reading::of_a_workbook_the_sheet_and_its_header_row_are_chosen,
        reading::the_format_in_excel_is_a_workbook_whose_example_is_noticed,
        review::a_phone_is_mended_in_place_and_the_right_person_is_reached,
        review::the_keyboard_goes_on_after_a_cell_was_mended,
        review::a_value_with_a_line_break_can_be_seen_and_mended,
        review::country_codes_are_accepted_one_by_one_or_all_at_once,
        review::duplicates_are_left_out_and_named_with_the_first_row,
        review::duplicates_are_sent_if_the_agent_says_so,
        review::when_the_first_row_is_mended_its_duplicate_goes,
        left_out::opt_outs_and_marketing_to_the_united_states_are_left_out,
        left_out::where_nobody_is_left_the_review_says_why,
        left_out::problems_of_every_weight_are_told_apart_and_filtered,
        left_out::all_of_three_thousand_problems_are_in_the_list,
        mapping::header_names_that_differ_are_matched,
        mapping::what_nothing_fills_blocks_until_it_is_chosen_and_is_kept,
        mapping::one_value_can_fill_a_place_in_all_rows,
        mapping::the_phones_column_can_be_changed,
        corrections::rows_are_mended_elsewhere_and_replace_the_original_ones,
        corrections::a_workbook_is_mended_by_a_workbook,
        corrections::a_file_that_is_not_that_of_the_rows_with_problems_changes_nothing,
        corrections::good_rows_go_while_the_others_wait,
        media::an_image_that_cannot_be_opened_warns_and_goes,
        media::images_that_are_too_large_are_told,
        media::an_image_that_is_named_later_is_looked_at_too,
        media::an_address_of_the_wrong_sort_is_an_error_with_its_reason,
        whole::an_agent_sends_a_file_and_sees_what_became_of_each_row,
        whole::a_dropped_file_with_accents_arrives_as_it_is,
        whole::a_template_looks_as_in_whatsapp,
        whole::the_number_of_the_settings_is_chosen_first,
        bad_files::every_problem_says_where_why_and_what_to_do,
        bad_files::each_file_that_is_no_table_has_its_own_message,
        outcomes::a_refused_message_is_explained_and_the_others_go,
        outcomes::an_outage_pauses_and_leaves_the_rest_for_later,
        outcomes::a_refusal_that_zendesk_resolves_is_a_refusal_too,
        outcomes::a_429_delays_messages_and_loses_or_repeats_none,
        stops::a_401_while_sending_pauses_the_batch_and_names_the_setting,
        stops::a_402_while_sending_pauses_the_batch,
        stops::a_403_while_sending_pauses_the_batch_and_names_the_setting,
        stops::a_401_while_loading_can_be_tried_again,
        stops::what_else_may_come_instead_of_the_lists_is_told_apart,
        stops::a_template_that_vanished_is_not_sent,
        stops::a_template_that_was_paused_is_not_sent,
        control::paused_resumed_and_cancelled_the_figures_add_up,
        control::as_many_calls_at_once_as_the_rate_needs,
        control::continuar_pressed_twice_sends_once,
        control::pausar_counts_before_the_first_message,
        control::a_second_registration_sends_nothing_twice,
        resume::after_a_reload_the_batch_is_there_and_goes_on,
        resume::after_its_tab_was_closed_the_batch_goes_on_in_another,
        resume::of_two_tabs_one_sends_and_the_other_looks_on,
        resume::what_is_left_of_a_batch_can_be_cancelled_from_the_list,
        resume::a_slow_database_is_said_and_asked_again,
        resume::a_hidden_tab_goes_on_sending,
        resume::leaving_a_running_batch_is_asked_about,
        keeping::without_locks_two_tabs_never_send_the_same,
        keeping::what_is_kept_and_cannot_be_read_is_said_and_stays,
        keeping::who_the_agent_is_must_be_known_before_anything_leaves,
        keeping::a_head_that_may_be_kept_is_waited_for,
        keeping::a_batch_that_is_not_reserved_is_not_sent,
        storms::a_storm_of_429_delays_the_batch_and_loses_nothing,
        storms::a_burst_of_5xx_pauses_and_leaves_doubts_that_are_never_resent,
        storms::html_and_cut_connections_are_doubts,
        storms::a_clock_that_jumps_changes_nothing,
        storms::a_run_of_failures_pauses_the_batch,
        storms::a_template_that_is_paused_in_mid_batch_pauses_the_batch,
        storms::an_account_that_is_locked_in_mid_batch_pauses_the_batch,
        storms::the_same_number_waits_and_the_others_go_on,
        before::a_test_goes_to_the_number_that_was_typed_and_nowhere_else,
        before::the_same_content_on_the_same_day_needs_a_second_word,
        before::metas_limit_of_people_in_a_day_is_kept,
        before::metas_limit_is_counted_anew_when_continuar_is_pressed,
        before::metas_limit_holds_without_a_journal_too,
        before::going_back_while_it_is_prepared_sends_nothing,
        before::a_retry_of_what_is_not_kept_asks_first,
        before::where_nothing_can_be_kept_the_agent_chooses,
        after::results_are_filtered_searched_and_saved,
        after::rows_in_doubt_are_decided_by_the_agent,
        after::refused_messages_are_tried_again_where_that_helps,
        after::what_never_left_a_cancelled_batch_can_be_sent_after_all,
        after::the_end_is_told_outside_the_app,
        after::a_stop_is_told_outside_the_app,
        after::leaving_the_results_while_they_are_written_harms_nothing,
        secrecy::the_secret_never_reaches_the_browser,
        secrecy::the_file_stays_here_until_continuar,
        failures::a_panic_shows_the_reload_screen_and_nothing_is_sent_after_it,
        failures::a_crash_of_the_page_blocks_what_the_app_still_tries_to_send,
        failures::a_dead_webassembly_shows_the_reload_screen,
        failures::a_blocked_sdk_is_said,
        failures::the_page_alone_says_to_open_it_in_zendesk,
        failures::a_policy_that_forbids_webassembly_is_said,
        failures::settings_that_cannot_be_used_are_named,
        parts::a_part_that_does_not_arrive_is_said_and_asked_for_again,
        scale::a_batch_larger_than_the_package_cannot_be_sent,
        screens::an_agent_in_english_sees_english,
        screens::the_review_in_english_is_english,
        screens::the_colours_follow_zendesk,
        screens::each_tab_shows_its_page_below_the_panel,
        support::help_is_read_and_errors_are_found_by_code_and_by_text,
        support::without_its_pages_support_still_explains_errors,
        ticket::who_may_not_write_the_teams_record_is_told_in_the_ticket,
        ticket::a_message_reaches_the_tickets_requester_once,
        ticket::the_sidebar_is_as_high_as_what_it_shows,
        ticket::without_a_phone_there_is_nobody_to_send_to,
        ticket::a_phone_without_country_code_is_said_and_can_be_accepted,
        ticket::a_value_that_breaks_a_rule_is_not_sent,
        ticket::a_refusal_and_a_doubt_are_explained_and_the_agent_decides,
        ticket::boxes_and_values_agree_when_another_template_is_chosen,
        ticket::of_one_message_nothing_is_said_in_a_files_words,
        ticket_doubts::it_is_shown_and_can_be_marked_as_sent,
        ticket_doubts::it_can_be_sent_again_which_is_asked_about,
        ticket_doubts::a_doubt_of_a_batch_is_shown_in_its_persons_ticket,
        ticket_doubts::another_message_to_the_same_person_is_asked_about,
        ticket_doubts::what_has_nothing_to_resume_is_only_decided,
        ticket::an_accepted_number_is_only_its_own_requesters,
        ticket::what_became_of_a_message_stays_when_the_requester_changes,
        ticket::what_changes_while_the_template_is_checked_is_not_sent,
        ticket::a_message_beyond_metas_limit_is_not_sent,
        screens::each_step_is_seen_from_its_top_and_has_the_keyboard,
        screens::the_keyboard_is_enough,
    ])
}
