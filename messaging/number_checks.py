"""What WhatsApp says of our numbers, asked for every few minutes. Nothing that is sent waits for it."""

import dataclasses
import datetime
import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from celery.exceptions import SoftTimeLimitExceeded
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext_noop

from messaging import account_figures, account_history, numbers
from messaging.encryption import Undecipherable
from messaging.models import AccountEvent, WhatsAppNumber
from messaging.whatsapp import account_api, errors
from messaging.whatsapp.account_api import Health, NumberFacts, TokenFacts
from messaging.whatsapp.errors import Action, Unanswered, WhatsAppError
from messaging.whatsapp.graph import Graph

logger = logging.getLogger(__name__)
T = TypeVar("T")

TURN = 240.0  # seconds for all numbers; who is left out has better luck the next time
CHECK = "check"
NO_ANSWER = gettext_noop("WhatsApp did not answer the last check. The next one follows by itself.")
# Without the right to send, as opposed to one that is only needed for looking.
NO_PERMISSION = frozenset({3, 10, *range(200, 300), 131005})


@dataclasses.dataclass(frozen=True)
class Findings:
    """What a check has found; None for what WhatsApp did not say, and the first trouble in asking."""

    facts: NumberFacts
    health: Health | None
    token: TokenFacts | None
    trouble: WhatsAppError | None


def check_all() -> None:
    """Check every number. The trouble of one does not stop the others."""
    until = time.monotonic() + TURN
    for number in WhatsAppNumber.objects.exclude(access_token_encrypted="").order_by("?"):
        if time.monotonic() > until:
            logger.warning("There was no time to check every number.")
            return
        try:
            check(number)
        except SoftTimeLimitExceeded:
            raise
        except Exception:
            logger.exception("Number %s could not be checked.", number.pk)


def check(number: WhatsAppNumber) -> bool:
    """Ask WhatsApp how a number is, and note it; return whether WhatsApp has answered.

    One that WhatsApp says cannot send is paused, as sending to a family would; a passing trouble is noted.
    Safe to repeat, also at once.
    """
    at = timezone.now()
    with translation.override("en"):  # what a worker notes is English, whoever asks
        try:
            findings = _ask(number)
        except Undecipherable as error:
            _note_trouble(number, str(error))
        except WhatsAppError as error:
            _note_failure(number, error, at)
        else:
            _store(number, findings, at)
            return True
    return False


def _ask(number: WhatsAppNumber) -> Findings:
    token = number.access_token
    with numbers.graph(token) as graph:
        try:
            facts = account_api.number_facts(graph, number.phone_number_id)
        except WhatsAppError as error:
            raise _about_sending(graph, token, error) from None
        asked = Questions()
        health = asked.try_to(account_api.health, graph, number.phone_number_id)
        of_account = asked.try_to(account_api.health, graph, number.waba_id)
        about_token = asked.try_to(account_api.token_facts, graph, token)
    return Findings(facts, _together(health, of_account), about_token, asked.trouble)


class Questions:
    """Questions that may stay without an answer; `trouble` is the first one's."""

    def __init__(self) -> None:
        self.trouble: WhatsAppError | None = None

    def try_to(self, ask: Callable[..., T], *what: Any) -> T | None:
        try:
            return ask(*what)
        except WhatsAppError as error:
            self.trouble = self.trouble or error
            return None


def _about_sending(graph: Graph, token: str, error: WhatsAppError) -> WhatsAppError:
    """A token that may send but not look at its number is trouble for the check alone."""
    if error.code not in NO_PERMISSION:
        return error
    found = Questions().try_to(account_api.token_facts, graph, token)
    if found and found.scopes and account_api.NEEDED_SCOPES[0] not in found.scopes:
        return error
    return WhatsAppError(error.message, error.code, Action.OUR_BUG, error.http_status)


def _together(one: Health | None, other: Health | None) -> Health | None:
    return one + other if one and other else one or other


def _note_failure(number: WhatsAppNumber, error: WhatsAppError, at: datetime.datetime) -> None:
    words = _in_words(error)
    _note_trouble(number, words)
    if error.code is None or error.action != Action.PAUSE_NUMBER or not numbers.pause(number, words):
        return
    account_history.note(
        AccountEvent(
            waba_id=number.waba_id,
            number=number,
            source=AccountEvent.Source.CHECK,
            kind=CHECK,
            severity=AccountEvent.Severity.CRITICAL,
            words=words[:300],
            after=f"{error.code}",
            key=account_history.key_of(CHECK, number.pk, at),
            at=at,
        )
    )


def _store(number: WhatsAppNumber, findings: Findings, at: datetime.datetime) -> None:
    for field, figure in _figures(number, findings).items():
        _change(number, field, figure, at)
    noted: dict[str, Any] = {
        "checked_at": at,
        "check_trouble": _in_words(findings.trouble)[:300] if findings.trouble else "",
        "display_phone": number.display_phone or findings.facts.display_phone,
    }
    if findings.health:
        noted["health"] = dataclasses.asdict(findings.health)
    _same(number).update(**noted)
    AccountEvent.objects.in_force().filter(number=number, kind=CHECK).update(ended_at=at)


def _figures(number: WhatsAppNumber, findings: Findings) -> dict[str, Any]:
    """The figures that differ from what is known, by the number's field; nothing for what was not said."""
    facts, health, token = findings.facts, findings.health, findings.token
    known_quality = facts.quality if facts.quality in WhatsAppNumber.Quality.values else ""
    figures: dict[str, Any] = {
        "quality": known_quality,
        "tier": facts.tier,
        "throughput": account_figures.throughput(number, facts.throughput),
        "name_status": facts.name_status,
        "account_status": facts.status,
        "can_send": health.can_send if health else "",
    }
    figures = {field: figure for field, figure in figures.items() if figure}
    if token:
        figures["token_expires_at"] = token.expires_at
    return {field: figure for field, figure in figures.items() if figure != getattr(number, field)}


def _change(number: WhatsAppNumber, field: str, figure: Any, at: datetime.datetime) -> None:
    """What the first check finds is no change, unless it is bad."""
    is_first = number.checked_at is None
    if is_first and account_figures.severity(field, number, figure) == AccountEvent.Severity.INFO:
        _same(number).update(**{field: figure})
        return
    key = account_history.key_of(CHECK, number.pk, field, at)
    account_figures.change(number, field, figure, source=AccountEvent.Source.CHECK, at=at, key=key)


def _note_trouble(number: WhatsAppNumber, words: str) -> None:
    _same(number).update(check_trouble=words[:300])


def _same(number: WhatsAppNumber) -> QuerySet[WhatsAppNumber]:
    """The number, unless it has another token since: what is said is true of the old one."""
    return WhatsAppNumber.objects.filter(pk=number.pk, access_token_encrypted=number.access_token_encrypted)


def _in_words(error: WhatsAppError) -> str:
    if isinstance(error, Unanswered) or error.action in errors.PASSING:
        return NO_ANSWER
    return str(error) if error.code is None or error.action == Action.OUR_BUG else errors.explain(error.code)
