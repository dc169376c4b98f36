import factory
from factory.django import DjangoModelFactory

from messaging.models import AccountEvent
from messaging.tests.factories import WABA


class AccountEventFactory(DjangoModelFactory):
    """A warning about an account that WhatsApp has just told of, in force."""

    waba_id = WABA
    source = AccountEvent.Source.CALLBACK
    kind = "restriction"
    severity = AccountEvent.Severity.WARNING
    words = "WhatsApp has restricted what the account may do."
    key = factory.Sequence(lambda n: f"event {n}")

    class Meta:
        model = AccountEvent
