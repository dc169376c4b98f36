"""The bodies of POST /{phone_number_id}/messages.

https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
"""

from collections.abc import Mapping, Sequence
from typing import Any

from messaging.whatsapp.identity import is_user_id

REFERENCE_LIMIT = 512
TEXT_LIMIT = 4096
INTERACTIVE_LIMIT = 1024  # characters above buttons


def template_message(
    *,
    to: str,
    name: str,
    language: str,
    variables: Sequence[str],
    reference: str,
    buttons: Sequence[str] = (),
) -> dict[str, Any]:
    """Return a template message. `buttons`: what its quick replies send back when tapped, in order."""
    components = [_body(variables)] if variables else []
    components += [_quick_reply(index, payload) for index, payload in enumerate(buttons)]
    template = {"name": name, "language": {"code": language}, "components": components}
    return _message(to, "template", template, reference)


def text_message(
    *,
    to: str,
    body: str,
    reference: str,
    reply_to: str | None = None,
    buttons: Sequence[Mapping[str, str]] = (),
) -> dict[str, Any]:
    """Return a free text, which Meta takes within 24 hours of the person's last message only.

    `buttons`: up to three, each with the `id` that comes back and the `title` that is shown.
    """
    if buttons:
        content = {
            "type": "button",
            "body": {"text": body},
            "action": {"buttons": [{"type": "reply", "reply": dict(button)} for button in buttons]},
        }
        message = _message(to, "interactive", content, reference)
    else:
        message = _message(to, "text", {"preview_url": False, "body": body}, reference)
    return message | {"context": {"message_id": reply_to}} if reply_to else message


def _message(to: str, kind: str, content: dict[str, Any], reference: str) -> dict[str, Any]:
    if len(reference) > REFERENCE_LIMIT:
        raise ValueError(f"A reference has at most {REFERENCE_LIMIT} characters.")
    return {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        **_recipient(to),
        "type": kind,
        kind: content,
        "biz_opaque_callback_data": reference,
    }


def _recipient(to: str) -> dict[str, str]:
    """Without a plus Meta may put the sender's country code in front; a user id in `to` is lost silently."""
    if is_user_id(to):
        return {"recipient": to}
    if not to.startswith("+"):
        raise ValueError("A phone number must be in international form, beginning with a plus.")
    return {"to": to}


def _body(variables: Sequence[str]) -> dict[str, Any]:
    return {"type": "body", "parameters": [{"type": "text", "text": text} for text in variables]}


def _quick_reply(index: int, payload: str) -> dict[str, Any]:
    parameters = [{"type": "payload", "payload": payload}]
    return {"type": "button", "sub_type": "quick_reply", "index": str(index), "parameters": parameters}
