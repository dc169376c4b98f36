"""What a person fills in; each form checks all that can be known before the preview."""

import datetime
import re
import uuid
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.widgets import INPUT_CLASSES, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from messaging.admin.asking import AsksField
from messaging.answers import Approved
from messaging.models import Announcement, Kind
from schools.admin.scoped import ScopedForm
from schools.models import SchoolClass

LATE = datetime.timedelta(minutes=5)  # a form filled in slowly is still in time
FURTHEST = datetime.timedelta(days=365)
GAP = re.compile(r"_{2,}")
TOO_LONG = _("Please shorten this to %(limit_value)d characters; it has %(show_value)d.")
SAID_BY_PEOPLE = [
    (audience.value, audience.label)
    for audience in Announcement.Audience
    if audience != Announcement.Audience.TEACHERS_WITHOUT_UPDATE
]


class ComposeForm(ScopedForm):
    """`choosable` are the classes it may be for: those of one school that the user may write to.

    `approved` are the buttons that this school may send below it now.
    """

    kind: ClassVar[Kind]
    choosable: ClassVar[QuerySet[SchoolClass]] = SchoolClass.objects.none()
    approved: ClassVar[Approved] = {}

    form_token = forms.UUIDField(required=False, widget=forms.HiddenInput, initial=uuid.uuid4)
    asks = AsksField()
    send_at = forms.DateTimeField(
        label=_("Send at"),
        required=False,
        help_text=_("Leave empty to send as soon as you press Send."),
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local", "class": " ".join(INPUT_CLASSES)}, format="%Y-%m-%dT%H:%M"
        ),
        error_messages={"invalid": _("Choose a day and a time, or leave this empty to send now.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.kind = self.kind
        self.fields["asks"].offer(self.kind, self.approved, self.instance.asks)  # type: ignore[attr-defined]
        for field in self.fields.values():
            _mind_length(field)

    def _get_validation_exclusions(self) -> set[str]:
        """Keep the kind: the constraints are about it."""
        return super()._get_validation_exclusions() - {"kind"}

    def clean_send_at(self) -> datetime.datetime | None:
        send_at, now = self.cleaned_data["send_at"], timezone.now()
        if send_at and send_at < now - LATE:
            raise ValidationError(
                _("This time has passed. Choose a later one, or leave it empty to send now.")
            )
        if send_at and send_at > now + FURTHEST:
            raise ValidationError(_("This is more than a year ahead. Please check the year."))
        return send_at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.instance._state.adding:
            self.instance.form_token = cleaned.get("form_token") or uuid.uuid4()
        return cleaned


class DailyUpdateForm(ComposeForm):
    kind = Kind.DAILY_UPDATE

    school_class = forms.ModelChoiceField(
        SchoolClass.objects.none(),
        label=_("Class"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose the class."),
            "invalid_choice": _("Choose one of your classes."),
        },
    )
    understanding = forms.ChoiceField(
        label=_("How it went"),
        choices=Announcement.Understanding.choices,
        initial=Announcement.Understanding.GOOD,
        widget=forms.RadioSelect,
    )
    subject = forms.CharField(
        label=_("Subject"),
        max_length=60,
        required=False,
        widget=UnfoldAdminTextInputWidget({"list": "subjects", "placeholder": _("Mathematics")}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["school_class"]
        field.queryset = self.choosable  # type: ignore[attr-defined]
        field.initial = self._class_before() or field.initial
        self.is_only_class = len(field.choices) == 1  # type: ignore[attr-defined]
        if self.is_only_class and field.initial is None:
            field.initial = self.choosable[0].pk
        self.subjects = self._subjects()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("subject") and not cleaned.get("topic") and not self.errors:
            self.add_error("topic", _("Write the subject or what the class did today."))
        return cleaned

    def _post_clean(self) -> None:
        """A model's own check would say the same about subject and topic once more."""
        if not self.errors:
            super()._post_clean()  # type: ignore[misc]

    def _save_m2m(self) -> None:
        super()._save_m2m()  # type: ignore[misc]
        self.instance.classes.set([self.cleaned_data["school_class"]])

    def _class_before(self) -> int | None:
        if self.instance._state.adding:
            return None
        return self.instance.classes.values_list("pk", flat=True).first()

    def _subjects(self) -> list[str]:
        """The subjects of the school's last updates, offered while she types."""
        recent = Announcement.objects.filter(school=self.instance.school_id, kind=Kind.DAILY_UPDATE)
        return sorted({subject for subject in recent.values_list("subject", flat=True)[:100] if subject})


class TextForm(ComposeForm):
    """A text in one or both languages, for the whole school or for some classes."""

    classes = forms.ModelMultipleChoiceField(
        SchoolClass.objects.none(),
        label=_("Classes"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("No class chosen means the whole school."),
        error_messages={"invalid_choice": _("Choose classes of this school only.")},
    )
    audience = forms.ChoiceField(
        label=_("Who gets it"),
        choices=SAID_BY_PEOPLE,
        initial=Announcement.Audience.GUARDIANS,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["classes"].queryset = self.choosable  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("text_en", "text_ne"):
            if GAP.search(cleaned.get(name) or ""):
                self.add_error(name, _("Fill in what is still missing: the place marked ____."))
        if not cleaned.get("text_en") and not cleaned.get("text_ne") and not self.errors:
            self.add_error("text_en", _("Write the text in at least one language."))
        return cleaned

    def _post_clean(self) -> None:
        if not self.errors:
            super()._post_clean()  # type: ignore[misc]


class NoticeForm(TextForm):
    kind = Kind.NOTICE


class EmergencyForm(TextForm):
    kind = Kind.EMERGENCY

    emergency_kind = forms.ChoiceField(
        label=_("What has happened?"),
        choices=Announcement.EmergencyKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what kind of emergency it is.")},
    )


def text_widget(rows: int, **attrs: Any) -> UnfoldAdminTextareaWidget:
    return UnfoldAdminTextareaWidget({"rows": rows, **attrs})


def _mind_length(field: forms.Field) -> None:
    """Say in plain words what is too long, and let the page count what is left."""
    limit = getattr(field, "max_length", None)
    if not limit:
        return
    for validator in field.validators:
        if getattr(validator, "code", "") == "max_length":
            validator.message = TOO_LONG  # type: ignore[attr-defined]
    field.widget.attrs.pop("maxlength", None)
    field.widget.attrs["data-room"] = limit
