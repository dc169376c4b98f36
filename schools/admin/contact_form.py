from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from schools import phones
from schools.admin.scoped import ScopedForm
from schools.models import Unreachable

NUMBER_PROBLEMS = {Unreachable.NO_NUMBER, Unreachable.INVALID_NUMBER}


class ContactForm(ScopedForm):
    """Takes a phone as people write it, and says itself whether the number can be on WhatsApp."""

    phone = forms.CharField(
        label=_("Phone"),
        required=False,
        max_length=60,
        widget=UnfoldAdminTextInputWidget({"type": "tel", "autocomplete": "off"}),
        help_text=_("As in 9841234567; numbers from abroad with + and their country code."),
    )
    parsed: phones.Phone | None = None

    def clean_phone(self) -> str:
        text = self.cleaned_data["phone"].strip()
        try:
            self.parsed = phones.parse(text) if text else None
        except phones.InvalidPhone as error:
            raise ValidationError(_("“%(text)s” %(why)s."), params={"text": text, "why": error}) from error
        return self.parsed.e164 if self.parsed else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "phone" in cleaned:
            self.instance.unreachable = self._unreachable(cleaned["phone"])
        return cleaned

    def _unreachable(self, phone: str) -> str:
        before = self.instance.unreachable
        if self.parsed is None:
            return before if before in NUMBER_PROBLEMS else Unreachable.NO_NUMBER
        if self.parsed.kind == phones.PhoneKind.LANDLINE:
            return Unreachable.LANDLINE
        return "" if phone != self.instance.phone else before
