"""What Meta says of a number, an account and a token, and the few calls that set them up.

Every call raises the errors of messaging.whatsapp.errors.
https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/phone-numbers
"""

import dataclasses
import datetime

from messaging.whatsapp import tiers
from messaging.whatsapp.exchange import path_of
from messaging.whatsapp.graph import Graph
from messaging.whatsapp.tolerant import (
    JSON,
    capitals,
    flag,
    identifier,
    items,
    mapping,
    mappings,
    moment,
    number,
    word,
)

NUMBER_FIELDS = (
    "verified_name,display_phone_number,quality_rating,status,name_status,code_verification_status,platform_type,"
    "throughput,whatsapp_business_manager_messaging_limit,webhook_configuration,account_mode"
)
# https://developers.facebook.com/documentation/business-messaging/whatsapp/throughput
PER_SECOND = {"STANDARD": 80, "HIGH": 1000}
AVAILABLE, LIMITED, BLOCKED = "AVAILABLE", "LIMITED", "BLOCKED"
NEEDED_SCOPES = ("whatsapp_business_messaging", "whatsapp_business_management")
# The most particular callback address is the one that counts.
_CALLBACKS = ("phone_number", "whatsapp_business_account", "application")
_WORST_LAST = ("", AVAILABLE, LIMITED, BLOCKED)


@dataclasses.dataclass(frozen=True, slots=True)
class NumberFacts:
    """A number as Meta has it; "" and None for what it does not say."""

    verified_name: str = ""
    display_phone: str = ""
    quality: str = ""  # GREEN, YELLOW, RED, UNKNOWN
    status: str = ""  # CONNECTED when it may send
    name_status: str = ""
    tier: str = ""  # as TIER_2K
    throughput: int | None = None  # messages a second
    callback_url: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class TokenFacts:
    """A token as Meta has it. `expires_at` None: never."""

    is_valid: bool
    expires_at: datetime.datetime | None = None
    scopes: frozenset[str] = frozenset()
    app_id: str = ""
    kind: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Obstacle:
    """Why something may not send, in Meta's words, and what Meta says can be done."""

    code: int | None
    description: str = ""
    solution: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Entity:
    """One of those that a message depends on: PHONE_NUMBER, WABA, BUSINESS, APP or MESSAGE_TEMPLATE."""

    kind: str
    id: str
    can_send: str
    obstacles: tuple[Obstacle, ...] = ()
    notes: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True)
class Health:
    """Whether messages may be sent, AVAILABLE, LIMITED or BLOCKED, and what stands in the way."""

    can_send: str = ""
    entities: tuple[Entity, ...] = ()

    def __add__(self, other: "Health") -> "Health":
        """Both together: as bad as the worse, each entity once."""
        known = {(each.kind, each.id) for each in self.entities}
        added = tuple(each for each in other.entities if (each.kind, each.id) not in known)
        worse = max(self.can_send, other.can_send, key=_WORST_LAST.index)
        return Health(worse, self.entities + added)


def number_facts(graph: Graph, phone_number_id: str) -> NumberFacts:
    found = graph.get(path_of(phone_number_id), fields=NUMBER_FIELDS)
    level = word(mapping(found.get("throughput")).get("level"), 30) or ""
    return NumberFacts(
        verified_name=word(found.get("verified_name"), 60) or "",
        display_phone=word(found.get("display_phone_number"), 30) or "",
        quality=capitals(found.get("quality_rating"), 10) or "",
        status=capitals(found.get("status"), 30) or "",
        name_status=capitals(found.get("name_status"), 30) or "",
        tier=(tiers.tier_of(found.get("whatsapp_business_manager_messaging_limit")) or "")[:20],
        throughput=PER_SECOND.get(level.upper()),
        callback_url=_callback_url(mapping(found.get("webhook_configuration"))),
    )


def health(graph: Graph, node_id: str) -> Health:
    """The health of a number, an account or a template."""
    found = mapping(graph.get(path_of(node_id), fields="health_status").get("health_status"))
    return Health(_can_send(found), tuple(_entity(each) for each in mappings(found.get("entities"))))


def token_facts(graph: Graph, access_token: str) -> TokenFacts:
    """What Meta knows of a token. The call is made with the graph's own, which may be the same."""
    found = mapping(graph.get("debug_token", input_token=access_token.strip()).get("data"))
    return TokenFacts(
        is_valid=flag(found.get("is_valid")) is True,
        expires_at=moment(found.get("expires_at")),
        scopes=frozenset(text for text in map(word, items(found.get("scopes"))) if text),
        app_id=identifier(found.get("app_id")) or "",
        kind=capitals(found.get("type"), 30) or "",
    )


def phone_number_ids(graph: Graph, waba_id: str) -> list[str]:
    """The numbers of an account; the first hundred, and none has more."""
    found = graph.get(f"{path_of(waba_id)}/phone_numbers", fields="id", limit=100)
    return [text for text in (identifier(each.get("id")) for each in mappings(found.get("data"))) if text]


def subscribed_app_ids(graph: Graph, waba_id: str) -> list[str]:
    """The apps that get the account's callbacks."""
    found = graph.get(f"{path_of(waba_id)}/subscribed_apps")
    apps = [mapping(each.get("whatsapp_business_api_data")) for each in mappings(found.get("data"))]
    return [text for text in (identifier(app.get("id")) for app in apps) if text]


def subscribe(graph: Graph, waba_id: str) -> None:
    """Have the account's callbacks sent to the app of the token. Safe to repeat."""
    graph.post(f"{path_of(waba_id)}/subscribed_apps", {})


def register(graph: Graph, phone_number_id: str, pin: str) -> None:
    """Register a number for sending, with its six digits of two-step verification (new or as set before)."""
    graph.post(f"{path_of(phone_number_id)}/register", {"messaging_product": "whatsapp", "pin": pin})


def _callback_url(configuration: JSON) -> str:
    return next((url for url in (word(configuration.get(key), 500) for key in _CALLBACKS) if url), "")


def _entity(found: JSON) -> Entity:
    return Entity(
        kind=capitals(found.get("entity_type"), 30) or "",
        id=identifier(found.get("id")) or "",
        can_send=_can_send(found),
        obstacles=tuple(_obstacle(each) for each in mappings(found.get("errors"))),
        notes=tuple(text[:500] for text in map(word, items(found.get("additional_info"))) if text),
    )


def _obstacle(found: JSON) -> Obstacle:
    return Obstacle(
        number(found.get("error_code")),
        word(found.get("error_description"), 500) or "",
        word(found.get("possible_solution"), 500) or "",
    )


def _can_send(found: JSON) -> str:
    said = capitals(found.get("can_send_message"))
    return said if said and said in _WORST_LAST else ""
