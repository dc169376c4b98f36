from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from schools.models import School


class ScopedForm(forms.ModelForm):
    """Gives a new row the user's only school, and refuses a row that would reach into two schools."""

    own_school: ClassVar[School | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.own_school and hasattr(type(self.instance), "school") and self.instance._state.adding:
            self.instance.school = self.own_school

    def _get_validation_exclusions(self) -> set[str]:
        """Keep a school that is known without being asked: constraints with it have to be checked."""
        known = getattr(self.instance, "school_id", None) is not None
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions - {"school"} if known else exclusions

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        own = self._own_school_pk(cleaned)
        for name, value in list(cleaned.items()):
            schools = _school_pks(value)
            own = own or next(iter(schools), None)
            if schools - {own}:
                self.add_error(name, ValidationError(_("This belongs to another school."), "other_school"))
        return cleaned

    def _own_school_pk(self, cleaned: dict[str, Any]) -> int | None:
        """The school of the row: chosen in this form, or of the page an inline stands on, or as before."""
        page = [name for name, field in self.fields.items() if _is_parent(field)]
        for value in [cleaned.get("school"), *map(cleaned.get, page), self.instance]:
            if pks := _school_pks(value):
                return next(iter(pks))
        return None


def _is_parent(field: forms.Field) -> bool:
    return isinstance(field, forms.models.InlineForeignKeyField)


def _school_pks(value: Any) -> set[int]:
    """The schools of a chosen row or rows; empty for any other value, and for what has no school."""
    if isinstance(value, QuerySet) and (path := _school_path(value.model)):
        return set(value.values_list(path, flat=True)) - {None}
    if isinstance(value, Model) and (path := _school_path(type(value))):
        pk = _follow(value, path)
        return {pk} if isinstance(pk, int) else set()
    return set()


def _school_path(model: type[Model]) -> str | None:
    try:
        return getattr(admin.site.get_model_admin(model), "school_path", None)
    except NotRegistered:
        return None


def _follow(row: Model, path: str) -> Any:
    """The primary key at the end of the path, or None where it leads nowhere or to many."""
    end: Any = row
    for part in path.split("__"):
        try:
            end = getattr(end, part, None)
        except ObjectDoesNotExist:
            return None
    return getattr(end, "pk", end)
