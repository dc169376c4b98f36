"""What an operator writes into a template: lines as fields, and the rules said before WhatsApp says them."""

from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from messaging import template_rules, template_submission, template_use
from messaging.models import MessageTemplate
from schools.admin.scoped import ScopedForm

TEXTS = template_submission.TEXTS


class LinesField(forms.CharField):
    """A list, one entry in each line."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", UnfoldAdminTextareaWidget({"rows": 2}))
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def clean(self, value: Any) -> Any:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), (data or "").replace("\r\n", "\n").strip())


class BodyField(forms.CharField):
    """A text whose lines end as in WhatsApp."""

    def clean(self, value: Any) -> Any:
        return super().clean(value).replace("\r\n", "\n")


def names_field() -> LinesField:
    return LinesField(
        widget=UnfoldAdminTextareaWidget({"rows": 4}),
        label=_("Variables"),
        help_text=_("What fills {{1}}, {{2}} and so on, one in each line: school, children, text …"),
    )


def buttons_field() -> LinesField:
    return LinesField(label=_("Buttons"), help_text=_("What stands on each button, one in each line."))


class TemplateForm(ScopedForm):
    """Refuses what Meta would refuse, and what could not be filled in."""

    variables = names_field()
    buttons = buttons_field()

    class Meta:
        field_classes = {"body": BodyField}
        widgets = {"body": UnfoldAdminTextareaWidget({"rows": 12})}

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if not self.errors:
            for problem in problems(self.instance):
                self.add_error(None, problem)


class SubmitDialog(BaseDialogForm):
    """Shows what WhatsApp will say to it; goes no further while there is something to put right."""

    form_before_template = "admin/messaging/template/submit.html"

    def clean(self) -> dict[str, Any]:
        if template_submission.problems(self.template):
            raise forms.ValidationError(_("This has to be put right first."))
        return self.cleaned_data

    @property
    def template(self) -> MessageTemplate:
        return MessageTemplate.objects.get(pk=self.object_id)

    def get_before_template_context(
        self, request: HttpRequest, object_id: int | str | None = None
    ) -> dict[str, Any]:
        template = self.template
        return {
            "template": template,
            "problems": template_submission.problems(template),
            "warnings": template_rules.warnings(template),
        }


class ChangeTextDialog(BaseDialogForm):
    """The texts of a template that WhatsApp has; nothing of them is stored before WhatsApp has them."""

    header = forms.CharField(
        label=_("Heading"), required=False, max_length=60, widget=UnfoldAdminTextInputWidget
    )
    body = BodyField(label=_("Text"), max_length=1024, widget=UnfoldAdminTextareaWidget({"rows": 8}))
    footer = forms.CharField(
        label=_("Last line"), required=False, max_length=60, widget=UnfoldAdminTextInputWidget
    )
    buttons = buttons_field()
    variables = names_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.template = MessageTemplate.objects.get(pk=kwargs["object_id"])
        kwargs["initial"] = {name: getattr(self.template, name) for name in TEXTS}
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Put the texts on the row, which is not saved."""
        for name in TEXTS:
            setattr(self.template, name, self.cleaned_data.get(name, getattr(self.template, name)))
        if not self.errors:
            for problem in template_submission.problems(self.template):
                self.add_error("body", problem)
        return self.cleaned_data


def problems(template: MessageTemplate) -> list[str]:
    """What stands against saving it: for a draft all that would be refused, else what could not be used."""
    if template.status == MessageTemplate.Status.DRAFT:
        return template_submission.problems(template)
    return template_use.check(template) if template.kind else []
