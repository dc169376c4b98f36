"""The way from a contact to the conversation with them."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from messaging import opening
from messaging.admin import addresses
from messaging.models import Conversation
from schools.admin.access import EVERYONE
from schools.models import Contact


def with_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to the conversation with a contact; where there is none yet, a press of a button begins it."""
    contacts: Any = admin.site.get_model_admin(Contact)
    contact: Contact = get_object_or_404(contacts.rows(request, EVERYONE), pk=pk)
    known = Conversation.objects.filter(contact=contact).first()
    if known is None and request.method == "POST":
        known = opening.of_contact(contact)
        if known is None:
            messages.error(request, _("The school has no WhatsApp number yet. Please tell your operator."))
            return redirect(reverse("admin:schools_contact_change", args=[pk]))
    if known:
        return redirect(addresses.conversation(known.pk))
    context = admin.site.each_context(request) | {"title": str(contact), "contact": contact}
    return TemplateResponse(request, "admin/messaging/conversation/begin.html", context)
