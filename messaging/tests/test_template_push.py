"""The starter set is submitted, as much of it as WhatsApp does not have."""

import json

import pytest
import responses
from django.core.management import CommandError, call_command

from messaging import starter_templates
from messaging.models import MessageTemplate
from messaging.tests.factories import WABA, WhatsAppNumberFactory
from messaging.tests.template_rows import list_url, listed

pytestmark = pytest.mark.django_db

NAMES = sorted(text["name"] for text in starter_templates.texts())


@pytest.fixture(autouse=True)
def _account(settings):
    settings.WHATSAPP_API_URL = "http://127.0.0.1:1"
    WhatsAppNumberFactory(waba_id=WABA)


class Account:
    """Meta as it lists what was created there; `refuses` answers instead of creating."""

    def __init__(self, meta, *there):
        self.there, self.refuses = list(there), {}
        meta.add_callback(responses.GET, list_url(), self._list)
        meta.add_callback(responses.POST, list_url(), self._create)

    def _list(self, request):
        return 200, {}, json.dumps({"data": self.there})

    def _create(self, request):
        document = json.loads(request.body)
        if document["name"] in self.refuses:
            return 400, {}, json.dumps({"error": self.refuses[document["name"]]})
        self.there.append(document | {"id": f"{len(self.there)}", "status": "PENDING"})
        return 200, {}, json.dumps({"id": self.there[-1]["id"], "status": "PENDING", "category": "UTILITY"})

    @property
    def names(self):
        return sorted(each["name"] for each in self.there)


@pytest.fixture
def meta():
    with responses.RequestsMock(assert_all_requests_are_fired=False) as meta:
        yield meta


def statuses():
    return dict(MessageTemplate.objects.values_list("name", "status"))


def test_all_that_is_missing_is_submitted_once(meta, capsys):
    account = Account(meta, listed())

    for _each in range(2):
        call_command("push_templates")

    assert account.names == NAMES
    assert statuses() == dict.fromkeys(NAMES, "PENDING") | {"notice": "APPROVED"}
    first, second = (line.split(": ", 1) for line in capsys.readouterr().out.splitlines()[:2])
    assert (first, second) == (["answer", "submitted: PENDING"], ["answer_nepali", "submitted: PENDING"])


def test_a_rehearsal_writes_and_submits_nothing(meta, capsys):
    account = Account(meta, listed())

    call_command("push_templates", "--dry-run")

    assert (account.names, MessageTemplate.objects.count()) == (["notice"], 0)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(NAMES)
    assert "notice: at WhatsApp: APPROVED" in lines
    assert "answer: would be submitted" in lines


def test_a_refused_template_is_said_and_the_others_go_on(meta, capsys):
    account = Account(meta)
    account.refuses["answer"] = {"code": 100, "error_subcode": 2388072, "message": "Invalid parameter"}

    with pytest.raises(CommandError, match="Some templates were not submitted"):
        call_command("push_templates", "--waba", WABA)

    assert account.names == [name for name in NAMES if name != "answer"]
    assert capsys.readouterr().err.startswith("answer: WhatsApp does not take the text.")


@pytest.mark.parametrize(
    "error",
    [
        {"code": 80007, "message": "Rate limit hit"},
        {"code": 100, "error_subcode": 2388019, "message": "Invalid parameter"},
    ],
)
def test_where_meta_takes_no_more_it_stops_and_goes_on_another_time(meta, error):
    account = Account(meta)
    account.refuses = dict.fromkeys(NAMES[2:], error)

    with pytest.raises(CommandError, match="Run it again in an hour"):
        call_command("push_templates")
    posts = [call for call in meta.calls if call.request.method == "POST"]
    account.refuses = {}
    call_command("push_templates")

    assert (len(posts), account.names) == (3, NAMES)


def test_an_account_whose_list_cannot_be_read_is_left_alone(meta):
    meta.get(list_url(), status=401, json={"error": {"code": 190, "message": "Expired"}})

    with pytest.raises(CommandError, match="cannot be read: Expired"):
        call_command("push_templates")


def test_the_starter_texts_are_all_different():
    bodies = [text["body"] for text in starter_templates.texts()]

    assert len(set(bodies)) == len(bodies) == 18


def test_loading_leaves_what_serves_the_same_alone():
    MessageTemplate.objects.create(
        waba_id=WABA, name="own", kind="notice", asks="read", content_language="en", body="Own."
    )

    num = [starter_templates.load(WABA, status="DRAFT") for _each in range(2)]

    assert num == [17, 0]
    assert not MessageTemplate.objects.filter(name="notice_read").exists()
