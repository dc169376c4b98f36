"""What stands around every page of the admin: the sidebar, the school's name, the environment."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from schools.admin import access

SHOWN_AS = {
    "development": (_("Development"), "info"),
    "test": (_("Test"), "warning"),
    "production": (_("Production"), "success"),
}


@dataclass(frozen=True)
class Entry:
    """A page in the sidebar; who may not open the page does not see the entry."""

    title: str | Promise
    icon: str
    model: str
    page: str = "changelist"


Group = tuple[str | Promise, list[Entry]]
FOR_EVERYBODY: list[Group] = [
    (
        _("Messages"),
        [
            Entry(_("Write today’s update"), "edit_square", "messaging.DailyUpdate", "add"),
            Entry(_("Daily updates"), "menu_book", "messaging.DailyUpdate"),
            Entry(_("Notices"), "campaign", "messaging.Notice"),
            Entry(_("Emergencies"), "emergency_home", "messaging.Emergency"),
            Entry(_("Conversations"), "chat", "messaging.Conversation"),
            Entry(_("Reminders"), "alarm", "messaging.Reminder"),
        ],
    ),
    (
        _("School"),
        [
            Entry(_("Classes"), "groups", "schools.SchoolClass"),
            Entry(_("Students"), "backpack", "schools.Student"),
            Entry(_("Contacts"), "contacts", "schools.Contact"),
            Entry(_("Staff"), "badge", "schools.Membership"),
            Entry(_("Calendar"), "calendar_month", "schools.CalendarDay"),
            Entry(_("Automatic answers"), "smart_toy", "messaging.ReplySettings"),
            Entry(_("School years"), "date_range", "schools.AcademicYear"),
            Entry(_("Our school"), "school", "schools.School", "own"),
        ],
    ),
]
FOR_OPERATORS: Group = (
    _("Operation"),
    [
        Entry(_("Schools"), "school", "schools.School", "all"),
        Entry(_("Everything sent"), "outbox", "messaging.Announcement"),
        Entry(_("Messages, one by one"), "mail", "messaging.Message"),
        Entry(_("Replies, one by one"), "reply", "messaging.Reply"),
        Entry(_("WhatsApp numbers"), "phone_iphone", "messaging.WhatsAppNumber"),
        Entry(_("Templates"), "description", "messaging.MessageTemplate"),
        Entry(_("News from WhatsApp"), "notifications", "messaging.AccountEvent"),
        Entry(_("Callbacks"), "webhook", "messaging.WebhookEvent"),
        Entry(_("Incidents"), "report", "monitoring.Incident"),
        Entry(_("Users"), "manage_accounts", "schools.User"),
    ],
)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """The pages this user may open, in groups, with the one she is on marked."""
    home = _item(_("Home"), "home", reverse("admin:index"))
    navigation = [*FOR_EVERYBODY, *([FOR_OPERATORS] if access.is_operator(request) else [])]
    groups = [(None, [home])] + [(title, _items(request, entries)) for title, entries in navigation]
    links = [item["link"] for _title, items in groups for item in items]
    here = max((link for link in links if request.path.startswith(link)), key=len, default=None)
    for _title, items in groups:
        for item in items:
            item["active"] = item["link"] == here
    return [{"title": title, "items": items} for title, items in groups if items]


def school_name(request: HttpRequest) -> str:
    school = access.own_school(request)
    return school.name_in(get_language() or "") if school else ""


def environment(request: HttpRequest) -> list[str | Promise] | None:
    """A label against mistaking a trial for the real thing; only operators are told “Production”."""
    if settings.ENVIRONMENT == "production" and not access.is_operator(request):
        return None
    return list(SHOWN_AS[settings.ENVIRONMENT])


def _items(request: HttpRequest, entries: list[Entry]) -> list[dict[str, Any]]:
    found = [(entry, _link(request, entry)) for entry in entries]
    return [_item(entry.title, entry.icon, link) for entry, link in found if link]


def _item(title: str | Promise, icon: str, link: str) -> dict[str, Any]:
    return {"title": title, "icon": icon, "link": link, "permission": None}


def _link(request: HttpRequest, entry: Entry) -> str | None:
    try:
        model = apps.get_model(entry.model)
        model_admin = admin.site.get_model_admin(model)
    except (LookupError, NotRegistered):
        return None
    if entry.page == "add":
        allowed = model_admin.has_add_permission(request)
    else:
        allowed = model_admin.has_view_permission(request)
    if not allowed:
        return None
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    if entry.page in {"own", "all"}:
        return _school_link(request, name, entry.page)
    return reverse(f"{name}_{entry.page}")


def _school_link(request: HttpRequest, name: str, page: str) -> str | None:
    """A principal goes straight to her school; an operator to the list of schools."""
    if access.is_operator(request):
        return reverse(f"{name}_changelist") if page == "all" else None
    school = access.own_school(request)
    if page == "all":
        return None
    return reverse(f"{name}_change", args=[school.pk]) if school else reverse(f"{name}_changelist")
