"""Who sees and who sends which announcement."""

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest

from messaging.models import Announcement, Kind
from schools.admin import access
from schools.admin.access import MANAGERS
from schools.models import Membership, Role, SchoolClass, User


def seen_by(request: HttpRequest, rows: QuerySet[Announcement]) -> QuerySet[Announcement]:
    """Keep what the user may see of the announcements of her schools.

    Principal and office see all; a teacher what she wrote, what her classes are told, and what the whole
    school was told. Drafts of others concern her only where she could finish them.
    """
    if access.is_operator(request):
        return rows
    its_classes = Announcement.classes.through.objects.filter(announcement=OuterRef("pk"))
    is_hers = Exists(its_classes.filter(schoolclass__in=_own_classes(request.user)))
    was_told = ~Q(status=Announcement.Status.DRAFT)
    return rows.filter(
        Q(school__in=access.schools_with(request, MANAGERS))
        | Q(written_by=request.user.pk)
        | (Q(is_hers) & (was_told | Q(kind=Kind.DAILY_UPDATE)))
        | (~Exists(its_classes) & was_told)
    )


def may_send(request: HttpRequest, announcement: Announcement) -> bool:
    """Whether the user may write, send and take back this announcement.

    Principal and office anything of their school; a teacher a daily update, if all its classes are hers.
    """
    if access.is_operator(request):
        return True
    role = _role_at(request, announcement.school_id)
    if role in MANAGERS:
        return True
    return (
        role == Role.TEACHER and announcement.kind == Kind.DAILY_UPDATE and _all_hers(request, announcement)
    )


def _role_at(request: HttpRequest, school: int) -> Role | None:
    roles = access.role_by_school(request)
    return next((role for each, role in roles.items() if each.pk == school), None)


def _all_hers(request: HttpRequest, announcement: Announcement) -> bool:
    classes = set(announcement.classes.values_list("pk", flat=True))
    return bool(classes) and classes <= set(_own_classes(request.user).values_list("pk", flat=True))


def _own_classes(user: User | AnonymousUser) -> QuerySet[SchoolClass]:
    return SchoolClass.objects.filter(
        memberships__in=Membership.objects.filter(user=user.pk, role=Role.TEACHER)
    )
