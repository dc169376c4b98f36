"""What can go wrong between us and Meta, by what it means for the message."""

from messaging.whatsapp.codes import Action, Verdict, codes_of, explain, verdict_for
from messaging.whatsapp.tolerant import JSON, flag, identifier, mapping, number, word

__all__ = [
    "PASSING",
    "Action",
    "NotSent",
    "Rejected",
    "Retryable",
    "Unanswered",
    "Verdict",
    "WhatsAppError",
    "codes_of",
    "explain",
    "judge",
    "verdict_for",
]

# With code 100: the call itself is refused, whichever the message (no appsecret_proof, wrong number ID).
_WRONG_DOOR = "GraphMethodException"
_BY_STATUS = {
    401: Action.PAUSE_NUMBER,
    403: Action.PAUSE_NUMBER,
    404: Action.PAUSE_NUMBER,
    407: Action.RETRY,
    408: Action.RETRY,
    425: Action.RETRY,
    429: Action.SLOW_NUMBER,
}


class WhatsAppError(Exception):
    """What Meta said, and what to do about it. The message never holds a token, a text or a full number."""

    def __init__(
        self,
        message: str,
        code: int | None = None,
        action: Action = Action.OUR_BUG,
        http_status: int | None = None,
        details: str = "",
        trace_id: str = "",
    ) -> None:
        super().__init__(message, code, action, http_status, details, trace_id)
        self.message = message
        self.code = code
        self.action = action
        self.http_status = http_status
        self.details = details
        self.trace_id = trace_id

    def __str__(self) -> str:
        return self.message if self.code is None else f"{self.message} (code {self.code})"


class Retryable(WhatsAppError):
    """Meta did not take the message, and the same request may succeed: by itself, or after a repair."""


class NotSent(Retryable):
    """The request surely never left: no name, no connection, no TLS."""

    def __init__(self, message: str) -> None:
        super().__init__(message, action=Action.RETRY)

    def __reduce__(self) -> tuple[type["NotSent"], tuple[str]]:
        return type(self), (self.message,)


class Rejected(WhatsAppError):
    """Meta refuses this message; sending it again as it is cannot help."""


class Unanswered(WhatsAppError):
    """The request may have been accepted: it left, or part of it, and no answer came that can be read."""

    def __init__(self, message: str, http_status: int | None = None) -> None:
        super().__init__(message, action=Action.AWAIT_RECEIPT, http_status=http_status)

    def __reduce__(self) -> tuple[type["Unanswered"], tuple[str, int | None]]:
        return type(self), (self.message, self.http_status)


PASSING = frozenset(
    {Action.RETRY, Action.RETRY_BRIEFLY, Action.SLOW_PAIR, Action.SLOW_NUMBER, Action.SLOW_APP}
)
_RETRYABLE = PASSING | {Action.PAUSE_NUMBER}


def judge(http_status: int, body: object) -> WhatsAppError:
    """Return what an answer other than success means: by its code, or by the HTTP status if it has none."""
    error = mapping(mapping(body).get("error"))
    code = _code(error)
    if code is None:
        return _without_code(http_status)
    action = _action(code, error, http_status)
    kind = Retryable if action in _RETRYABLE else Rejected
    message = word(error.get("message"), 300) or "WhatsApp refused the request"
    return kind(
        message, code, action, http_status, _details(error), identifier(error.get("fbtrace_id")) or ""
    )


def _code(error: JSON) -> int | None:
    """Return Meta's code; for 100, which says little, a subcode that is known (33, those of templates)."""
    code, subcode = number(error.get("code")), number(error.get("error_subcode"))
    return subcode if code == 100 and verdict_for(subcode) else code


def _action(code: int, error: JSON, http_status: int) -> Action:
    if code == 100 and error.get("type") == _WRONG_DOOR:
        return Action.PAUSE_NUMBER
    verdict = verdict_for(code)
    if verdict:
        return verdict.action
    is_passing = http_status >= 500 or flag(error.get("is_transient"))
    return Action.RETRY if is_passing else Action.OUR_BUG


def _details(error: JSON) -> str:
    details = mapping(error.get("error_data")).get("details")
    return word(details, 500) or word(error.get("error_user_msg"), 500) or ""


def _without_code(http_status: int) -> WhatsAppError:
    """A server error without Meta's words may come from before or behind the place that accepts."""
    message = f"WhatsApp answered HTTP {http_status} without saying why"
    if http_status >= 500 or http_status < 300:
        return Unanswered(message, http_status)
    if http_status < 400:
        message = (
            f"The WhatsApp address answered with a redirect (HTTP {http_status}); check WHATSAPP_API_URL"
        )
        return Retryable(message, None, Action.PAUSE_NUMBER, http_status)
    action = _BY_STATUS.get(http_status, Action.OUR_BUG)
    return (Retryable if action in _RETRYABLE else Rejected)(message, None, action, http_status)
