"""The control API for what Meta thinks of number, account and token, with the callbacks it makes."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from simulator import news
from simulator.account import Account
from simulator.control import control, wanted, word_of
from simulator.control_templates import QUALITIES
from simulator.settings import BadSetting
from simulator.state import Number, World

JSON = dict[str, Any]
TIERS = ("TIER_250", "TIER_2K", "TIER_10K", "TIER_100K", "TIER_UNLIMITED")
HEALTHS = ("AVAILABLE", "LIMITED", "BLOCKED")
DAY = 86400


@control
async def post_numbers(world: World, order: JSON) -> JSON:
    """Add a business number, or change one: id, display_phone_number, waba_id, status, messaging_limit …"""
    known = world.numbers.get(order["id"])
    first = next(iter(world.numbers.values()))
    base = asdict(known) if known else {"waba_id": first.waba_id}
    base = {key: value for key, value in base.items() if key not in ("bucket", "metadata")}
    try:
        world.add_number(Number(**(base | order)))
    except TypeError:
        raise BadSetting(
            "A number takes id, display_phone_number, waba_id, verified_name, status, …"
        ) from None
    return {"ok": True, "numbers": list(world.numbers)}


@control
async def post_number(world: World, order: JSON) -> JSON:
    """Change what Meta thinks of a number: quality, tier, throughput, name, username, security, health."""
    number = world.number(str(order.get("id") or next(iter(world.numbers))), "post")
    for change in wanted(NUMBER_CHANGES, order):
        change(world, number, order)
    return {"ok": True, "number": _shown(number)}


@control
async def post_account(world: World, order: JSON) -> JSON:
    """Restrict, ban, review … an account, with its callbacks. `payment_failed` has none: sends fail later."""
    account = world.account(str(order.get("waba_id") or world.options.waba_id))
    for change in wanted(ACCOUNT_CHANGES, order):
        change(world, account, order)
    return {"ok": True, "account": account.as_json()}


@control
async def post_token(world: World, order: JSON) -> JSON:
    """What the access token is worth: is_valid, expires_in (seconds, null: never), scopes, kind."""
    token = world.token
    if "expires_in" in order:
        seconds = order["expires_in"]
        token.expires_at = 0.0 if seconds is None else world.clock.wall() + float(seconds)
    token.is_valid = order.get("is_valid", token.is_valid) is True
    token.scopes = tuple(map(str, order.get("scopes", token.scopes)))
    token.kind = str(order.get("kind", token.kind)).upper()
    return {"ok": True, "token": asdict(token)}


@control
async def get_account(world: World, order: JSON) -> JSON:
    return {
        "numbers": [_shown(each) for each in world.numbers.values()],
        "accounts": [each.as_json() for each in world.accounts.values()],
        "token": asdict(world.token),
        "now": world.clock.wall(),
    }


def set_subscription(world: World, account: Account, is_subscribed: bool) -> None:
    """Without a subscription no callbacks come, and nobody says so."""
    account.is_subscribed = is_subscribed
    change = world.callbacks.unsubscribed.discard if is_subscribed else world.callbacks.unsubscribed.add
    change(account.waba_id)


def _set_status(world: World, number: Number, order: JSON) -> None:
    number.status = str(order["status"]).upper()


def _set_quality(world: World, number: Number, order: JSON) -> None:
    """Only red, and the way out of it, are told."""
    quality = word_of(order, "quality", QUALITIES)
    previous, number.quality_rating = number.quality_rating, quality
    if quality == "RED" and previous != "RED":
        news.tell_limit(world, number, "FLAGGED")
    elif previous == "RED" and quality != "RED":
        news.tell_limit(world, number, "UNFLAGGED")


def _set_tier(world: World, number: Number, order: JSON) -> None:
    """The limit belongs to the portfolio: every number gets it."""
    tier = word_of(order, "tier", TIERS)
    is_more = TIERS.index(tier) > TIERS.index(number.messaging_limit)
    for each in world.numbers.values():
        each.messaging_limit = tier
    value = {"max_daily_conversations_per_business": tier, "max_phone_numbers_per_waba": 25}
    news.tell(world, number.waba_id, "business_capability_update", value)
    news.tell_limit(world, number, "UPGRADE" if is_more else "DOWNGRADE")


def _set_throughput(world: World, number: Number, order: JSON) -> None:
    number.throughput = word_of(order, "throughput", ("STANDARD", "HIGH"))
    if number.throughput == "HIGH":
        news.tell_limit(world, number, "THROUGHPUT_UPGRADE")


def _decide_name(world: World, number: Number, order: JSON) -> None:
    decision = word_of(order, "name_decision", ("APPROVED", "REJECTED", "DEFERRED", "PENDING"))
    name = str(order.get("name", number.verified_name))
    number.name_status = "DECLINED" if decision == "REJECTED" else decision
    if decision == "APPROVED":
        number.verified_name = name
    reason = str(order.get("reason", "NAME_NOT_CONSISTENT")) if decision == "REJECTED" else None
    value = {"display_phone_number": number.phone, "decision": decision, "requested_verified_name": name}
    news.tell(world, number.waba_id, "phone_number_name_update", value | {"rejection_reason": reason})


def _set_username(world: World, number: Number, order: JSON) -> None:
    number.username = str(order["username"] or "")
    status = str(order.get("username_status") or ("approved" if number.username else "deleted"))
    value = {"display_phone_number": number.phone, "status": status}
    if number.username:
        value["username"] = number.username
    news.tell(world, number.waba_id, "business_username_update", value)


def _tell_security(world: World, number: Number, order: JSON) -> None:
    event = word_of(order, "security", ("PIN_CHANGED", "PIN_RESET_REQUEST", "PIN_REQUEST_SUCCESS"))
    value = {"display_phone_number": number.phone, "event": event}
    if event == "PIN_RESET_REQUEST":
        value["requester"] = str(order.get("requester", "61555822107539"))
    news.tell(world, number.waba_id, "security", value)


def _restrict(world: World, account: Account, order: JSON) -> None:
    """A restriction of so many days (3); null lifts all of them, which Meta tells nobody."""
    if not order["restriction"]:
        account.restrictions.clear()
        return
    until = world.clock.wall() + float(order.get("days", 3)) * DAY
    account.restrict(str(order["restriction"]).upper(), until)
    told = [{"restriction_type": kind, "expiration": int(at)} for kind, at in account.restrictions.items()]
    value = {"event": "ACCOUNT_RESTRICTION", "restriction_info": told}
    news.tell(world, account.waba_id, "account_update", value)


def _ban(world: World, account: Account, order: JSON) -> None:
    state = word_of(order, "ban", ("DISABLE", "SCHEDULE_FOR_DISABLE", "REINSTATE"))
    account.ban = "" if state == "REINSTATE" else state
    ban = {"waba_ban_state": state, "waba_ban_date": news.as_meta_writes(world.clock.wall())}
    news.tell(world, account.waba_id, "account_update", {"event": "DISABLED_UPDATE", "ban_info": ban})


def _review(world: World, account: Account, order: JSON) -> None:
    account.review = word_of(order, "review", ("APPROVED", "REJECTED", "PENDING", "DEFERRED"))
    news.tell(world, account.waba_id, "account_review_update", {"decision": account.review})


def _set_payment(world: World, account: Account, order: JSON) -> None:
    account.payment_failed = order["payment_failed"] is True


def _tell_event(world: World, account: Account, order: JSON) -> None:
    value = {"event": str(order["event"]).upper(), **order.get("details", {})}
    news.tell(world, account.waba_id, "account_update", value)


def _subscribe(world: World, account: Account, order: JSON) -> None:
    set_subscription(world, account, order["subscribed"] is True)


def _alert(world: World, account: Account, order: JSON) -> None:
    alert = order["alert"]
    wishes = alert if isinstance(alert, dict) else {"type": str(alert)}
    info = {
        "alert_severity": str(wishes.get("severity", "WARNING")).upper(),
        "alert_status": str(wishes.get("status", "ACTIVE")).upper(),
        "alert_type": str(wishes.get("type", "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED")),
        "alert_description": str(wishes.get("description", "Limits cannot be increased yet.")),
    }
    entity = {"entity_type": str(wishes.get("entity_type", "WABA"))}
    entity["entity_id"] = str(wishes.get("entity_id", account.waba_id))
    news.tell(world, account.waba_id, "account_alerts", entity | {"alert_info": info})


def _set_health(world: World, about: Number | Account, order: JSON) -> None:
    """A word, {"can_send_message": "LIMITED", "additional_info": […]} or with `errors`; {} lifts it."""
    health = order["health"]
    if isinstance(health, str):
        health = {"can_send_message": health.upper()}
    if not isinstance(health, dict) or health.get("can_send_message", "AVAILABLE") not in HEALTHS:
        raise BadSetting(f"health takes {', '.join(HEALTHS)}, or an object with can_send_message.")
    about.health = health


def _shown(number: Number) -> JSON:
    return {key: value for key, value in vars(number).items() if key not in ("bucket", "metadata")}


NUMBER_CHANGES: dict[str, Callable[[World, Number, JSON], None]] = {
    "status": _set_status,
    "quality": _set_quality,
    "tier": _set_tier,
    "throughput": _set_throughput,
    "name_decision": _decide_name,
    "username": _set_username,
    "security": _tell_security,
    "health": _set_health,
}
ACCOUNT_CHANGES: dict[str, Callable[[World, Account, JSON], None]] = {
    "restriction": _restrict,
    "ban": _ban,
    "review": _review,
    "payment_failed": _set_payment,
    "alert": _alert,
    "event": _tell_event,
    "subscribed": _subscribe,
    "health": _set_health,
}
