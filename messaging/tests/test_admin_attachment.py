"""The file that came with a reply: who gets it, and how safely."""

import pytest
from django.contrib import admin
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from messaging.admin import attachment as page
from messaging.models import Attachment, Conversation
from messaging.models.attachment import path_of
from messaging.tests.admin_rows import member, parent_in
from messaging.tests.attachments import HTML, JPEG, OGG, PDF, in_a_conversation
from messaging.tests.factories import ReplyFactory
from schools.models import Role
from schools.tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

TEN = bytes(range(48, 58))


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def stored(school_class, content=JPEG, media_type="image/jpeg", **kwargs):
    """A file from a parent of the class."""
    attachment = in_a_conversation(parent_in(school_class), type=media_type, **kwargs)
    attachment.file.name = default_storage.save(path_of(attachment, ""), ContentFile(content))
    attachment.state, attachment.size = Attachment.State.STORED, len(content)
    attachment.save()
    return attachment


@pytest.fixture
def get(client):
    """Ask for a file, as an operator if nobody else is said; what came is in `sent`."""

    def get(attachment, user=None, method="get", **headers):
        client.force_login(user or UserFactory(operator=True))
        response = getattr(client, method)(address(attachment), headers=headers)
        response.sent = b"".join(response) if response.streaming else response.content
        return response

    return get


def address(attachment):
    return reverse("admin:messaging_attachment", args=[attachment.pk])


def two_schools(*school_classes):
    """A teacher at the schools of these classes, who teaches none of them."""
    user = UserFactory()
    for school_class in school_classes:
        MembershipFactory(user=user, school=school_class.academic_year.school, role=Role.TEACHER)
    return user


def may_get(get, attachment, user):
    return {200: True, 404: False}[get(attachment, user).status_code]


def test_who_may_read_the_conversation_gets_the_file(get, ours, other_class, theirs):
    attachment = stored(ours)
    people = {
        "operator": UserFactory(operator=True),
        "principal": member(Role.PRINCIPAL, ours),
        "office": member(Role.OFFICE, ours),
        "her teacher": member(Role.TEACHER, ours),
        "a teacher of another class": member(Role.TEACHER, other_class),
        "the principal of another school": member(Role.PRINCIPAL, theirs),
        "a teacher of another school": member(Role.TEACHER, theirs),
        "a teacher of both schools, without a class": two_schools(ours, theirs),
    }

    allowed = [who for who, user in people.items() if may_get(get, attachment, user)]

    assert allowed == ["operator", "principal", "office", "her teacher"]


def test_who_has_not_logged_in_is_asked_to(client, ours):
    response = client.get(address(stored(ours)))

    assert (response.status_code, response.url.partition("?")[0]) == (302, reverse("admin:login"))


def test_a_file_of_an_unknown_sender_is_the_operators(get, ours):
    attachment = stored(ours)
    reply = ReplyFactory(from_a_stranger=True)
    reply.conversation = Conversation.objects.create(number=reply.number, phone=reply.sender_phone)
    reply.save()
    Attachment.objects.update(reply=reply)

    people = [UserFactory(operator=True), member(Role.PRINCIPAL, ours)]

    assert [may_get(get, attachment, user) for user in people] == [True, False]


def test_without_pages_of_conversations_nobody_gets_a_file(rf, ours):
    attachment = stored(ours)
    registered = admin.site._registry.pop(Conversation)

    request = rf.get("/")
    request.user = UserFactory(operator=True)
    allowed = page.may_see(request, attachment)

    admin.site._registry[Conversation] = registered
    assert not allowed


@pytest.mark.parametrize("state", [each for each in Attachment.State if each != Attachment.State.STORED])
def test_what_is_not_stored_is_not_there(get, ours, state):
    attachment = stored(ours)
    Attachment.objects.update(state=state)

    assert not may_get(get, attachment, UserFactory(operator=True))


def test_a_file_that_is_missing_from_the_disk_is_not_there(get, ours):
    attachment = stored(ours)
    default_storage.delete(attachment.file.name)

    assert not may_get(get, attachment, UserFactory(operator=True))


@pytest.mark.parametrize(("method", "status"), [("get", 200), ("head", 200), ("post", 405), ("delete", 405)])
def test_a_file_can_only_be_read(get, ours, method, status):
    assert get(stored(ours), method=method).status_code == status


def test_a_photo_is_shown_as_what_it_is_and_cannot_do_anything(get, ours):
    attachment = stored(ours)

    response = get(attachment)

    expected = {
        "Content-Type": "image/jpeg",
        "Content-Length": str(len(JPEG)),
        "Content-Disposition": f'inline; filename="image-{attachment.pk}.jpg"',
        "Content-Security-Policy": "sandbox; default-src 'none'; img-src 'self'; media-src 'self'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Accept-Ranges": "bytes",
    }
    assert (response.sent, {name: response[name] for name in expected}) == (JPEG, expected)


def test_no_copy_of_a_file_stays_in_a_shared_browser(get, ours):
    said = {each.strip() for each in get(stored(ours))["Cache-Control"].split(",")}

    assert said >= {"private", "no-store"}


@pytest.mark.parametrize(
    ("media_type", "content_type", "how"),
    [
        ("image/png", "image/png", 'inline; filename="image-{pk}.png"'),
        ("image/webp", "image/webp", 'inline; filename="image-{pk}.webp"'),
        ("image/gif", "image/gif", 'attachment; filename="image-{pk}.gif"'),
        ("audio/ogg", "audio/ogg", 'inline; filename="audio-{pk}.ogg"'),
        ("audio/mp4", "audio/mp4", 'inline; filename="audio-{pk}.m4a"'),
        ("audio/amr", "audio/amr", 'attachment; filename="audio-{pk}.amr"'),
        ("video/mp4", "video/mp4", 'inline; filename="video-{pk}.mp4"'),
        ("application/pdf", "application/pdf", 'attachment; filename="document-{pk}.pdf"'),
        ("application/msword", "application/msword", 'attachment; filename="document-{pk}.doc"'),
        ("text/plain", "text/plain; charset=utf-8", 'attachment; filename="document-{pk}.txt"'),
        ("text/html", "application/octet-stream", 'attachment; filename="document-{pk}.bin"'),
        ("", "application/octet-stream", 'attachment; filename="file-{pk}.bin"'),
    ],
)
def test_only_what_a_browser_shows_safely_is_shown(get, ours, media_type, content_type, how):
    attachment = stored(ours, HTML, media_type)

    response = get(attachment)

    assert (response["Content-Type"], response["Content-Disposition"]) == (
        content_type,
        how.format(pk=attachment.pk),
    )


@pytest.mark.parametrize(
    ("name", "also"),
    [
        ("homework.pdf", "homework.pdf"),
        ("गृहकार्य क्‍ष.pdf", "%E0%A4%97%E0%A5%83%E0%A4%B9%E0%A4%95%E0%A4%BE%E0%A4%B0%E0%A5%8D%E0%A4%AF%20"
         "%E0%A4%95%E0%A5%8D%E2%80%8D%E0%A4%B7.pdf"),
        ("letter.pdf.exe", "letter.pdf.pdf"),
        ("report\u202efdp.exe", "reportfdp.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\a\\marks.xls", "marks.pdf"),
        ('a"; filename=b.exe\r\nX: y', "a%20filename%3Db.exeX%20y.pdf"),
        (".htaccess", "htaccess.pdf"),
        ("Marks 2026.11.23 of class four", "Marks%202026.11.23%20of%20class%20four.pdf"),
        ("x" * 200, "x" * 80 + ".pdf"),
        ("\x00\u202e ..", None),
        ("", None),
    ],
)  # fmt: skip
def test_the_name_that_the_sender_gave_is_cleaned_and_its_ending_is_ours(get, ours, name, also):
    attachment = stored(ours, PDF, "application/pdf")
    attachment.name = name

    own = f'filename="document-{attachment.pk}.pdf"'

    expected = f"{own}; filename*=UTF-8''{also}" if also else own
    assert page._disposition(attachment) == f"attachment; {expected}"


@pytest.mark.parametrize(
    ("asked", "content", "told"),
    [
        ("bytes=0-1", TEN[:2], "bytes 0-1/10"),
        ("bytes=0-", TEN, "bytes 0-9/10"),
        ("bytes=4-6", TEN[4:7], "bytes 4-6/10"),
        ("bytes=9-", TEN[9:], "bytes 9-9/10"),
        ("bytes=8-99", TEN[8:], "bytes 8-9/10"),
        ("bytes=-3", TEN[-3:], "bytes 7-9/10"),
        ("bytes=-99", TEN, "bytes 0-9/10"),
    ],
)
def test_a_player_gets_the_part_that_it_asks_for(get, ours, asked, content, told):
    response = get(stored(ours, TEN, "audio/ogg"), Range=asked)

    assert (response.status_code, response.sent) == (206, content)
    assert (response["Content-Range"], response["Content-Length"]) == (told, str(len(content)))
    assert (response["Content-Type"], response["X-Content-Type-Options"]) == ("audio/ogg", "nosniff")


@pytest.mark.parametrize("asked", ["bytes=10-", "bytes=99-100", "bytes=-0"])
def test_a_part_that_is_not_there_is_refused(get, ours, asked):
    response = get(stored(ours, TEN, "audio/ogg"), Range=asked)

    assert (response.status_code, response["Content-Range"], response.sent) == (
        416,
        "bytes */10",
        b"",
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Range": "bytes=5-4"},
        {"Range": "bytes=-"},
        {"Range": "bytes=0-1,3-4"},
        {"Range": "lines=0-1"},
        {"Range": "bytes=٣-٤"},
        {"Range": f"bytes={'9' * 5000}-"},
        {"Range": "bytes=0-1", "If-Range": '"an old one"'},
    ],
)
def test_who_asks_for_parts_in_another_way_gets_all(get, ours, headers):
    response = get(stored(ours, TEN, "audio/ogg"), **headers)

    assert (response.status_code, response.sent, "Content-Range" in response) == (200, TEN, False)


def test_a_long_file_is_given_to_its_end(get, ours):
    sound = OGG * 500

    assert get(stored(ours, sound, "audio/ogg"), Range="bytes=100-").sent == sound[100:]
