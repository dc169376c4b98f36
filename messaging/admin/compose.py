"""Write, then preview: what the pages for writing have in common, whatever is said."""

import uuid
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from messaging import announcements, answers
from messaging.admin import addresses, rights
from messaging.admin.announcement_list import AnnouncementList
from messaging.models import Announcement, Kind
from schools.admin import access
from schools.models import School, SchoolClass


class Overtaken(Exception):
    """The row this form is about has been written by the same form, or sent, while it was being saved."""

    def __init__(self, announcement: Announcement) -> None:
        self.announcement = announcement


class ComposeAdmin(AnnouncementList):
    """A draft is written and changed here, and looked at on the preview; what was sent is not changed.

    The form carries a token: sent twice it makes one draft, and sent again with other words (a person who
    went back) it changes that draft.
    """

    kind: ClassVar[Kind]
    title: ClassVar[str | Promise]
    change_form_template = add_form_template = ""
    warn_unsaved_form = True

    class Media:
        js = ["messaging/once.js", "messaging/compose.js"]
        css = {"all": ["messaging/messaging.css"]}

    # Who may write

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        row = self.get_object(request, str(obj)) if obj and not isinstance(obj, Announcement) else obj
        return super().has_change_permission(request, row) and (
            row is None or (row.is_draft and rights.may_send(request, row))
        )

    # The page

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id) if object_id else self._made_before(request)
        if row and not row.is_draft:
            return self._was_sent(request, row)
        if row is None and object_id is None and self._school(request) is None:
            return self._ask_school(request)
        try:
            pk = object_id or (row and str(row.pk))
            return super().changeform_view(
                request, pk, form_url, {"title": self.title} | (extra_context or {})
            )
        except Overtaken as overtaken:
            return redirect(addresses.page(overtaken.announcement))

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[Any]:
        form = super().get_form(request, obj, change, **kwargs)
        form.own_school = school = self._school(request, obj)
        form.choosable = self._choosable(request, school) if school else SchoolClass.objects.none()
        form.approved = answers.approved(school, self.kind) if school else {}
        return form

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        known = super().get_changeform_initial_data(request)
        return {name: known[name] for name in ("school_class", "classes", "emergency_kind") if name in known}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form = context["adminform"].form
        context |= {
            "num_classes": len(form.choosable),
            "may_manage_classes": self.admin_site.get_model_admin(SchoolClass).has_add_permission(request),
            "writes_for": None if access.own_school(request) else form.instance.school,
        }
        return super().render_change_form(request, context, *args, **kwargs)

    # Saving

    def save_model(self, request: HttpRequest, obj: Announcement, form: ModelForm, change: bool) -> None:
        if change:
            _refuse_sent(obj)
            super().save_model(request, obj, form, change)
            return
        obj.written_by = request.user  # type: ignore[assignment]
        token = obj.form_token
        if not announcements.save_draft(obj) and token:
            raise Overtaken(Announcement.objects.get(form_token=token))

    def response_add(
        self, request: HttpRequest, obj: Announcement, post_url_continue: Any = None
    ) -> HttpResponse:
        return redirect(addresses.preview(obj.pk))

    def response_change(self, request: HttpRequest, obj: Announcement) -> HttpResponse:
        return redirect(addresses.preview(obj.pk))

    def _made_before(self, request: HttpRequest) -> Announcement | None:
        """The row that this very form has made before, if the user may still change it."""
        token = _uuid(request.POST.get("form_token", ""))
        made = announcements.draft_of_form(token) if token else None
        return self.get_object(request, str(made.pk)) if made else None

    def _was_sent(self, request: HttpRequest, announcement: Announcement) -> HttpResponse:
        if request.method == "POST":
            messages.info(request, _("This has been sent already, so your changes were not saved."))
        return redirect(addresses.progress(announcement.pk))

    # The school: a person with one is not asked

    def _school(self, request: HttpRequest, obj: Announcement | None = None) -> School | None:
        if obj is not None:
            return obj.school
        schools = self._schools(request)
        if len(schools) == 1:
            return schools[0]
        asked = {"pk": request.GET.get("school"), "academic_years__classes": request.GET.get("school_class")}
        return next(filter(None, (_pick(schools, lookup, pk) for lookup, pk in asked.items())), None)

    def _schools(self, request: HttpRequest) -> list[School]:
        if access.is_operator(request):
            return list(School.objects.all())
        return access.schools_with(request, self.editors)

    def _ask_school(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": self.title,
            "schools": self._schools(request),
            "media": self.media,
        }
        return TemplateResponse(request, "admin/messaging/choose_school.html", context)

    def _choosable(self, request: HttpRequest, school: School) -> QuerySet[SchoolClass]:
        class_admin: Any = self.admin_site.get_model_admin(SchoolClass)
        classes = class_admin.rows(request, self.editors)
        current = classes.current(school.local_now().date()).filter(academic_year__school=school)
        return current.order_by(Length("grade"), "grade", "section")


def _refuse_sent(announcement: Announcement) -> None:
    """Hold the row until the change is saved; raise Overtaken if it is no draft any more."""
    row = Announcement.objects.select_for_update(of=("self",)).get(pk=announcement.pk)
    if not row.is_draft:
        raise Overtaken(row)


def _pick(schools: list[School], lookup: str, pk: str | None) -> School | None:
    if not pk or not pk.isdecimal():
        return None
    found = School.objects.filter(**{lookup: pk}).first()
    return found if found in schools else None


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
