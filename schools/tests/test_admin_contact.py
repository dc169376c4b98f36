import pytest
from django.urls import reverse
from django.utils import timezone

from schools.admin import reach, search
from schools.models import ConsentEvent, Contact, Role, School, Unreachable
from schools.tests.admin_rows import class_of_a_stranger, member, row, school_of
from schools.tests.factories import (
    ContactFactory,
    GuardianshipFactory,
    MembershipFactory,
    SchoolClassFactory,
    StudentFactory,
)

pytestmark = pytest.mark.django_db
ADD = reverse("admin:schools_contact_add")
LIST = reverse("admin:schools_contact_changelist")
DATA = {
    "role": "guardian",
    "name": "Gita Thapa",
    "language": "ne",
    **{f"guardianships-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")},
    **{f"consent_events-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")},
}


@pytest.fixture
def school_class():
    return SchoolClassFactory()


@pytest.fixture
def school(school_class):
    return school_of(school_class)


@pytest.fixture
def office(client, school_class):
    client.force_login(member(Role.OFFICE, school_class))
    return client


def change(contact, page="change"):
    return reverse(f"admin:schools_contact_{page}", args=[contact.pk])


def button(contact, name):
    return f"/admin/schools/contact/{contact.pk}/{name}/"


@pytest.mark.parametrize(
    ("written", "phone", "unreachable"),
    [
        ("९८४१-२३४ ५६७", "+9779841234567", ""),
        ("00977 9841234567", "+9779841234567", ""),
        ("01-4423456", "+97714423456", Unreachable.LANDLINE),
        ("", "", Unreachable.NO_NUMBER),
    ],
)
def test_a_phone_is_kept_in_one_form_however_it_is_written(office, written, phone, unreachable):
    office.post(ADD, {**DATA, "phone": written})

    contact = Contact.objects.get()
    assert (contact.phone, contact.unreachable) == (phone, unreachable)


def test_an_impossible_phone_comes_back_with_the_reason(office):
    page = office.post(ADD, {**DATA, "phone": "98412345"})

    [error] = page.context["adminform"].form.errors["phone"]
    assert error.startswith("“98412345” has 8 digits where a mobile number has 10")
    assert not Contact.objects.exists()


def test_a_phone_of_another_contact_is_refused_in_words(office, school):
    ContactFactory(school=school, phone="+9779841234567")

    page = office.post(ADD, {**DATA, "phone": "9841234567"})

    assert page.context["adminform"].form.non_field_errors() == [
        "Another contact of this school has this phone; add the child to that contact."
    ]


def test_a_new_number_is_tried_again_and_the_same_number_is_not(office, school):
    contact = ContactFactory(school=school, phone="+9779841234567", unreachable=Unreachable.NOT_ON_WHATSAPP)

    office.post(change(contact), {**DATA, "phone": "9841234567"})
    same = Contact.objects.get().unreachable
    office.post(change(contact), {**DATA, "phone": "9841234568"})
    new = Contact.objects.get().unreachable

    assert (same, new) == (Unreachable.NOT_ON_WHATSAPP, "")


@pytest.mark.parametrize(
    ("name", "kind", "traits"),
    [
        ("record_consent", ConsentEvent.Kind.OPTED_IN, {"without_consent": True}),
        ("record_stop", ConsentEvent.Kind.OPTED_OUT, {}),
    ],
)
def test_a_consent_button_writes_who_said_what_and_how(office, school, name, kind, traits):
    contact = ContactFactory(school=school, **traits)
    form = {"source": "paper_form", "note": "In the blue folder", "_form_submitted": "True"}

    dialog = office.get(button(contact, name))
    answer = office.post(button(contact, name), form, headers={"HX-Request": "true"})

    event = ConsentEvent.objects.get()
    assert dialog.status_code == 200
    assert answer.headers["HX-Redirect"] == change(contact)
    assert (event.contact, event.kind, event.source, event.note) == (
        contact,
        kind,
        "paper_form",
        "In the blue folder",
    )
    assert event.recorded_by == Contact.objects.get().school.memberships.get().user


def test_looking_at_a_consent_button_records_nothing(office, school):
    contact = ContactFactory(school=school)

    office.get(button(contact, "record_stop"))

    assert not ConsentEvent.objects.exists()


def test_a_teacher_and_a_stranger_record_no_consent(client, school_class):
    contact = row(Contact, school_class)
    theirs = row(Contact, class_of_a_stranger())
    form = {"source": "office", "_form_submitted": "True"}

    client.force_login(member(Role.TEACHER, school_class))
    by_teacher = client.post(button(contact, "record_stop"), form)
    client.force_login(member(Role.PRINCIPAL, school_class))
    by_stranger = client.post(button(theirs, "record_stop"), form)

    assert (by_teacher.status_code, by_stranger.status_code) == (403, 403)
    assert not ConsentEvent.objects.exists()


@pytest.mark.parametrize(
    ("traits", "offered"),
    [
        ({}, ["record_stop"]),
        ({"opted_out": True}, ["record_consent", "record_stop"]),
        ({"opted_out": True, "emergencies_stopped_at": timezone.now()}, ["record_consent"]),
        ({"without_consent": True}, ["record_consent", "record_stop"]),
    ],
)
def test_only_consent_that_would_change_something_is_offered(office, school, traits, offered):
    contact = ContactFactory(school=school, **traits)

    page = office.get(change(contact))

    paths = [action["path"].split("/")[-2] for action in page.context["actions_detail"]]
    assert [path for path in paths if path.startswith("record")] == offered


def test_a_stop_is_offered_once_where_emergencies_do_not_go_on(office, school):
    School.objects.update(emergencies_after_stop=False)
    contact = ContactFactory(school=school, opted_out=True)

    page = office.get(change(contact))

    assert "/record_stop/" not in str(page.context["actions_detail"])


@pytest.mark.parametrize(
    ("go_on", "sentence"),
    [(True, "Emergencies still reach this person"), (False, "emergencies are not sent either")],
)
def test_the_stop_dialog_says_whether_emergencies_go_on(office, school, go_on, sentence):
    School.objects.update(emergencies_after_stop=go_on)
    contact = ContactFactory(school=school)

    dialog = office.get(button(contact, "record_stop")).content.decode()

    assert (sentence in dialog, "emergencies_too" in dialog) == (True, go_on)


def test_a_stop_may_take_emergencies_along(office, school):
    contact = ContactFactory(school=school)

    office.post(
        button(contact, "record_stop"),
        {"source": "office", "emergencies_too": "on", "_form_submitted": "True"},
    )

    contact.refresh_from_db()
    assert ConsentEvent.objects.get().kind == ConsentEvent.Kind.EMERGENCIES_STOPPED
    assert (contact.opted_out_at is not None, contact.emergencies_stopped_at is not None) == (True, True)


@pytest.mark.parametrize(
    ("traits", "state"),
    [
        ({}, reach.REACHABLE),
        ({"without_consent": True}, reach.NO_CONSENT),
        ({"opted_out": True}, reach.STOPPED),
        ({"without_phone": True}, Unreachable.NO_NUMBER),
        ({"unreachable": Unreachable.LANDLINE, "opted_out": True}, Unreachable.LANDLINE),
    ],
)
def test_the_list_and_its_filter_agree_on_who_is_reachable(office, school, traits, state):
    contact = ContactFactory(school=school, **traits)

    in_list = office.get(LIST, {"reach": "number" if state in Unreachable.values else state})

    assert reach.state(contact) == state
    assert list(in_list.context["cl"].result_list) == [contact]
    assert (Contact.objects.reachable().exists()) == (state == reach.REACHABLE)
    assert str(reach.WORDS[state][0]) in in_list.content.decode()


def test_every_reason_has_words():
    assert set(reach.WORDS) == {reach.REACHABLE, reach.NO_CONSENT, reach.STOPPED, *Unreachable.values}


@pytest.mark.parametrize("words", ["Gita", "गीता", "Aarav", "984 123-4567", "०९८४१२३४५६७", "+977 9841234567"])
def test_a_contact_is_found_by_name_child_and_phone(office, school, words):
    contact = ContactFactory(school=school, name="Gita Thapa", name_ne="गीता थापा", phone="+9779841234567")
    GuardianshipFactory(contact=contact, student=StudentFactory(school=school, name="Aarav Thapa"))
    ContactFactory(school=school, name="Somebody else")

    page = office.get(LIST, {"q": words})

    assert list(page.context["cl"].result_list) == [contact]


@pytest.mark.parametrize("words", ["9841", "Gita Thapa"])
def test_a_student_is_found_by_a_parent(office, school, words):
    contact = ContactFactory(school=school, name="Gita Thapa", phone="+9779841234567")
    student = GuardianshipFactory(contact=contact, student__school=school).student
    StudentFactory(school=school)

    page = office.get(reverse("admin:schools_student_changelist"), {"q": words})

    assert list(page.context["cl"].result_list) == [student]


@pytest.mark.parametrize(
    ("words", "digits"), [("98-41", "9841"), ("00977", "977"), ("12", ""), ("Sita", ""), ("4 B", "")]
)
def test_a_search_for_a_phone_is_told_from_a_name(words, digits):
    assert search.phone_digits(words) == digits


def test_who_may_not_change_a_contact_can_still_call(client, school_class):
    contact = row(Contact, school_class)
    client.force_login(member(Role.TEACHER, school_class))

    page = client.get(change(contact)).content.decode()

    assert f'href="tel:{contact.phone}"' in page
    assert "_save" not in page


def test_a_membership_elsewhere_does_not_open_a_contact(client, school_class):
    contact = row(Contact, school_class)
    client.force_login(MembershipFactory(role=Role.PRINCIPAL).user)

    assert client.get(change(contact)).status_code == 302
