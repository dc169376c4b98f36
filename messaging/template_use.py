"""What a template needs to be filled in: the variables that its use has, the buttons that it asks with."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from messaging import answers, wording
from messaging.models import MessageTemplate, TemplateUse
from messaging.whatsapp.template_api import Contents

_ALWAYS = frozenset({"school", "for_whom", "date", "signature", "office_phone"})
VARIABLES: dict[str, frozenset[str]] = {
    TemplateUse.DAILY_UPDATE: _ALWAYS
    | {"children", "school_class", "lesson", "homework", "understanding", "note"},
    TemplateUse.NOTICE: _ALWAYS | {"children", "text"},
    TemplateUse.EMERGENCY: _ALWAYS | {"children", "text", "emergency_kind"},
    TemplateUse.REMINDER: _ALWAYS | {"children", "text"},
    TemplateUse.ANSWER: _ALWAYS | {"children", "text"},
}


def check(template: MessageTemplate) -> list[str]:
    """Why the template could not be used for what it is said to be for, each reason in a sentence."""
    return [*_check_variables(template), *_check_buttons(template)]


def fits(template: MessageTemplate, contents: Contents) -> bool:
    """Whether Meta's text can be filled in as this row says; what was not told is as it was."""
    body = contents.body is None or contents.num_variables == len(template.variables)
    buttons = contents.buttons is None or len(contents.buttons) == len(answers.OFFERED[template.asks])
    return contents.is_plain and body and buttons


def _wanted(template: MessageTemplate) -> int | None:
    """How many variables its text has; None where they are not numbered as they should be."""
    return Contents(body=template.body).num_variables


def _check_variables(template: MessageTemplate) -> Iterator[str]:
    known = VARIABLES.get(template.kind, wording.VARIABLES)
    if unknown := [name for name in template.variables if name not in known]:
        yield _("%(unknown)s cannot be filled in. Use: %(known)s.") % {
            "unknown": ", ".join(unknown),
            "known": ", ".join(sorted(known)),
        }
    wanted, given = _wanted(template), len(template.variables)
    if wanted not in {None, given}:
        yield _("The text has %(wanted)d variables, and %(given)d are named here.") % {
            "wanted": wanted,
            "given": given,
        }


def _check_buttons(template: MessageTemplate) -> Iterator[str]:
    wanted, given = len(answers.OFFERED[template.asks]), len(template.buttons)
    if template.kind and wanted != given:
        yield ngettext(
            "“%(asks)s” takes %(num)d button, and the template has %(given)d.",
            "“%(asks)s” takes %(num)d buttons, and the template has %(given)d.",
            wanted,
        ) % {"asks": template.get_asks_display().strip("“”"), "num": wanted, "given": given}
