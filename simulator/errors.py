"""Meta's error codes, with the HTTP status and words of its error page.

https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

from typing import Any, NamedTuple


class Kind(NamedTuple):
    http: int
    title: str
    details: str = ""


KINDS = {
    0: Kind(401, "AuthException"),
    1: Kind(400, "API Unknown"),
    2: Kind(503, "Service temporarily unavailable"),
    3: Kind(500, "Application does not have the capability to make this API call."),
    4: Kind(400, "Application request limit reached"),
    10: Kind(403, "Application does not have permission for this action"),
    33: Kind(400, "Parameter value is not valid"),
    100: Kind(400, "Invalid parameter"),
    190: Kind(401, "Error validating access token: Session has expired."),
    200: Kind(403, "Permissions error"),
    368: Kind(403, "Temporarily blocked for policies violations"),
    80007: Kind(400, "Rate limit issues"),
    130429: Kind(400, "Rate limit hit", "Cloud API message throughput has been reached."),
    130472: Kind(400, "User's number is part of an experiment"),
    130497: Kind(403, "Business account is restricted from messaging users in this country."),
    131000: Kind(500, "Something went wrong"),
    131005: Kind(403, "Access denied"),
    131008: Kind(400, "Required parameter is missing"),
    131009: Kind(400, "Parameter value is not valid"),
    131016: Kind(500, "Service unavailable", "Service temporarily unavailable"),
    131021: Kind(400, "Recipient cannot be sender", "Recipient and sender phone number is the same."),
    131026: Kind(400, "Message undeliverable", "Message Undeliverable."),
    131030: Kind(
        400,
        "Recipient phone number not in allowed list",
        "Recipient phone number not in allowed list: add it to the recipient list of the test number.",
    ),
    131031: Kind(403, "Business Account locked"),
    131037: Kind(400, "Display name approval required before sending messages"),
    131042: Kind(
        400,
        "Business eligibility payment issue",
        "Message failed to send because there were one or more errors related to your payment method.",
    ),
    131045: Kind(500, "Incorrect certificate"),
    131047: Kind(
        400,
        "Re-engagement message",
        "Message failed to send because more than 24 hours have passed since the customer last replied to "
        "this number.",
    ),
    131048: Kind(400, "Spam rate limit hit"),
    131049: Kind(
        400,
        "This message was not delivered to maintain healthy ecosystem engagement.",
        "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
    ),
    131050: Kind(
        400,
        "Unable to deliver the message. This recipient has chosen to stop receiving marketing messages on "
        "WhatsApp from your business",
        "User stopped marketing messages",
    ),
    131051: Kind(400, "Unsupported message type"),
    131053: Kind(400, "Media upload error", "Unable to upload the media used in the message."),
    131055: Kind(400, "Method not allowed"),
    131056: Kind(
        400,
        "(Business Account, Consumer Account) pair rate limit hit",
        "Message failed to send because there were too many messages sent from this phone number to the "
        "same phone number in a short period of time.",
    ),
    131057: Kind(500, "Account in maintenance mode", "Business Account is in maintenance mode"),
    131059: Kind(400, "Invalid paging cursor"),
    131062: Kind(400, "Business-scoped User ID (BSUID) recipients are not supported for this message."),
    132000: Kind(400, "Number of parameters does not match the expected number of params"),
    132001: Kind(404, "Template name does not exist in the translation"),
    132005: Kind(400, "Translated text too long", "Hydrated text too long"),
    132012: Kind(400, "Parameter format does not match format in the created template"),
    132015: Kind(400, "Template is Paused", "Template is paused due to low quality"),
    132016: Kind(400, "Template is Disabled", "Template disabled"),
    132018: Kind(
        400,
        "There’s an issue with the parameters in your template",
        "Param text cannot have new-line/tab characters or more than 4 consecutive spaces",
    ),
    139100: Kind(400, "Failed to block or unblock some users"),
    133004: Kind(503, "Server Temporarily Unavailable"),
    133005: Kind(400, "Two-step verification PIN mismatch"),
    133010: Kind(400, "Phone number not registered", "Account not registered"),
}
UNLISTED = Kind(400, "Error")
WITHOUT_DATA = {0, 2, 4, 190, 368, 80007}
HREF = "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes"


class MetaError(Exception):
    """A refusal in Meta's words: a code of its error page, details, and an HTTP status."""

    def __init__(
        self,
        code: int,
        details: str = "",
        *,
        message: str = "",
        subcode: int | None = None,
        http: int | None = None,
        user_title: str = "",
        user_message: str = "",
    ) -> None:
        kind = KINDS.get(code, UNLISTED)
        super().__init__(f"{code} {details or kind.details or kind.title}")
        self.code, self.http, self.subcode = code, http or kind.http, subcode
        self.details = details or kind.details or kind.title
        self.message = message
        self.user_title, self.user_message = user_title, user_message

    def body(self, trace: str) -> dict[str, Any]:
        bare = bool(self.message) or self.code in WITHOUT_DATA
        kind = KINDS.get(self.code, UNLISTED)
        message = self.message or (kind.title if self.code == 190 else f"(#{self.code}) {kind.title}")
        error: dict[str, Any] = {"message": message, "type": self._type(), "code": self.code}
        if not bare:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        if self.subcode:
            error["error_subcode"] = self.subcode
        if self.user_title:
            error |= {"error_user_title": self.user_title, "error_user_msg": self.user_message}
        return {"error": error | {"fbtrace_id": trace}}

    def _type(self) -> str:
        return "GraphMethodException" if self.code == 100 and self.message else "OAuthException"


def failure(code: int) -> dict[str, Any]:
    """The element of `errors` in a failed status."""
    kind = KINDS.get(code, UNLISTED)
    details = {"details": kind.details or kind.title}
    return {"code": code, "title": kind.title, "message": kind.title, "error_data": details, "href": HREF}
