"""Why what a person asked cannot be done; the text says it to them, and what to do."""

from django.utils.translation import gettext as _

from schools.models import School


class Refusal(Exception):
    """What was asked cannot be done; the text says why and what to do."""


class AlreadyPublished(Refusal):
    pass


class NotReady(Refusal):
    pass


class NobodyToReach(Refusal):
    pass


class TooLong(Refusal):
    pass


class TooLate(Refusal):
    pass


class WindowClosed(Refusal):
    """WhatsApp takes free text in the 24 hours after a person's last message only."""


def refuse_sleeping_school(school: School) -> None:
    """Raises NotReady for a school that may not send."""
    if not school.may_send:
        raise NotReady(
            _("%(school)s is not live (%(stage)s), so nothing is sent. Ask your operator.")
            % {"school": school, "stage": school.get_stage_display()}
        )
