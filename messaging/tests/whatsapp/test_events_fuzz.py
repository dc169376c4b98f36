"""Callbacks of any shape, and those of the vectors with parts taken out, replaced, wrapped or multiplied."""

import copy
import dataclasses
import json
import math

from hypothesis import given, settings
from hypothesis import strategies as st

from messaging.tests.whatsapp import vectors
from messaging.tests.whatsapp.callbacks import callback, events

VECTORS = [vectors.load(name) for name in vectors.of_kind("webhook") if not name.startswith("calls")]
LISTS = ("statuses", "messages", "user_preferences", "user_id_update", "user_actions")


def keys_of(node):
    if isinstance(node, dict):
        return set(node).union(*map(keys_of, node.values()))
    return set().union(*map(keys_of, node)) if isinstance(node, list) else set()


KEYS = st.sampled_from(sorted(set().union(*map(keys_of, VECTORS))))
WORDS = ["messages", "sent", "failed", "text", "contacts", "edit", "system", "user_changed_number", "stop"]
ODD = ["1795400100", "NP.1", "9779841200101", "a\x00b", "\ud83d", "-1", "TIER_2K", "", " "]
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(WORDS + ODD)
    | st.just(10**400)
)
JUNK = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


def objects(values):
    """The objects of a list that hold something, and whether there is anything else in it."""
    given_ = values if isinstance(values, list) else [values]
    found = [each for each in given_ if isinstance(each, dict) and each]
    return found, any(each is not None and not (isinstance(each, dict) and each) for each in given_)


def least(payload):
    """How many events a callback has to give: one for each item of each list, one for any other change."""
    entries, has_junk = objects(payload.get("entry"))
    is_whatsapp = payload.get("object") == "whatsapp_business_account"
    return sum(_of_entry(entry, is_whatsapp) for entry in entries) + bool(entries and has_junk)


def _of_entry(entry, is_whatsapp):
    changes, has_junk = objects(entry["changes"]) if "changes" in entry else ([], True)
    return sum(_of_change(change, is_whatsapp) for change in changes) + has_junk


def _of_change(change, is_whatsapp):
    values, _ = objects(change.get("value"))
    return sum(_of_value(value) if is_whatsapp else 1 for value in values) or 1


def _of_value(value):
    if not any(key in value for key in LISTS):
        return 1
    lists = [objects(value[key]) for key in (*LISTS, "errors") if key in value]
    return sum(len(found) + has_junk for found, has_junk in lists) or 1


def mutate(draw, payload):
    """Change one node somewhere in it."""
    node = payload
    while True:
        key = draw(st.sampled_from(list(node) if isinstance(node, dict) else list(range(len(node)))))
        child = node[key]
        if not isinstance(child, dict | list) or not child or draw(st.integers(0, 4)) == 0:
            break
        node = child
    match draw(st.sampled_from(["drop", "junk", "list", "object", "text", "twice", "more"])):
        case "drop":
            del node[key]
        case "junk":
            node[key] = draw(JUNK)
        case "list":
            node[key] = [child]
        case "object":
            node[key] = {draw(KEYS): child}
        case "text":
            node[key] = json.dumps(child)
        case "twice":
            node[key] = [child, copy.deepcopy(child)]
        case "more" if isinstance(node, dict):
            node[draw(KEYS)] = draw(JUNK)


@st.composite
def mutated(draw):
    payload = copy.deepcopy(draw(st.sampled_from(VECTORS)))
    for _ in range(draw(st.integers(1, 5))):
        if payload:
            mutate(draw, payload)
    return payload


def storable(value):
    """Whether PostgreSQL can keep it: neither NUL, nor half a surrogate pair, nor what is no number."""
    match value:
        case dict():
            return all(map(storable, value)) and all(map(storable, value.values()))
        case list() | tuple():
            return all(map(storable, value))
        case str():
            return "\x00" not in value and not any("\ud800" <= character <= "\udfff" for character in value)
        case float():
            return math.isfinite(value)
    return True


@given(JUNK)
@settings(max_examples=300, deadline=None)
def test_no_junk_raises(payload):
    events(payload)
    events({"entry": [{"changes": [{"field": "messages", "value": payload}]}]})
    events(callback(messages=payload, statuses=payload, contacts=payload))


@given(JUNK, st.sampled_from(vectors.of_kind("webhook")))
@settings(max_examples=200, deadline=None)
def test_no_junk_raises_in_any_field(junk, name):
    for entry in vectors.load(name)["entry"]:
        for change in entry["changes"]:
            for key in change["value"]:
                payload = callback(change["field"], **change["value"] | {key: junk})
                assert all(storable(dataclasses.asdict(event)) for event in events(payload))


@given(mutated())
@settings(max_examples=600, deadline=None)
def test_of_a_spoilt_callback_nothing_is_lost_and_all_can_be_stored(payload):
    told = events(payload)

    assert len(told) >= least(payload)
    assert all(storable(dataclasses.asdict(event)) for event in told)
