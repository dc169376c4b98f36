"""What fills the variables of a template, in the language of the family."""

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from messaging.models import Announcement, Kind, MessageTemplate
from messaging.whatsapp import text
from schools import bikram_sambat
from schools.models import Contact, School, Student

VARIABLES = frozenset(
    {
        *("school", "children", "for_whom", "date", "signature", "office_phone"),
        *("text", "emergency_kind"),
        *("school_class", "lesson", "homework", "understanding", "note"),
    }
)


def children(students: Sequence[Student], language: str) -> str:
    """The names of the children, as in “Aarav, Anisha and Bina”."""
    names = [student.name_in(language) for student in students]
    if len(names) < 2:
        return "".join(names)
    with translation.override(language):
        return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}


def answer(
    template: MessageTemplate, school: School, contact: Contact | None, answer: str
) -> tuple[list[str], str, int]:
    """An answer of the school inside a template: the variables, the text, and how much is too long."""
    language = template.content_language
    students = list(contact.students.order_by("name")) if contact else []
    with translation.override(language):
        known = {
            **_of_school(school, language),
            **(personal(contact, students, language) if contact else {"children": "", "for_whom": _("you")}),
            "date": bikram_sambat.long_date(school.local_now().date(), language),
            "text": answer,
        }
    values = [known.get(name, "") for name in template.variables]
    fitted = text.fit(template.body, values)
    return fitted, text.render(template.body, fitted), text.overflow(template.body, values)


def personal(contact: Contact, students: Sequence[Student], language: str) -> dict[str, str]:
    """What is said to one contact alone."""
    names = children(students, language)
    with translation.override(language):
        family = _("the family of %(children)s") % {"children": names}
    return {"children": names, "for_whom": family if names else contact.name_in(language)}


class Wording:
    """An announcement in the words of one template; what is the same for all families is looked up once."""

    def __init__(self, announcement: Announcement, template: MessageTemplate) -> None:
        self.template = template
        self.language = template.content_language
        with translation.override(self.language):
            self.common = _common(announcement, self.language)

    def values(self, contact: Contact, students: Sequence[Student]) -> list[str]:
        """The values of the template's variables for one contact, in order, not cut yet."""
        values = self.common | personal(contact, students, self.language)
        return [values[name] for name in self.template.variables]

    def message(self, contact: Contact, students: Sequence[Student]) -> tuple[list[str], str]:
        """The variables as WhatsApp demands them, and the text that the family will read."""
        fitted = text.fit(self.template.body, self.values(contact, students))
        return fitted, text.render(self.template.body, fitted)

    def overflow(self, contact: Contact, students: Sequence[Student]) -> int:
        """How many characters would have to be cut for this contact."""
        return text.overflow(self.template.body, self.values(contact, students))


def _of_school(school: School, language: str) -> dict[str, str]:
    return {
        "school": school.name_in(language),
        "signature": school.signature_in(language),
        "office_phone": school.office_phone,
    }


def _common(announcement: Announcement, language: str) -> dict[str, str]:
    school = announcement.school
    day = (announcement.send_at or school.local_now()).astimezone(school.tz).date()
    values = {
        **_of_school(school, language),
        "date": bikram_sambat.long_date(day, language),
        "text": announcement.text_in(language),
        "emergency_kind": str(announcement.get_emergency_kind_display()),
    }
    return values | _lesson(announcement) if announcement.kind == Kind.DAILY_UPDATE else values


def _lesson(announcement: Announcement) -> dict[str, str]:
    return {
        "school_class": ", ".join(school_class.name for school_class in announcement.classes.all()),
        "lesson": announcement.headline,
        "homework": announcement.homework or _("No homework today"),
        "understanding": str(announcement.get_understanding_display()) or "–",
        "note": announcement.note or "–",
    }
