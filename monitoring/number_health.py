"""How our numbers are at WhatsApp, as the last check has found them: three questions for each."""

from collections.abc import Iterator

from django.utils import timezone

from messaging.models import WhatsAppNumber
from messaging.whatsapp import account_api
from monitoring.account_symptoms import CHECKS_PATIENCE, TOKEN_NOTICE
from monitoring.check import Check


def checks() -> list[Check]:
    return [check for number in WhatsAppNumber.objects.all() for check in _checks(number)]


def _checks(number: WhatsAppNumber) -> Iterator[Check]:
    yield _sending(number)
    yield _token(number)
    yield _last_check(number)


def _sending(number: WhatsAppNumber) -> Check:
    name = f"WhatsApp number {number}"
    if number.is_paused:
        return Check(
            name, f"paused: {number.paused_why}", "Repair what is named, then press Resume on the number."
        )
    if number.can_send == account_api.BLOCKED:
        return Check(
            name, "WhatsApp does not let it send", "Open the number: it names what stands in the way."
        )
    if number.quality == WhatsAppNumber.Quality.RED:
        return Check(name, "quality is low", "Send less: families are blocking or reporting the number.")
    return Check(name, f"sends, quality {number.get_quality_display()}")


def _token(number: WhatsAppNumber) -> Check:
    name, ends = f"token of {number}", number.token_expires_at
    if not number.access_token_encrypted:
        return Check(name, "none", "Enter the access token on the number.")
    if ends is None:
        return Check(name, "no end is known" if number.checked_at is None else "never expires")
    found = f"valid until {timezone.localtime(ends):%Y-%m-%d %H:%M}"
    is_near = ends < timezone.now() + TOKEN_NOTICE
    return Check(name, found, "Create a new access token and enter it on the number." if is_near else "")


def _last_check(number: WhatsAppNumber) -> Check:
    name, at = f"last check of {number}", number.checked_at
    found = f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "none yet"
    if number.check_trouble:
        found = f"{found}; the last try failed: {number.check_trouble}"
    is_old = at is not None and timezone.now() - at > CHECKS_PATIENCE
    if is_old or (at is None and number.check_trouble):
        return Check(name, found, "Press “Check now” on the number; look at its token and our line.")
    return Check(name, found)
