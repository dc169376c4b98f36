"""What the user of a request is at which school, read once per request."""

from collections.abc import Callable, Collection, Hashable
from typing import TypeVar

from django.http import HttpRequest

from schools import scoping
from schools.models import Membership, Role, School

T = TypeVar("T")

EVERYONE = scoping.EVERYONE
MANAGERS = scoping.WHOLE_SCHOOL
NOBODY: frozenset[Role] = frozenset()


def is_operator(request: HttpRequest) -> bool:
    return scoping.is_operator(request.user)


def once(request: HttpRequest, asked: Hashable, answer: Callable[[], T]) -> T:
    """The answer, asked for once per request: a page asks for the same rights dozens of times."""
    remembered = vars(request).setdefault("_access", {})
    if asked not in remembered:
        remembered[asked] = answer()
    return remembered[asked]


def role_by_school(request: HttpRequest) -> dict[School, Role]:
    """The user's role at each of her schools; an operator needs none."""
    return once(request, "role by school", lambda: _role_by_school(request))


def schools_with(request: HttpRequest, roles: Collection[Role]) -> list[School]:
    """The schools where the user has one of the roles."""
    return [school for school, role in role_by_school(request).items() if role in roles]


def own_school(request: HttpRequest) -> School | None:
    """The user's only school, where naming it would tell her nothing; None for an operator."""
    schools = role_by_school(request)
    return next(iter(schools)) if len(schools) == 1 and not is_operator(request) else None


def _role_by_school(request: HttpRequest) -> dict[School, Role]:
    memberships = Membership.objects.filter(user=request.user.pk, user__is_active=True)
    return {membership.school: Role(membership.role) for membership in memberships.select_related("school")}
