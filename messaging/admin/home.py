"""The home page: a section for each thing that the person is, at each of her schools."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from messaging import unread
from messaging.admin import home_operator, home_sections
from messaging.models import DailyUpdate, Emergency, Notice
from schools.admin import access
from schools.admin.access import MANAGERS
from schools.models import AcademicYear, Role, School, User

NOON, EVENING = 12, 17


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Fill the home page; what the person may not do is not offered."""
    user: User = request.user  # type: ignore[assignment]
    taught = access.schools_with(request, [Role.TEACHER])
    managed = access.schools_with(request, MANAGERS)
    return context | {
        "title": greeting(user, [*taught, *managed]),
        "teacher_sections": home_sections.of_teacher(user, taught),
        "answers": home_sections.answers(user) if taught else None,
        "num_unread": unread.num_of(user) if taught else 0,
        "school_sections": home_sections.of_schools(managed),
        "operator": home_operator.section() if access.is_operator(request) else None,
        "write_update": add_page(request, DailyUpdate),
        "write_notice": add_page(request, Notice),
        "write_emergency": add_page(request, Emergency),
        "school_years": list_page(request, AcademicYear),
        "has_many_schools": len({*taught, *managed}) > 1,
    }


def greeting(user: User, schools: Sequence[School]) -> str:
    """“Good afternoon, Sita”, by the clock of her school."""
    now = schools[0].local_now() if schools else timezone.localtime()
    words: str | Promise = _("Good evening, %(name)s")
    if now.hour < EVENING:
        words = _("Good afternoon, %(name)s")
    if now.hour < NOON:
        words = _("Good morning, %(name)s")
    return str(words) % {"name": user.first_name or user.get_username()}


def add_page(request: HttpRequest, model: type[Model]) -> str:
    """Where one is written; "" for who may not."""
    if not admin.site.get_model_admin(model).has_add_permission(request):
        return ""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_add")


def list_page(request: HttpRequest, model: type[Model]) -> str:
    """Where all of them are listed; "" for who may not see them."""
    if not admin.site.get_model_admin(model).has_view_permission(request):
        return ""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
