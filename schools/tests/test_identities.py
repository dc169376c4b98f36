import pytest

from schools import identities
from schools.models import ContactIdentity
from schools.tests.factories import ContactFactory

pytestmark = pytest.mark.django_db


def phones_of(contact):
    known = ContactIdentity.objects.filter(contact=contact).order_by("pk")
    return [(identity.value, identity.valid_until is None) for identity in known]


def test_a_new_phone_closes_the_old_identity_and_opens_its_own():
    contact = ContactFactory(phone="+9779800000001")
    identities.follow_phones([contact])
    contact.phone = "+9779800000002"

    identities.follow_phones([contact])
    identities.follow_phones([contact])

    assert phones_of(contact) == [("+9779800000001", False), ("+9779800000002", True)]


def test_a_phone_that_is_taken_away_closes_its_identity():
    contact = ContactFactory(phone="+9779800000001")
    identities.follow_phones([contact])
    contact.phone = ""

    identities.follow_phones([contact])

    assert phones_of(contact) == [("+9779800000001", False)]


def test_an_office_that_corrects_a_number_keeps_the_old_one_in_the_history(admin_client):
    contact = ContactFactory(phone="+9779800000001")
    identities.follow_phones([contact])
    page = f"/admin/schools/contact/{contact.pk}/change/"
    form = admin_client.get(page).context["adminform"].form
    values = {name: value for name, value in form.initial.items() if value is not None}
    inlines = {
        f"{prefix}-{key}": "0"
        for prefix in ("guardianships", "consent_events", "identities")
        for key in ("TOTAL_FORMS", "INITIAL_FORMS")
    }

    response = admin_client.post(page, values | inlines | {"phone": "9800000002"})

    assert (response.status_code, phones_of(contact)) == (
        302,
        [("+9779800000001", False), ("+9779800000002", True)],
    )
