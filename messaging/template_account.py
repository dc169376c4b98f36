"""The account that templates belong to: whose token speaks for it."""

import contextlib
from contextlib import AbstractContextManager

from messaging import numbers
from messaging.encryption import Undecipherable
from messaging.models import WhatsAppNumber
from messaging.whatsapp.errors import Action, Retryable
from messaging.whatsapp.graph import Graph


def accounts() -> list[str]:
    """The accounts that some number of ours has a token for."""
    with_token = WhatsAppNumber.objects.exclude(access_token_encrypted="").exclude(waba_id="")
    return sorted(set(with_token.values_list("waba_id", flat=True)))


def opened(waba_id: str) -> AbstractContextManager[Graph]:
    """Speak to Meta for an account. Raises Retryable if none of its numbers has a token that can be read."""
    return numbers.graph(_token(waba_id))


def _token(waba_id: str) -> str:
    """The token of one of its numbers, rather of one that is not paused."""
    its_numbers = (
        WhatsAppNumber.objects.filter(waba_id=waba_id).exclude(access_token_encrypted="").order_by("pk")
    )
    for number in sorted(its_numbers, key=lambda number: number.is_paused):
        with contextlib.suppress(Undecipherable):
            return number.access_token
    raise Retryable("No number of this account has a usable access token", action=Action.PAUSE_NUMBER)
