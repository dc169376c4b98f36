"""Invented values for the variables of a template: Meta asks for them, and the operator sees them."""

from messaging.models import MessageTemplate
from messaging.whatsapp import text
from schools.models import Language

EXAMPLES = {
    Language.ENGLISH: {
        "school": "Shree Janata School",
        "children": "Aarav and Anisha",
        "for_whom": "the family of Aarav and Anisha",
        "date": "7 Mangsir 2083 (23 Nov 2026)",
        "signature": "the Principal’s office",
        "office_phone": "01-4423456",
        "text": "School opens at ten tomorrow.",
        "emergency_kind": "Weather",
        "school_class": "4 B",
        "lesson": "Mathematics: Fractions",
        "homework": "Exercise 5, sums 1 to 6",
        "understanding": "Good",
        "note": "Please send a ruler tomorrow.",
    },
    Language.NEPALI: {
        "school": "श्री जनता विद्यालय",
        "children": "आरव र अनिशा",
        "for_whom": "आरव र अनिशाको परिवार",
        "date": "७ मंसिर २०८३",
        "signature": "प्रधानाध्यापकको कार्यालय",
        "office_phone": "०१-४४२३४५६",
        "text": "भोलि विद्यालय दस बजे खुल्छ।",
        "emergency_kind": "मौसम",
        "school_class": "४ ख",
        "lesson": "गणित: भिन्न",
        "homework": "अभ्यास ५, प्रश्न १ देखि ६",
        "understanding": "राम्रो",
        "note": "भोलि रुलर पठाइदिनुहोला।",
    },
}


def values(template: MessageTemplate) -> list[str]:
    """An example for each variable, in order; its name where there is none."""
    known = EXAMPLES.get(Language(template.content_language), {})
    return [known.get(name, name) for name in template.variables]


def rendered(template: MessageTemplate) -> str:
    """The text with example values, or as it is where its variables do not fit it."""
    try:
        return text.render(template.body, values(template))
    except text.BadPlaceholders:
        return template.body
