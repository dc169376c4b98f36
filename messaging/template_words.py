"""What WhatsApp's words for a template mean to an operator, and how bad it is; in English, as it is kept."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop as _

from messaging.models import AccountEvent, MessageTemplate

Severity, Status = AccountEvent.Severity, MessageTemplate.Status

STATUS: Mapping[str, tuple[AccountEvent.Severity, str]] = {
    Status.APPROVED: (Severity.INFO, _("WhatsApp has approved the template.")),
    Status.PENDING: (Severity.INFO, _("WhatsApp is reviewing the template.")),
    Status.IN_APPEAL: (Severity.INFO, _("WhatsApp is looking at the template once more.")),
    Status.REJECTED: (
        Severity.WARNING,
        _("WhatsApp has rejected the template. Change its text as the reason says and submit it again."),
    ),
    Status.PAUSED: (
        Severity.CRITICAL,
        _("WhatsApp has paused the template after complaints: nothing is sent with it until that is over."),
    ),
    Status.DISABLED: (
        Severity.CRITICAL,
        _("WhatsApp has switched the template off for good. Submit another text under a new name."),
    ),
    Status.LIMIT_EXCEEDED: (
        Severity.WARNING,
        _("The account has too many templates. Delete some in WhatsApp Manager."),
    ),
    Status.PENDING_DELETION: (
        Severity.WARNING,
        _("The template is being deleted at WhatsApp. Submit another under a new name."),
    ),
    Status.DELETED: (
        Severity.WARNING,
        _("WhatsApp has the template no longer. Submit another under a new name."),
    ),
    Status.ARCHIVED: (
        Severity.WARNING,
        _("WhatsApp has put the template away as unused. Bring it back in WhatsApp Manager within 28 days."),
    ),
    Status.LOCKED: (
        Severity.WARNING,
        _("WhatsApp has locked the template. Look into WhatsApp Manager."),
    ),
    "FLAGGED": (
        Severity.WARNING,
        _("Many people complain about the template. If that goes on, WhatsApp pauses it."),
    ),
}
QUALITY: Mapping[str, tuple[AccountEvent.Severity, str]] = {
    "GREEN": (Severity.INFO, _("Families are content with the template: its quality is high.")),
    "YELLOW": (Severity.INFO, _("Some people complain about the template: its quality is medium.")),
    "RED": (
        Severity.WARNING,
        _("Many people complain about the template: its quality is low, and WhatsApp may pause it."),
    ),
    "UNKNOWN": (Severity.INFO, _("WhatsApp has no quality for the template yet.")),
}
MARKETING_NOW = _(
    "WhatsApp counts the template as advertising now: it costs more and does not reach everyone. "
    "Ask for a review in WhatsApp Manager."
)
MARKETING_SOON = _(
    "WhatsApp will count the template as advertising soon: it will cost more and not reach everyone. "
    "Ask for a review in WhatsApp Manager before that day."
)
OTHER_CATEGORY = _("WhatsApp has changed the category of the template.")
COMING_CATEGORY = _("WhatsApp will change the category of the template.")
DETECTED = _("WhatsApp thinks that the template has the wrong category. Make its text plainer.")
NEW_TEXT = _("The text of the template was changed at WhatsApp; it is the one here now.")
UNFIT_TEXT = _(
    "The text of the template was changed at WhatsApp, and it cannot be filled in any more: it is not used "
    "until an operator has compared it and chosen again what it is for."
)
UNKNOWN_STATUS = _("WhatsApp says something about the template that is not known here.")
UNKNOWN_TEMPLATE = _("WhatsApp says something about a template that is not known here.")
