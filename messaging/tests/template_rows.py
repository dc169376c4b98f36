"""Templates as rows and as Meta lists them, alike unless a test says otherwise."""

from django.conf import settings

from messaging.models import MessageTemplate
from messaging.tests.factories import WABA

BODY = "Namaste! A notice from {{1}} to all the families: {{2}} Thank you for reading."
EDIT = {"success": True}


def template_of(**fields):
    """An approved notice."""
    return MessageTemplate.objects.create(
        **{
            "waba_id": WABA,
            "name": "notice",
            "language_code": "en",
            "content_language": "en",
            "kind": "notice",
            "status": "APPROVED",
            "body": BODY,
            "variables": ["school", "text"],
            **fields,
        }
    )


def listed(*, body=BODY, header="", footer="", buttons=(), **fields):
    """An entry of Meta's list."""
    components = [{"type": "BODY", "text": body}]
    components += [{"type": "HEADER", "format": "TEXT", "text": header}] if header else []
    components += [{"type": "FOOTER", "text": footer}] if footer else []
    replies = [{"type": "QUICK_REPLY", "text": label} for label in buttons]
    components += [{"type": "BUTTONS", "buttons": replies}] if replies else []
    entry = {"name": "notice", "language": "en", "status": "APPROVED", "category": "UTILITY"}
    return entry | {"id": "1689556908129832", "components": components} | fields


def list_url(waba_id=WABA):
    return f"http://127.0.0.1:1/{settings.WHATSAPP_API_VERSION}/{waba_id}/message_templates"


def node_url(node):
    return f"http://127.0.0.1:1/{settings.WHATSAPP_API_VERSION}/{node}"
