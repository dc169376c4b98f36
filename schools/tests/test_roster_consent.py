import datetime

import pytest
from django.utils import timezone

from schools import consent
from schools.models import ConsentEvent, ConsentSource, Contact
from schools.tests.factories import AcademicYearFactory, UserFactory
from schools.tests.rosters import ASHA, BINA, bring

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return AcademicYearFactory().school


def test_an_import_never_opts_in_who_asked_to_stop(school):
    bring(school, ASHA | {"guardian1_consent": "2026-04-20"})
    consent.record(Contact.objects.get(), ConsentEvent.Kind.OPTED_OUT, ConsentSource.WHATSAPP)

    report = bring(school, ASHA | {"guardian1_consent": "yes"})

    assert (report.agreed, Contact.objects.reachable().count()) == (0, 0)


def test_stopped_in_the_file_opts_out(school):
    bring(school, ASHA | {"guardian1_consent": "2026-04-20"})

    report = bring(school, ASHA | {"guardian1_consent": "stopped 2026-10-02"})

    contact = Contact.objects.get()
    assert (report.stopped, Contact.objects.reachable().count()) == (1, 0)
    assert timezone.localtime(contact.opted_out_at).date() == datetime.date(2026, 10, 2)


def test_of_what_a_file_says_about_one_phone_the_stop_holds(school):
    report = bring(
        school, ASHA | {"guardian1_consent": "yes"}, BINA | {"guardian1_consent": "stopped 2026-10-02"}
    )

    assert (report.agreed, report.stopped, Contact.objects.reachable().count()) == (0, 1, 0)


@pytest.mark.parametrize("answer", ["", "no"])
def test_without_consent_nobody_is_opted_in(school, answer):
    report = bring(school, ASHA | {"guardian1_consent": answer})

    assert (report.without_consent, Contact.objects.get().opted_in_at) == (1, None)


def test_who_imported_is_written_beside_the_consent(school):
    office = UserFactory()

    bring(school, ASHA | {"guardian1_consent": "yes"}, by=office)

    assert ConsentEvent.objects.get().recorded_by == office
