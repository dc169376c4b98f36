"""Who sees what: a school sees only itself, a teacher only her classes, an operator everything."""

from typing import TypeVar

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet

from schools.models import Membership, Role, User

M = TypeVar("M", bound=Model)
WHOLE_SCHOOL = frozenset({Role.PRINCIPAL, Role.OFFICE})
EVERYONE = frozenset(Role)


def is_operator(user: User | AnonymousUser) -> bool:
    return user.is_active and user.is_superuser


def visible(
    queryset: QuerySet[M], user: User | AnonymousUser, *, school: str, school_class: str | None
) -> QuerySet[M]:
    """Keep the rows this user may see.

    `school` is the lookup from the row to its school, `school_class` the one to the classes it concerns.
    Teachers see the rows of their classes; with `school_class` None, all rows of their school.
    """
    if is_operator(user):
        return queryset
    whole = EVERYONE if school_class is None else WHOLE_SCHOOL
    rows = Q(**{f"{school}__in": _memberships(user, whole).values("school")})
    if school_class is not None:
        classes = (
            _memberships(user, frozenset({Role.TEACHER})).filter(classes__isnull=False).values("classes")
        )
        own = queryset.model._default_manager.filter(**{f"{school_class}__in": classes})
        rows |= Q(pk__in=own.values("pk"))
    return queryset.filter(rows)


def _memberships(user: User | AnonymousUser, roles: frozenset[Role]) -> QuerySet[Membership]:
    if not user.is_active or user.is_anonymous:
        return Membership.objects.none()
    return Membership.objects.filter(user=user, role__in=roles)
