"""What the wire's own tests say of a room holds when its people are on two nodes: lobby, lease, return, chat, interplay, calls.

These are the tests in which somebody hears what somebody else did; what only one person is answered is the same on any node.
"""

# ruff: noqa: F401
from __future__ import annotations

from wire.test_admission import (
    test_a_fresh_invitation_brings_back_who_was_removed,
    test_a_link_on_a_second_device_is_flagged_and_its_place_restored_when_the_rep_says_so,
    test_a_locked_lobby_takes_nobody_new,
    test_who_is_let_in_while_their_page_is_joining_hears_the_room,
    test_who_was_removed_does_not_come_back_by_the_same_link,
)
from wire.test_calls import (
    test_a_call_is_seen_by_all_in_the_room_and_its_people_by_those_in_it_and_the_rep,
    test_a_line_that_is_cut_keeps_its_place_until_patience_ends,
    test_a_second_page_of_the_same_person_takes_the_call_over,
    test_hanging_up_leaves_the_others_in_the_call,
    test_the_end_of_the_session_is_the_end_of_the_call,
    test_the_fifth_person_is_told_that_the_call_is_full,
    test_what_one_browser_says_reaches_the_one_it_is_for_alone,
    test_who_is_removed_leaves_the_call_at_once,
    test_who_joins_is_seen_with_microphone_and_camera_and_each_change_of_them,
)
from wire.test_catching_up import (
    test_a_replayed_fact_is_the_fact_that_was_sent,
    test_in_the_lobby_nothing_of_the_room_is_heard,
    test_who_comes_back_gets_exactly_what_they_missed,
    test_who_is_let_in_learns_at_once_that_there_is_a_room_to_follow,
    test_who_is_turned_away_hears_nothing_and_does_not_come_back_by_the_same_link,
    test_who_was_away_for_long_starts_from_a_snapshot,
)
from wire.test_chat import (
    test_an_hcps_words_reach_the_rep_once_they_were_read,
    test_nobody_writes_from_the_lobby_nor_after_the_end,
    test_the_rep_writes_to_everyone_in_their_own_name,
    test_what_is_medicals_to_answer_stays_behind_the_wall,
    test_what_the_rep_writes_to_one_nobody_else_hears,
)
from wire.test_interplay import (
    test_a_document_withdrawn_after_the_offer_is_not_there,
    test_a_raised_hand_reaches_the_rep_who_can_take_it_down,
    test_a_shown_result_counts_everyone_once_and_closes_the_question,
    test_an_answer_can_be_changed_and_taken_back_until_the_question_is_closed,
    test_another_question_closes_the_one_before,
    test_hands_stand_in_the_order_in_which_they_went_up,
)
from wire.test_lease import (
    test_a_pointer_that_moves_too_often_is_thinned_out,
    test_a_screen_does_not_claim_a_lease_that_has_moved_on,
    test_a_slide_held_up_on_its_way_changes_nothing_once_somebody_else_presents,
    test_a_take_over_sent_twice_is_one_take_over,
    test_of_two_screens_that_take_over_at_once_one_presents,
    test_screens_learn_whether_the_one_that_presents_is_connected,
    test_the_lease_goes_to_the_msl_and_back_in_one_act_each,
    test_the_pointer_is_seen_where_it_points_and_only_the_presenters,
    test_when_the_msl_leaves_the_rep_presents_again,
    test_while_the_msl_presents_the_rep_does_not_until_they_take_over,
)
