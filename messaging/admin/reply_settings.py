"""How a school answers by itself, as its principal and office set it."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from messaging.admin import usual_words
from messaging.admin.reply_settings_form import ReplySettingsForm
from messaging.models import ReplySettings
from schools.admin import access
from schools.admin.scoped import MANAGERS, ScopedAdmin
from schools.models import Language

LIST = "admin:messaging_replysettings_changelist"


@admin.register(ReplySettings)
class ReplySettingsAdmin(ScopedAdmin):
    """One row a school; who has one school goes straight to hers, and it is made when she first saves."""

    viewers = editors = MANAGERS
    empty_text = _("Every school answers in the usual words until it sets its own.")

    form = ReplySettingsForm
    list_display = ["school", "welcomes", "office_from", "office_until"]
    list_select_related = ["school"]
    search_fields = ["school__name"]
    ordering = ["school__name"]
    readonly_fields = ["usual_welcome", "usual_help", "usual_away"]
    fieldsets: ClassVar[Any] = [
        (_("First message"), {"fields": ["school", "welcomes", "welcome_en", "welcome_ne", "usual_welcome"]}),
        (_("Help"), {"fields": ["help_en", "help_ne", "usual_help"]}),
        (
            _("Outside office hours"),
            {"fields": [("office_from", "office_until"), "away_en", "away_ne", "usual_away"]},
        ),
        (
            _("Words that are an order"),
            {
                "description": _("When one of these is the whole message, it is done at once and confirmed."),
                "fields": ["stop_words", "start_words", "help_words", "language_words"],
            },
        ),
    ]

    class Media:
        css = {"all": ["messaging/conversation.css"]}

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        own = access.own_school(request)
        if own is None or not self.has_view_permission(request):
            return super().changelist_view(request, extra_context)
        return redirect(_page_of(own.pk))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Somebody else may have made them meanwhile: then they are changed."""
        own = access.own_school(request)
        if own and request.method != "POST" and ReplySettings.objects.filter(school=own).exists():
            return redirect(_page_of(own.pk))
        return super().add_view(request, form_url, _title(extra_context))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        return super().change_view(request, object_id, form_url, _title(extra_context))

    def response_add(
        self, request: HttpRequest, obj: ReplySettings, post_url_continue: Any = None
    ) -> HttpResponse:
        super().response_add(request, obj, post_url_continue)
        return redirect(reverse(LIST))

    def response_change(self, request: HttpRequest, obj: ReplySettings) -> HttpResponse:
        super().response_change(request, obj)
        return redirect(reverse(LIST))

    @admin.display(description=_("the usual words"))
    def usual_welcome(self, settings: ReplySettings) -> SafeString | str:
        return _in_both(settings, usual_words.welcome)

    @admin.display(description=_("the usual words"))
    def usual_help(self, settings: ReplySettings) -> SafeString | str:
        return _in_both(settings, usual_words.help_)

    @admin.display(description=_("the usual words"))
    def usual_away(self, settings: ReplySettings) -> SafeString | str:
        if settings.office_from is None:
            return _t("Nothing is answered by itself before there are office hours.")
        return _in_both(settings, usual_words.away)


def _page_of(school: int) -> str:
    settings = ReplySettings.objects.filter(school=school).first()
    if settings is None:
        return reverse("admin:messaging_replysettings_add")
    return reverse("admin:messaging_replysettings_change", args=[settings.pk])


def _title(extra_context: dict[str, Any] | None) -> dict[str, Any]:
    return {"title": _("Automatic answers")} | (extra_context or {})


def _in_both(settings: ReplySettings, words: usual_words.Words) -> SafeString | str:
    """As the families would read them; a school that is not chosen yet has no name to say."""
    if settings.school_id is None:
        return "–"
    bubbles = [(language.value, words(settings, language)) for language in Language]
    return format_html_join("", '<p class="usual" lang="{}">{}</p>', bubbles)
