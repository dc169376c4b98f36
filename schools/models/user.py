from typing import Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from schools.models.academics import SchoolClass
from schools.models.contact import Contact
from schools.models.language import Language
from schools.models.school import School


class User(AbstractUser):
    """A login. Superusers are operators; everybody else sees what their memberships show."""

    language = models.CharField(
        _("language of the screens"), max_length=2, choices=Language, default=Language.ENGLISH
    )

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")


class Role(models.TextChoices):
    """What a user is at a school."""

    PRINCIPAL = "principal", _("Principal")
    OFFICE = "office", _("Office")
    TEACHER = "teacher", _("Teacher")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def of(self, user: User) -> Self:
        return self.filter(user=user, user__is_active=True)


class Membership(models.Model):
    """A user at a school, in one role; a teacher has classes, and a contact to be reminded at."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("user"))
    school = models.ForeignKey(School, models.CASCADE, related_name="memberships", verbose_name=_("school"))
    role = models.CharField(_("role"), max_length=10, choices=Role)
    classes = models.ManyToManyField(
        SchoolClass,
        related_name="memberships",
        blank=True,
        verbose_name=_("classes"),
        help_text=_("For teachers only"),
    )
    contact = models.ForeignKey(
        Contact,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name=_("own WhatsApp contact"),
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
        ordering = ["school", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "school"],
                name="membership_once_per_school",
                violation_error_message=_("This user has a role at this school already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"
