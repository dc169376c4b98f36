"""What WhatsApp tells of our numbers and accounts changes our rows, becomes history, and stops sending."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from messaging import account_figures, account_history, numbers
from messaging.account_meanings import Meaning, meanings
from messaging.models import AccountEvent, WhatsAppNumber
from messaging.whatsapp.events import AccountNews
from messaging.whatsapp.tolerant import digits

CALLBACK = AccountEvent.Source.CALLBACK
Quality = WhatsAppNumber.Quality

# In the words of a number's own name_status.
NAME_STATUSES = {"REJECTED": "DECLINED", "PENDING": "PENDING_REVIEW", "DEFERRED": "PENDING_REVIEW"}
# Only that it is low no longer, not what it is now: the next check knows.
QUALITIES = {"FLAGGED": Quality.RED, "UNFLAGGED": Quality.UNKNOWN}


def apply(news: Sequence[AccountNews]) -> None:
    """Take in what WhatsApp tells, in whatever order it comes. Safe to repeat; makes no call."""
    for each in sorted(news, key=attrgetter("at")):
        number = _number_of(each)
        for concerned, field, figure in _figures(each, number):
            account_figures.change(
                concerned,
                field,
                figure,
                source=CALLBACK,
                at=_at(each),
                key=_key(each, concerned.pk, field),
                value=each.raw,
            )
        for meaning in meanings(each):
            _note(each, meaning, number)


def _figures(news: AccountNews, number: WhatsAppNumber | None) -> Iterator[tuple[WhatsAppNumber, str, Any]]:
    """The number, the field and the figure of all that the news change."""
    if news.tier:
        for each in _sharing_limit(news, number):
            yield each, "tier", news.tier[:20]
    if number is None:
        return
    if news.throughput:
        yield number, "throughput", account_figures.throughput(number, news.throughput)
    if news.field == "phone_number_quality_update" and news.event in QUALITIES:
        yield number, "quality", QUALITIES[news.event]
    if news.field == "phone_number_name_update":
        yield number, "name_status", NAME_STATUSES.get(news.event, news.event)[:30]


def _note(news: AccountNews, meaning: Meaning, number: WhatsAppNumber | None) -> None:
    event = AccountEvent(
        waba_id=(news.waba_id or "")[:40],
        number=number,
        source=CALLBACK,
        kind=meaning.kind,
        severity=meaning.severity,
        words=meaning.words,
        after=meaning.after[:100],
        value=news.raw,
        key=_key(news, meaning.kind),
        at=_at(news),
        until=meaning.until,
    )
    if not account_history.note(event):
        return
    for ended in account_history.end_before(event, also=meaning.ends):
        numbers.resume_from(ended.words, _of_account(news))
    if meaning.pauses:
        _pause(_of_account(news), event)


def _pause(concerned: Iterable[WhatsAppNumber], event: AccountEvent) -> None:
    if event.until and event.until <= timezone.now():
        return
    for number in concerned:
        numbers.pause(number, event.words, until=event.until)


def _number_of(news: AccountNews) -> WhatsAppNumber | None:
    if news.phone_number_id:
        return WhatsAppNumber.objects.filter(phone_number_id=news.phone_number_id).first()
    if not news.display_phone:
        return None
    candidates = WhatsAppNumber.objects.filter(waba_id=news.waba_id or "")
    return next((each for each in candidates if digits(each.display_phone) == news.display_phone), None)


def _sharing_limit(news: AccountNews, number: WhatsAppNumber | None) -> QuerySet[WhatsAppNumber]:
    """The limit is the portfolio's, and of all its accounts."""
    one = number or _of_account(news).first()
    return WhatsAppNumber.objects.in_portfolio_of(one) if one else WhatsAppNumber.objects.none()


def _of_account(news: AccountNews) -> QuerySet[WhatsAppNumber]:
    """The numbers of the account or portfolio that the news came for."""
    if not news.waba_id:
        return WhatsAppNumber.objects.none()
    return WhatsAppNumber.objects.filter(Q(waba_id=news.waba_id) | Q(portfolio_id=news.waba_id))


def _at(news: AccountNews) -> datetime.datetime:
    """Never in the future, whatever WhatsApp's clock says."""
    return min(news.at, timezone.now())


def _key(news: AccountNews, *which: object) -> str:
    return account_history.key_of(
        news.field, news.event, news.waba_id, news.phone_number_id, news.at, news.raw, *which
    )
