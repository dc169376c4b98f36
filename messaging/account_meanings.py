"""What WhatsApp's news of an account mean for us: how bad it is, in which words, and until when. Pure."""

import dataclasses
import datetime
from collections.abc import Iterator

from django.utils.translation import gettext_noop

from messaging.models import AccountEvent
from messaging.whatsapp.events import AccountNews
from messaging.whatsapp.tolerant import JSON, capitals, items, mapping, mappings, moment

INFO, WARNING, CRITICAL = AccountEvent.Severity

# What the kind of an event begins with; what comes behind says which.
RESTRICTION, BAN, VIOLATION, GONE = "restriction", "ban", "violation", "gone"
REVIEW, SECURITY, PAYMENT, ALERT = "review", "security", "payment", "alert"
USERNAME, OTHER = "username", "account"

_STOPS_ALL = "RESTRICTED_BIZ_INITIATED_MESSAGING"
_IS_PAYMENT = ("PAYMENT", "BILLING", "CREDIT", "FUND", "INVOICE")
_LIFTED = ("ACCOUNT_UNRESTRICTED", "ACCOUNT_RESTRICTION_LIFTED", "RESTRICTION_LIFTED")


@dataclasses.dataclass(frozen=True, slots=True)
class Meaning:
    """One matter of the news. `pauses`: nothing leaves any more; `ends`: the kinds that are over begin so."""

    kind: str
    words: str
    severity: str = INFO
    after: str = ""
    until: datetime.datetime | None = None
    pauses: bool = False
    ends: str = ""


def meanings(news: AccountNews) -> Iterator[Meaning]:
    """What the news mean, beside the figures they bring."""
    if news.field == "account_update":
        yield from _of_account(news)
    elif news.field == "account_alerts":
        yield _of_alert(news)
    elif news.field == "account_review_update":
        yield _of_review(news)
    elif news.field == "security":
        yield _of_security(news)
    elif news.field == "business_username_update":
        words = gettext_noop("WhatsApp has told about the username of the number.")
        yield Meaning(USERNAME, words, after=" ".join(filter(None, (news.username, news.event))))
    elif not has_figures(news):
        yield _of_the_rest(news)


def has_figures(news: AccountNews) -> bool:
    is_of_name = news.field == "phone_number_name_update"
    is_of_quality = news.field == "phone_number_quality_update" and news.event in ("FLAGGED", "UNFLAGGED")
    return bool(news.tier or news.throughput or is_of_name or is_of_quality)


def _of_account(news: AccountNews) -> Iterator[Meaning]:
    if news.event == "ACCOUNT_RESTRICTION" or news.event in _LIFTED:
        yield from _of_restrictions(news)
    elif news.event == "DISABLED_UPDATE":
        yield _of_ban(capitals(next(_ban_states(news.raw), None)) or "", news.details or "")
    elif news.event in ("ACCOUNT_DELETED", "PARTNER_REMOVED", "ACCOUNT_OFFBOARDED"):
        is_deleted = news.event == "ACCOUNT_DELETED"
        words = gettext_noop("The account does not exist at WhatsApp any more, or is not ours any more.")
        yield Meaning(GONE, words, CRITICAL, news.event, pauses=is_deleted)
    elif news.event in ("ACCOUNT_RECONNECTED", "PARTNER_ADDED"):
        yield Meaning(GONE, gettext_noop("The account is connected again."), after=news.event)
    elif news.event == "ACCOUNT_VIOLATION":
        kind = next((capitals(each.get("violation_type"), 60) for each in _violations(news.raw)), None)
        words = gettext_noop("WhatsApp says that the account has broken one of its rules.")
        yield Meaning(f"{VIOLATION} {kind or ''}".strip(), words, WARNING, kind or news.details or "")
    else:
        yield _of_the_rest(news)


def _of_restrictions(news: AccountNews) -> Iterator[Meaning]:
    """One for each, as each has its own end. Said to be none: all are over."""
    if news.event in _LIFTED or news.raw.get("restriction_info") == []:
        yield Meaning(RESTRICTION, gettext_noop("The account is restricted no more."), ends=RESTRICTION)
        return
    ends = {
        capitals(each.get("restriction_type"), 100): moment(each.get("expiration"))
        for each in mappings(news.raw.get("restriction_info"))
    }
    for kind in news.restrictions or ("",):
        yield _of_restriction(kind, ends.get(kind, news.until))


def _of_restriction(kind: str, until: datetime.datetime | None) -> Meaning:
    words = gettext_noop("WhatsApp has restricted what the account may do.")
    severity = WARNING
    if kind == _STOPS_ALL:
        words = gettext_noop("WhatsApp has restricted the account: it may not write to families first.")
        severity = CRITICAL
    if kind == "RESTRICTED_UTILITY_TEMPLATES":
        words = gettext_noop("WhatsApp has restricted the account: it may not send utility templates.")
        severity = CRITICAL
    return Meaning(
        f"{RESTRICTION} {kind}".strip()[:80], words, severity, kind, until, pauses=kind == _STOPS_ALL
    )


def _of_ban(state: str, details: str) -> Meaning:
    if state.startswith("REINSTATE"):
        return Meaning(BAN, gettext_noop("The account may be used again."), after=state)
    if state == "SCHEDULE_FOR_DISABLE":
        words = gettext_noop("WhatsApp is going to disable the account.")
        return Meaning(BAN, words, CRITICAL, details or state)
    words = gettext_noop("WhatsApp has disabled the account: nothing can be sent.")
    return Meaning(BAN, words, CRITICAL, details or state, pauses=state == "DISABLE")


def _of_alert(news: AccountNews) -> Meaning:
    kind = news.alert_type or news.event
    is_payment = any(part in kind.upper() for part in _IS_PAYMENT)
    matter = f"{PAYMENT if is_payment else ALERT} {kind}"[:80]
    if news.alert_status == "NONE":
        return Meaning(matter, gettext_noop("A warning of WhatsApp’s is over."), after=kind)
    severity = {"CRITICAL": CRITICAL, "WARNING": WARNING}.get(news.alert_severity or "", INFO)
    if is_payment:
        words = gettext_noop("WhatsApp has trouble charging the account.")
        return Meaning(matter, words, max(severity, WARNING, key=[INFO, WARNING, CRITICAL].index), kind)
    return Meaning(matter, gettext_noop("WhatsApp warns about the account or the number."), severity, kind)


def _of_review(news: AccountNews) -> Meaning:
    if news.event == "REJECTED":
        words = gettext_noop("WhatsApp has reviewed the account and rejected it.")
        return Meaning(REVIEW, words, CRITICAL, news.event)
    return Meaning(REVIEW, gettext_noop("WhatsApp has reviewed the account."), after=news.event)


def _of_security(news: AccountNews) -> Meaning:
    words = {
        "PIN_CHANGED": gettext_noop("The PIN of the number was changed. If it was none of you, change it."),
        "PIN_RESET_REQUEST": gettext_noop(
            "Somebody asked to switch off the PIN of the number. If it was none of you, stop it."
        ),
    }
    otherwise = gettext_noop("Something about the safety of the number has changed at WhatsApp.")
    severity = WARNING if news.event == "PIN_CHANGED" else CRITICAL
    return Meaning(
        f"{SECURITY} {news.event}"[:80], words.get(news.event, otherwise), severity, news.event[:100]
    )


def _of_the_rest(news: AccountNews) -> Meaning:
    words = gettext_noop("WhatsApp has told something about the account.")
    return Meaning(f"{OTHER} {news.event}"[:80], words, after=news.details or news.event)


def _ban_states(raw: JSON) -> Iterator[object]:
    yield from items(mapping(raw.get("ban_info")).get("waba_ban_state"))


def _violations(raw: JSON) -> Iterator[JSON]:
    yield from mappings(raw.get("violation_info"))
