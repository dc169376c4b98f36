import pickle

import pytest
from django.utils import translation

from messaging.whatsapp.errors import (
    Action,
    NotSent,
    Rejected,
    Retryable,
    Unanswered,
    WhatsAppError,
    explain,
    judge,
    verdict_for,
)

RETRY, PAUSE, STOP = Action.RETRY, Action.PAUSE_NUMBER, Action.STOP_ANNOUNCEMENT
CONTACT, FINAL, BUG = Action.MARK_CONTACT, Action.UNDELIVERABLE, Action.OUR_BUG
# Meta's list of error codes, each with what is to be done about it.
CODES = {
    **dict.fromkeys([0, 3, 10, 33, 190, *range(200, 300), 368], PAUSE),
    **dict.fromkeys([2, 131016, 131057, 133004, 134101, 139102, 2494100], RETRY),
    **dict.fromkeys([1, 131000, 131014, 131053], Action.RETRY_BRIEFLY),
    **dict.fromkeys([4, 613, 80007], Action.SLOW_APP),
    130429: Action.SLOW_NUMBER,
    131056: Action.SLOW_PAIR,
    **dict.fromkeys([131005, 131031, 131037, 131042, 131044, 131045, 131048, 133000, 133005, 133006], PAUSE),
    **dict.fromkeys([133008, 133009, 133010, 133015, 133016, 134011, 141002, 141006], PAUSE),
    **dict.fromkeys([2388001, 2388012, 2388091, 2388093, 2388103], PAUSE),
    **dict.fromkeys([131063, 131064, 132000, 132001, 132007, 132008, 132012, 132015, 132016, 139200], STOP),
    **dict.fromkeys([2388019, 2388024, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299], STOP),
    **dict.fromkeys([130497, 131021, 131026, 131050, 137000], CONTACT),
    **dict.fromkeys([130472, 131030, 131047, 131049, 131051, 131052, 131062], FINAL),
    **dict.fromkeys([100, 131008, 131009, 131020, 131041, 131055, 131059, 131061], BUG),
    **dict.fromkeys([*range(131201, 131216), 132005, 132018, 132021, 132068, 132069, 134100, 134102], BUG),
    **dict.fromkeys([135000, *range(138000, 138019), *range(139000, 139005), 139100, 139101, 139103], BUG),
    **dict.fromkeys([*range(147001, 147006), *range(200005, 200008), 1752041], BUG),
    **dict.fromkeys([2593079, 2593085, 2593107, 2593108], BUG),
}


def test_every_code_of_metas_list_has_its_action():
    assert {code: verdict_for(code).action for code in CODES} == CODES


def test_every_code_is_explained_in_a_sentence_or_two():
    with translation.override("en"):
        words = {code: explain(code) for code in CODES}

    assert [code for code, text in words.items() if not 30 < len(text) < 130 or text[-1] != "."] == []


def test_what_has_no_words_of_its_own_names_its_code():
    with translation.override("en"):
        assert explain(777) == (
            "WhatsApp refused the message with code 777. If it happens again, tell the operator."
        )
        assert explain(None) == "WhatsApp could not take the message. If this goes on, tell the operator."


@pytest.mark.parametrize(
    ("status", "error", "kind", "action", "code"),
    [
        (400, {"code": "131026"}, Rejected, CONTACT, 131026),
        (400, {"code": 100}, Rejected, BUG, 100),
        (400, {"code": 100, "error_subcode": 33}, Retryable, PAUSE, 33),
        (400, {"code": 100, "error_subcode": 2388024}, Rejected, STOP, 2388024),
        (400, {"code": 100, "type": "GraphMethodException"}, Retryable, PAUSE, 100),
        (503, {"code": 131026}, Rejected, CONTACT, 131026),
        (503, {"code": 777}, Retryable, RETRY, 777),
        (400, {"code": 777}, Rejected, BUG, 777),
        (400, {"code": 777, "is_transient": "yes"}, Rejected, BUG, 777),
        (401, {"code": 10**30}, Retryable, PAUSE, None),
        (400, {"code": True}, Rejected, BUG, None),
        (400, "oops", Rejected, BUG, None),
        (403, None, Retryable, PAUSE, None),
        (408, None, Retryable, RETRY, None),
        (500, {}, Unanswered, Action.AWAIT_RECEIPT, None),
    ],
)
def test_an_answer_is_judged_by_its_code_and_without_one_by_its_status(status, error, kind, action, code):
    judged = judge(status, {"error": error})

    assert (type(judged), judged.action, judged.code, judged.http_status) == (kind, action, code, status)


@pytest.mark.parametrize("body", [None, [], "x", 3, {"error": []}])
def test_nonsense_is_judged_by_its_status(body):
    assert judge(429, body).action == Action.SLOW_NUMBER


def test_texts_of_meta_are_kept_short_and_storable():
    error = judge(400, {"error": {"code": 1, "message": "m\x00" * 999, "error_data": {"details": "d" * 999}}})

    assert (len(error.message), len(error.details), "\x00" in error.message) == (300, 500, False)


@pytest.mark.parametrize("error", [NotSent("a"), Unanswered("b", 502), judge(400, {"error": {"code": 190}})])
def test_errors_survive_a_queue(error):
    again = pickle.loads(pickle.dumps(error))

    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))


def test_an_error_is_retryable_rejected_or_unanswered():
    assert (NotSent.__bases__, Unanswered.__bases__) == ((Retryable,), (WhatsAppError,))
