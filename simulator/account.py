"""What Meta keeps about a WhatsApp Business Account and about the access token, and what follows from it."""

from dataclasses import asdict, dataclass, field
from typing import Any

from simulator.errors import MetaError
from simulator.settings import BadSetting

JSON = dict[str, Any]
BUSINESS_ID, APP_ID = "500000000000001", "300000000000001"
SCOPES = ("whatsapp_business_messaging", "whatsapp_business_management")
INITIATED = "RESTRICTED_BIZ_INITIATED_MESSAGING"
ANSWERED = "RESTRICTED_CUSTOMER_INITIATED_MESSAGING"
UTILITY = "RESTRICTED_UTILITY_TEMPLATES"
RESTRICTIONS = (
    INITIATED, ANSWERED, UTILITY, "RESTRICTED_ADD_PHONE_NUMBER_ACTION",
    "RESTRICTED_DIRECT_SEND_UTILITY_TEMPLATES",
)  # fmt: skip
PAYMENT_ERROR = {
    "error_code": 141006,
    "error_description": "There is an error with the payment method.",
    "possible_solution": "Add a valid payment method.",
}
BAN_ERROR = {
    "error_code": 131031,
    "error_description": "The account has been disabled for violating a policy.",
    "possible_solution": "Ask for a review in WhatsApp Manager.",
}


@dataclass
class Account:
    waba_id: str
    name: str = "Himal Secondary School"
    review: str = "APPROVED"
    ban: str = ""
    payment_failed: bool = False
    is_subscribed: bool = True
    callback_override: str = ""
    restrictions: dict[str, float] = field(default_factory=dict)
    health: JSON = field(default_factory=dict)

    def restrict(self, kind: str, until: float) -> None:
        if kind not in RESTRICTIONS:
            raise BadSetting(f"restriction takes {', '.join(RESTRICTIONS)}.")
        self.restrictions[kind] = until

    def refuse(self, is_initiated: bool, category: str, now: float) -> None:
        """Raises MetaError for a send this account may not make."""
        if self.ban == "DISABLE":
            raise MetaError(131031, "Business Account has been locked")
        if not self.restrictions:
            return
        forbidden = {INITIATED} if is_initiated else {ANSWERED}
        if category == "utility":
            forbidden.add(UTILITY)
        if any(self.restrictions.get(kind, 0) > now for kind in forbidden):
            raise MetaError(368)

    def entity(self, now: float) -> JSON:
        """The account's part of a health_status."""
        if self.ban == "DISABLE" or self.payment_failed:
            error = BAN_ERROR if self.ban == "DISABLE" else PAYMENT_ERROR
            return entity("WABA", self.waba_id, {"can_send_message": "BLOCKED", "errors": [error]})
        active = [kind for kind, until in self.restrictions.items() if until > now]
        if active:
            told = {"can_send_message": "LIMITED", "additional_info": active}
            return entity("WABA", self.waba_id, told | self.health)
        return entity("WABA", self.waba_id, self.health)

    def as_json(self) -> JSON:
        return asdict(self)


@dataclass
class Token:
    """`expires_at` 0: never."""

    kind: str = "SYSTEM_USER"
    expires_at: float = 0.0
    is_valid: bool = True
    scopes: tuple[str, ...] = SCOPES

    def is_good(self, now: float) -> bool:
        return self.is_valid and not 0 < self.expires_at <= now

    def refusal(self, now: float) -> MetaError:
        has_expired = 0 < self.expires_at <= now
        expired = "Error validating access token: Session has expired. The current time is later."
        invalid = "Error validating access token: The user has not authorized application."
        message, subcode = (expired, 463) if has_expired else (invalid, 458)
        return MetaError(190, message=message, subcode=subcode)


def entity(kind: str, node: str, told: JSON) -> JSON:
    return {"entity_type": kind, "id": node, "can_send_message": "AVAILABLE", **told}


def health(*entities: JSON) -> JSON:
    """A health_status: as bad as the worst of what it is made of."""
    order = ("AVAILABLE", "LIMITED", "BLOCKED")
    worst = max((each["can_send_message"] for each in entities), key=order.index)
    return {"can_send_message": worst, "entities": list(entities)}
