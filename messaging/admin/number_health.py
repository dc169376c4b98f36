"""What WhatsApp says of a number, in words for the operator."""

import dataclasses
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from messaging import failures
from messaging.admin.ledger import moment
from messaging.encryption import Undecipherable
from messaging.headroom import Headroom
from messaging.models import Lane, WhatsAppNumber
from messaging.whatsapp import errors

CAN_SEND: dict[str, str | Promise] = {
    "AVAILABLE": _("May send"),
    "LIMITED": _("May send, with limits"),
    "BLOCKED": _("May not send"),
    "": _("Not known yet"),
}
ENTITIES: dict[str, str | Promise] = {
    "PHONE_NUMBER": _("The number"),
    "WABA": _("The WhatsApp account"),
    "BUSINESS": _("The business portfolio"),
    "APP": _("Our app at Meta"),
    "MESSAGE_TEMPLATE": _("A template"),
}
NAMES: dict[str, str | Promise] = {
    "APPROVED": _("Approved"),
    "AVAILABLE_WITHOUT_REVIEW": _("May be used without a review"),
    "PENDING_REVIEW": _("In review"),
    "DECLINED": _("Declined. Ask for another name in WhatsApp Manager; it has to be the school’s."),
    "EXPIRED": _("The approval has expired. Register the number again."),
    "NONE": _("None has been asked for. Ask for one in WhatsApp Manager."),
}
STATES: dict[str, str | Promise] = {
    "CONNECTED": _("Connected"),
    "PENDING": _("Not registered yet. Run: manage.py connect_whatsapp"),
    "UNVERIFIED": _("Not verified yet. Verify it in WhatsApp Manager."),
    "DISCONNECTED": _("Disconnected. Register it again: manage.py connect_whatsapp"),
    "FLAGGED": _("Flagged, since its quality is low. Send only what families need."),
    "RESTRICTED": _("Restricted: it has reached its limit, or its quality is low."),
    "RATE_LIMITED": _("Slowed down by WhatsApp."),
    "BANNED": _("Banned. Ask for a review in WhatsApp Manager."),
    "DELETED": _("Deleted at WhatsApp."),
    "MIGRATED": _("Moved to another account."),
}
NOT_KNOWN = _("Not known yet: press “Check now”.")


def health_in_words(number: WhatsAppNumber) -> SafeString | str:
    """Whether it may send, what stands in the way, and what to do about each."""
    if not number.can_send:
        return str(NOT_KNOWN)
    parts = [_part(entity) for entity in number.health.get("entities", [])]
    words = CAN_SEND.get(number.can_send, number.can_send)
    context = {"can_send": number.can_send, "words": words, "parts": parts}
    return render_to_string("admin/messaging/number/health.html", context)


def name_in_words(number: WhatsAppNumber) -> str:
    return str(NAMES.get(number.name_status, number.name_status) or NOT_KNOWN)


def state_in_words(number: WhatsAppNumber) -> str:
    return str(STATES.get(number.account_status, number.account_status) or NOT_KNOWN)


def token_until_in_words(number: WhatsAppNumber) -> str:
    ends = number.token_expires_at
    if ends is None:
        return str(NOT_KNOWN) if number.checked_at is None else _t("It never expires.")
    day = date_format(timezone.localtime(ends), "j F Y")
    days = (ends - timezone.now()).days
    if days < 0:
        return _t("It expired on %(day)s. Enter a new one.") % {"day": day}
    return _t("Until %(day)s, for %(days)d more days.") % {"day": day, "days": days}


def last_check_in_words(number: WhatsAppNumber) -> str:
    found = moment(number.checked_at, None) if number.checked_at else _t("None has succeeded yet.")
    if not number.check_trouble:
        return found
    trouble = failures.noted(number.check_trouble)
    return _t("%(when)s The last try failed: %(trouble)s") % {"when": found, "trouble": trouble}


def token_in_words(number: WhatsAppNumber) -> str:
    if not number.access_token_encrypted:
        return _t("No token is stored yet: nothing can be sent.")
    try:
        number.access_token  # noqa: B018
    except Undecipherable:
        return _t("A token is stored, but it cannot be read with today’s key. Enter it again.")
    return _t("A token is stored. Leave this empty to keep it.")


def headroom_in_words(room: Headroom) -> str:
    routine = dataclasses.replace(room, used=0).left(Lane.ROUTINE)
    return _t("%(used)d of %(limit)d; routine messages stop at %(routine)d, the rest is for emergencies") % {
        "used": room.used,
        "limit": room.limit,
        "routine": routine,
    }


def _part(entity: dict[str, Any]) -> dict[str, Any]:
    kind, can_send = str(entity.get("kind", "")), str(entity.get("can_send", ""))
    return {
        "name": ENTITIES.get(kind, kind),
        "can_send": can_send,
        "words": CAN_SEND.get(can_send, can_send),
        "obstacles": [_obstacle(each) for each in entity.get("obstacles", [])],
        "notes": entity.get("notes", []),
    }


def _obstacle(found: dict[str, Any]) -> dict[str, Any]:
    """Our words where we know the code, WhatsApp's own else; what to do is always WhatsApp's."""
    verdict = errors.verdict_for(found.get("code"))
    what = found.get("description") or (str(verdict.words) if verdict else "")
    return {
        "what": what,
        "code": found.get("code"),
        "solution": found.get("solution") or (verdict and verdict.words),
    }
