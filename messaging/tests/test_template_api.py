"""What goes to Meta about templates, and what its list means."""

import pytest
import responses

from messaging.tests.wire import vector
from messaging.whatsapp import template_api
from messaging.whatsapp.errors import Unanswered
from messaging.whatsapp.graph import Graph
from messaging.whatsapp.template_api import Contents

LIST = "http://127.0.0.1:1/v26.0/2/message_templates"


@pytest.fixture
def graph():
    graph = Graph(api_url="http://127.0.0.1:1", api_version="v26.0", access_token="stand-in-token")
    yield graph
    graph.close()


@pytest.fixture
def meta():
    with responses.RequestsMock() as meta:
        yield meta


def goes_on(page, after):
    return page | {"paging": {"cursors": {"after": after}, "next": "https://graph.facebook.com/elsewhere"}}


def test_templates_are_read_to_the_last_page(graph, meta):
    page = vector("resp_templates_list")
    meta.get(LIST, json=goes_on(page, "MjQZD"))
    meta.get(LIST, json=page)

    templates = template_api.list_all(graph, "2")

    assert [template["name"] for template in templates] == ["absence_alert_v2"] * 2
    assert [call.request.params.get("after") for call in meta.calls] == [None, "MjQZD"]


def test_an_account_without_templates_has_none(graph, meta):
    meta.get(LIST, json={"data": []})

    assert template_api.list_all(graph, "2") == []


def test_pages_that_go_in_circles_end(graph, meta):
    meta.get(LIST, json=goes_on(vector("resp_templates_list"), "MjQZD"))

    assert len(template_api.list_all(graph, "2")) == 2


def test_a_list_without_an_end_is_given_up(graph, meta, monkeypatch):
    monkeypatch.setattr(template_api, "PAGES_LIMIT", 2)
    for after in ("a", "b"):
        meta.get(LIST, json=goes_on(vector("resp_templates_list"), after))

    with pytest.raises(Unanswered, match="no end"):
        template_api.list_all(graph, "2")


def test_a_template_of_the_list_is_read_with_its_texts_and_buttons():
    listed = template_api.listed(vector("resp_templates_list")["data"][0])

    assert (listed.name, listed.language, listed.template_id) == (
        "absence_alert_v2",
        "en",
        "1689556908129832",
    )
    assert (listed.status, listed.category, listed.quality) == ("APPROVED", "UTILITY", "GREEN")
    assert listed.contents == Contents(
        header="",
        body="Dear {{1}}, {{2}} was marked absent on {{3}}. Please reply if you have a question.",
        footer="Himal Secondary School",
        buttons=("Received",),
    )
    assert listed.contents.num_variables == 3


@pytest.mark.parametrize(
    "components",
    [
        [{"type": "HEADER", "format": "IMAGE"}, {"type": "BODY", "text": "Hello {{1}} there."}],
        [{"type": "HEADER", "format": "TEXT", "text": "For {{1}}"}, {"type": "BODY", "text": "Hello there."}],
        [{"type": "BODY", "text": "Hi."}, {"type": "BUTTONS", "buttons": [{"type": "URL", "text": "Pay"}]}],
        [{"type": "BODY", "text": "Hello {{name}} there."}],
    ],
)
def test_a_template_that_wants_more_than_numbered_texts_cannot_be_filled_in(components):
    contents = template_api.contents({"components": components})

    assert contents.num_variables is None


@pytest.mark.parametrize(
    "entry", [{}, {"name": "notice"}, {"language": "en"}, {"name": ["notice"], "language": {"code": "en"}}]
)
def test_what_has_no_name_or_language_is_no_template(entry):
    assert template_api.listed(entry) is None


def test_a_hyphen_in_the_language_and_other_shapes_are_understood():
    odd = {"name": "notice", "language": "en-us", "id": 17, "components": "none", "quality_score": "GREEN"}

    listed = template_api.listed(odd)

    assert (listed.language, listed.template_id, listed.quality) == ("en_US", "17", "")
    assert listed.contents == Contents()


def test_the_parts_of_a_template_are_those_that_meta_takes():
    wanted = vector("req_create_template")["components"]

    parts = template_api.components(
        header="",
        body=wanted[0]["text"],
        examples=wanted[0]["example"]["body_text"][0],
        footer="Himal Secondary School",
        buttons=["Received"],
    )

    assert parts == wanted


def test_a_callback_about_changed_texts_is_read():
    value = vector("tpl_components_update")["entry"][0]["changes"][0]["value"]

    told = template_api.told_contents(value)

    assert (told.header, told.footer) == ("Fee reminder", "Himal Secondary School")
    assert told.buttons == ("Pay online", "Call accounts")
    assert told.num_variables is None
