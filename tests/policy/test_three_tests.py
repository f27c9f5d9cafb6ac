"""Each action has its three tests: it works and is recorded, it is refused, it is undone with its event.

The tables of scenarios are run by the rooms' own tests; here they are compared with the actions there are. An
action is a public function of `<room>/actions` that is told who acts: `by`.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.accounts import test_actions as accounts
from tests.cases import test_actions
from tests.evidence import test_actions as evidence
from tests.exports import test_actions as exports
from tests.findings import test_findings as findings

ROOT = Path(__file__).resolve().parents[2]
TABLES = {
    "accounts": [one.name for one in accounts.DEEDS],
    "cases": [one.name for one in test_actions.SCENARIOS],
    "evidence": [one.name for one in evidence.SCENARIOS],
    "exports": [one.name for one in exports.SCENARIOS],
    "findings": [one.name for one in findings.SCENARIOS],
}
# Actions that stand in no table, and why: steps of others, which are there, or what has tests of its own.
BESIDE = {
    "accounts": {
        "answer_drill": "test_drills.py",
        "drill_paper": "reads",
        "enter_directory": "hand_in_directory without a page",
        "end_all_sessions": "a step of closing an account and of a reset",
        "end_asked_repair": "a step of lock_case; test_locked_guards.py in tests/cases",
        "end_other_sessions": "one's own; test_actions.py beside the table",
        "hand_in_repair": "test_repairing.py in tests/cases",
        "help_paper": "reads",
        "make_link": "a step of inviting and of a reset",
        "new_person": "a step of inviting",
        "repair_paper": "reads",
        "read_alarm": "changes no row of the room; test_drills.py",
    },
    "cases": {
        "accounts_that_name": "reads",
        "add_to_identity": "test_identities.py",
        "answer_reopening": "test_locking.py",
        "ask_for_handover": "a step of ask_handover in exports",
        "ask_paper": "reads",
        "body_paper": "changes no row of the room; test_break_glass.py",
        "bring_answer": "test_break_glass.py",
        "decide_request": "test_unsealing.py",
        "drop_draft": "a draft is no event; test_drafts.py",
        "end_unguarded": "a step of change_witness_who_is_a_minor",
        "end_watch": "test_identity_pages.py",
        "fetch_answer": "test_unsealing.py",
        "find_draft": "reads",
        "grant": "a step of adding, changing and opening",
        "insert": "a step of every record_",
        "keep_draft": "a draft is no event; test_drafts.py",
        "made_before": "reads",
        "move": "a step of every testimony's and review's",
        "needs_agreement": "reads",
        "needs_clearance": "reads",
        "needs_no_repetition": "reads",
        "needs_specialists": "reads",
        "note_agreement": "a draft is no event; test_intake_keeping.py",
        "numbers_of": "reads",
        "places_that_name": "reads",
        "open_case": "no case to be refused in; test_opening.py",
        "pseudonyms": "reads",
        "read_draft": "reads",
        "read_report": "changes no row; test_sessions.py",
        "reopen_case": "test_locking.py",
        "reopening_paper": "reads",
        "rewrite": "a step of every change_",
        "said_again": "reads",
        "saved_views": "reads",
        "seal_identity": "test_identities.py",
        "set_aside": "what the sweep does with a forged session; test_sessions.py",
        "show_identity": "test_unsealing.py",
        "step": "a step of consents, accounts and moves",
        "streams": "reads",
        "texts": "reads",
        "trace": "a step of every record_ and change_",
        "watch_names": "a step of the identity page; test_identity_pages.py",
        "withdraw_all": "a step of move_witness_who_withdraws",
    },
    "evidence": {
        "append_custody": "a step of nearly all of them",
        "ask_again": "reads",
        "begin_anew": "a step of change_item; test_decided.py",
        "close_alert": "a step of answer_alert and set_aside",
        "is_done": "reads",
        "open_source": "a step of keep_made and note_outcome",
        "drop_turn": "the step of drop_upload for a turn that is still one's own; test_tus.py",
        "fail_stored": "a step of note_damage and of every run",
        "leave_turn": "a turn is no event; test_uploads.py",
        "note_settled": "a turn is no event; test_uploads.py",
        "open_received": "a step of note_hashed",
        "print_custody_sheet": "changes no row of the room; test_sheet.py",
        "release_sound": "release_by_hashing, release_by_setting_aside, answer_the_last_alert",
        "reopen_for_file": "reopen_by_a_new_file",
        "reopen_for_loss": "reopen_by_setting_aside",
        "take_report": "changes no row of the room; test_integrity_report.py",
        "take_turn": "a turn is no event; test_uploads.py",
    },
    "exports": {
        "check_erasable": "reads",
        "go_on_for_officer": "reads",
        "go_on_for_recipient": "reads",
        "preview": "reads",
    },
    "findings": {"usable": "reads"},
}


def _actions(room: str) -> Iterator[str]:
    for path in sorted((ROOT / room / "actions").glob("*.py")):
        functions = (node for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef))
        for one in functions:
            if not one.name.startswith("_") and "by" in {argument.arg for argument in one.args.kwonlyargs}:
                yield one.name


@pytest.mark.parametrize("room", TABLES)
def test_every_action_has_its_three_tests(room: str) -> None:
    found = set(_actions(room))
    assert found & set(TABLES[room])
    assert found - set(TABLES[room]) == set(BESIDE[room])
