"""What WhatsApp's answers mean for somebody who connects a number. Pure."""

import datetime
from collections import Counter
from collections.abc import Collection, Iterator

from messaging.connecting.findings import Finding, missing, note, well
from messaging.whatsapp import account_api
from messaging.whatsapp.account_api import Health, NumberFacts, TokenFacts
from messaging.whatsapp.template_api import Listed

SOON = datetime.timedelta(days=7)
GOOD_NAMES = {"APPROVED", "AVAILABLE_WITHOUT_REVIEW"}
NEW_TOKEN = "Create a token for a system user in Business settings and put it into WA_ACCESS_TOKEN."


def of_token(facts: TokenFacts, now: datetime.datetime) -> Iterator[Finding]:
    if not facts.is_valid:
        yield missing("WhatsApp does not take the token.", NEW_TOKEN)
        return
    yield _end_of_token(facts.expires_at, now)
    lacking = [scope for scope in account_api.NEEDED_SCOPES if scope not in facts.scopes]
    if lacking:
        yield missing(f"The token lacks {' and '.join(lacking)}.", "Create one that has both permissions.")
    else:
        yield well(f"It has both permissions, for app {facts.app_id or 'without an ID'}.")
    if facts.kind and facts.kind != "SYSTEM_USER":
        yield note(f"The token is one of kind {facts.kind}.", "That of a system user outlives a person’s.")


def _end_of_token(expires_at: datetime.datetime | None, now: datetime.datetime) -> Finding:
    if expires_at is None:
        return well("WhatsApp takes the token; it never expires.")
    words = f"WhatsApp takes the token until {expires_at:%Y-%m-%d %H:%M} UTC."
    return (
        note(words, "Create one that never expires, before that day.")
        if expires_at < now + SOON
        else well(words)
    )


def of_number(facts: NumberFacts) -> Iterator[Finding]:
    yield well(f"WhatsApp knows the number: {facts.display_phone or 'no phone told'}.")
    if facts.name_status in GOOD_NAMES:
        yield well(f"Its name is “{facts.verified_name}”.")
    else:
        yield note(
            f"Its name “{facts.verified_name}” is not approved: {facts.name_status or 'nothing told'}.",
            "Ask for a name in WhatsApp Manager that is the school’s.",
        )
    if facts.quality == "RED":
        yield note("Its quality is low.", "Send only what families need: many have blocked or reported it.")
    else:
        yield well(f"Its quality: {facts.quality or 'not known yet'}.")
    yield well(f"People who may be written to first in a day: {facts.tier or 'not told'}.")


def of_belonging(phone_number_id: str, ids: Collection[str]) -> Finding:
    if phone_number_id in ids:
        return well("The number belongs to the account.")
    return missing(
        "The number does not belong to the account in WA_BUSINESS_ACCOUNT_ID.",
        "Compare both IDs with WhatsApp Manager; do not mix up account, number and portfolio.",
    )


def of_health(health: Health) -> Iterator[Finding]:
    if health.can_send == account_api.AVAILABLE:
        yield well("WhatsApp says that it may send.")
        return
    says = note if health.can_send != account_api.BLOCKED else missing
    obstacles = [each for entity in health.entities for each in entity.obstacles]
    for each in obstacles:
        yield says(each.description or f"Error {each.code}.", each.solution or "See WhatsApp Manager.")
    if not obstacles:
        words = f"Whether it may send, WhatsApp says: {health.can_send or 'nothing'}."
        yield says(words, "See WhatsApp Manager, under Account quality.")


def of_templates(listed: Collection[Listed]) -> Finding:
    counts = Counter(each.status for each in listed)
    words = ", ".join(f"{num} {status or 'without a status'}" for status, num in sorted(counts.items()))
    if counts["APPROVED"]:
        return well(f"Templates: {words}.")
    words = f"No template is approved ({words or 'there is none'})."
    return missing(words, "Run `manage.py push_templates` and wait for WhatsApp’s review, a day at most.")
