"""List filters that know only the rows of the user's schools, as dropdowns that fit a phone."""

from typing import Any

from django.contrib.admin.utils import get_fields_from_path, get_model_from_relation
from django.db.models import BooleanField, Field, Model
from django.http import HttpRequest
from unfold.contrib.filters.admin import BooleanRadioFilter, ChoicesDropdownFilter, RelatedDropdownFilter


class ScopedRelatedFilter(RelatedDropdownFilter):
    """Offers what the related admin would show; Django's own offers every school's rows."""

    def field_choices(self, field: Field, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        related = model_admin.admin_site.get_model_admin(get_model_from_relation(field))
        rows = related.rows(request, model_admin.viewers | model_admin.editors)
        return [(row.pk, str(row)) for row in rows.order_by(*related.get_ordering(request))]


def scoped(model: type[Model], declared: Any) -> Any:
    """Return the filter for a declared list_filter entry: a field's name, or a filter as it is."""
    if not isinstance(declared, str):
        return declared
    field = get_fields_from_path(model, declared)[-1]
    if field.is_relation:
        return (declared, ScopedRelatedFilter)
    if isinstance(field, BooleanField):
        return (declared, BooleanRadioFilter)
    return (declared, ChoicesDropdownFilter) if getattr(field, "choices", None) else declared
