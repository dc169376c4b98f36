"""Photos, recordings, places and cards in a thread."""

import pytest
from django.urls import reverse

from messaging.models import Attachment
from messaging.tests.conversation_page import lines, office_of, page, said_in, with_family, words
from messaging.tests.factories import AttachmentFactory

pytestmark = pytest.mark.django_db


def test_a_tap_a_place_and_a_card_say_what_they_are(client, ours):
    conversation = with_family(ours)
    said_in(conversation, kind="button", text="Yes")
    said_in(conversation, kind="location", text="Bir Hospital", payload="27.7172,85.324")
    said_in(conversation, kind="contacts", text="+977 984-1234567")
    office_of(client, ours)

    response = client.get(page(conversation))

    _day, tap, place, card = lines(response)
    assert "Tapped the button Yes" in tap
    assert "A place on the map Bir Hospital Open the map" in place
    assert "A contact card +977 984-1234567" in card
    assert (
        'href="https://www.openstreetmap.org/?mlat=27.7172&amp;mlon=85.324#map=17/27.7172/85.324" '
        'target="_blank" rel="noopener noreferrer"' in response.content.decode()
    )


@pytest.mark.parametrize("payload", ["", "27.7", "javascript:alert(1),2", "1,2&evil=1"])
def test_a_place_without_a_point_has_no_map(client, ours, payload):
    conversation = with_family(ours)
    said_in(conversation, kind="location", text="Somewhere", payload=payload)
    office_of(client, ours)

    assert "openstreetmap" not in client.get(page(conversation)).content.decode()


@pytest.mark.parametrize(
    ("kind", "media_type", "element"),
    [
        ("image", "image/jpeg", '<img src="{}" alt="A photo" loading="lazy"'),
        ("audio", "audio/ogg", '<audio src="{}" controls'),
        ("video", "video/mp4", '<video src="{}" controls'),
        ("document", "application/pdf", '<a class="document" href="{}"'),
    ],
)
def test_a_file_that_is_here_is_shown_or_offered(client, ours, kind, media_type, element):
    conversation = with_family(ours)
    reply = said_in(conversation, kind=kind, text="")
    attachment = AttachmentFactory(reply=reply, stored=True, type=media_type)
    office_of(client, ours)

    content = client.get(page(conversation)).content.decode()

    assert element.format(reverse("admin:messaging_attachment", args=[attachment.pk])) in content


@pytest.mark.parametrize(
    ("state", "why", "said"),
    [
        (Attachment.State.WAITING, "", "A photo: Being fetched"),
        (Attachment.State.REFUSED, "too_large", "A photo: The file is too large"),
        (
            Attachment.State.LOST,
            "gone",
            "A photo: WhatsApp does not have the file any more; ask for it again",
        ),
        (Attachment.State.FORGOTTEN, "", "A photo: Deleted after its time"),
    ],
)
def test_a_file_that_is_not_here_says_why(client, ours, state, why, said):
    conversation = with_family(ours)
    AttachmentFactory(reply=said_in(conversation, kind="image", text=""), state=state, why=why)
    office_of(client, ours)

    response = client.get(page(conversation))

    assert said in words(response)
    assert "/attachment/" not in response.content.decode()
