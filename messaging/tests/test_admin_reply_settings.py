"""How a school answers by itself: its page, and what it takes."""

import pytest

from messaging.models import ReplySettings
from messaging.tests.admin_rows import address, member
from messaging.tests.conversation_page import office_of, words
from messaging.tests.factories import ReplySettingsFactory
from schools.models import Role, School

pytestmark = pytest.mark.django_db
LIST, ADD = address(ReplySettings, "changelist"), address(ReplySettings, "add")


def errors(response):
    return [error for errors in response.context["adminform"].form.errors.values() for error in errors]


def test_the_office_goes_straight_to_its_page_which_is_made_when_saved(client, ours):
    office_of(client, ours)

    before = client.get(LIST).url
    client.post(ADD, {"welcomes": "on", "stop_words": "stop it"})
    settings = ReplySettings.objects.get()

    assert before == ADD
    assert (settings.school, settings.stop_words) == (ours.academic_year.school, "stop it")
    assert client.get(LIST).url == client.get(ADD).url == address(ReplySettings, "change", settings.pk)


def test_a_teacher_does_not_see_it_and_a_stranger_not_that_of_another_school(client, ours, theirs):
    settings = ReplySettingsFactory(school=theirs.academic_year.school)
    pages = [LIST, ADD, address(ReplySettings, "change", settings.pk)]

    client.force_login(member(Role.TEACHER, ours))
    by_teacher = [client.get(each).status_code for each in pages]
    client.force_login(member(Role.PRINCIPAL, ours))
    by_stranger = client.post(pages[-1], {"stop_words": "mine now"})

    settings.refresh_from_db()
    assert by_teacher == [403, 403, 403]
    assert (by_stranger.status_code, settings.stop_words) == (302, "")


def test_the_page_tells_the_usual_words_in_both_languages(client, ours):
    School.objects.update(name="Janata School", name_ne="जनता विद्यालय")
    office_of(client, ours)

    page = words(client.get(ADD))

    assert "Namaste. This is the WhatsApp of Janata School." in page
    assert "जनता विद्यालय" in page
    assert "Always understood as well: stop · unsubscribe" in page
    assert "Nothing is answered by itself before there are office hours." in page


def test_with_office_hours_the_page_tells_what_is_answered_outside_them(client, ours):
    ReplySettingsFactory(school=ours.academic_year.school, office_from="10:00", office_until="16:00")
    office_of(client, ours)

    assert "reads it on the next school day, from 10:00 on" in words(client.get(client.get(LIST).url))


def test_a_word_is_kept_once_without_blanks_around_it(client, ours):
    office_of(client, ours)

    client.post(ADD, {"stop_words": "  stop it \r\n\r\nno   more\r\nstop it"})

    assert ReplySettings.objects.get().stop_words == "stop it\nno more"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        ({"stop_words": "enough", "help_words": "Enough!"}, "“enough” means “help” already."),
        ({"start_words": "STOP."}, "“STOP.” means “stop messages” already."),
        ({"help_words": "नेपाली"}, "“नेपाली” means “messages in Nepali” already."),
        ({"stop_words": "x" * 41}, f"“{'x' * 40}…” is too long: a word has at most 40 letters."),
        ({"stop_words": "!!!"}, "“!!!” has no letters."),
    ],
)
def test_a_word_that_could_not_be_told_apart_is_refused(client, ours, data, error):
    office_of(client, ours)

    response = client.post(ADD, data)

    assert error in errors(response)
    assert not ReplySettings.objects.exists()


def test_office_hours_need_both_ends(client, ours):
    office_of(client, ours)

    response = client.post(ADD, {"office_from": "10:00"})

    assert errors(response) == ["Give both ends of the office hours, the later one last, or neither."]


def test_an_operator_sees_the_settings_of_every_school(client, operator):
    settings = ReplySettingsFactory()

    response = client.get(LIST)

    assert [row.pk for row in response.context["cl"].result_list] == [settings.pk]
    assert client.get(ADD).status_code == 200
