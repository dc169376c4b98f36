from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext
from unfold.decorators import display

from messaging import failures
from messaging.admin import addresses
from messaging.admin.ledger import LedgerAdmin, moment
from monitoring.models import Incident

Kind = Incident.Kind


@admin.register(Incident)
class IncidentAdmin(LedgerAdmin):
    """What kept messages from leaving; operators only."""

    school_path = None
    empty_text = _("All is well: nothing has kept messages from leaving.")

    list_display = ["kind", "about", "reason", "standing", "since", "over"]
    list_filter = ["kind"]
    fieldsets = [
        (None, {"fields": ["kind", "where", "reason", "to_do"]}),
        (None, {"fields": ["standing", "since", "seen", "over"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Incident]:
        """Without what may pass by itself."""
        return super().get_queryset(request).filter(opened_at__isnull=False)

    @display(description=_("state"), label={"open": "danger", "over": "success"})
    def standing(self, incident: Incident) -> tuple[str, str]:
        if incident.closed_at is None:
            return "open", pgettext("incident", "Open")
        return "over", pgettext("incident", "Over")

    @admin.display(description=_("since"))
    def since(self, incident: Incident) -> str:
        return moment(incident.first_seen_at, None)

    @admin.display(description=_("last seen"))
    def seen(self, incident: Incident) -> str:
        return moment(incident.last_seen_at, None)

    @admin.display(description=_("over at"))
    def over(self, incident: Incident) -> str:
        return moment(incident.closed_at, None)

    @admin.display(description=_("why"))
    def reason(self, incident: Incident) -> str:
        return failures.noted(incident.why) or "–"

    @admin.display(description=_("what to do"))
    def to_do(self, incident: Incident) -> str:
        return incident.what_to_do if incident.closed_at is None else "–"

    @admin.display(description=_("where"))
    def where(self, incident: Incident) -> SafeString:
        return format_html('<a href="{}">{}</a>', page_of(incident), incident.about)


def page_of(incident: Incident) -> str:
    """The page where it can be repaired."""
    if incident.kind == Kind.ANNOUNCEMENT_STOPPED:
        return addresses.progress(int(incident.subject))
    if incident.kind in Incident.TOLD:
        return reverse("admin:messaging_accountevent_change", args=[incident.subject])
    number = incident.subject.split()[0]
    return reverse("admin:messaging_whatsappnumber_change", args=[number])
