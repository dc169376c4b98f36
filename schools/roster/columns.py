"""Which heading of a spreadsheet means which column, in English and Nepali."""

import re
import unicodedata
from collections.abc import Iterator

from schools.models import Guardianship

REQUIRED = ["student_name", "grade", "guardian1_phone"]

STUDENT_COLUMNS = {
    "admission_number": [
        "admission number",
        "admission no",
        "admission",
        "adm no",
        "student id",
        "भर्ना नम्बर",
        "भर्ना नं",
        "विद्यार्थी दर्ता नम्बर",
    ],
    "student_name": [
        "student name",
        "name of student",
        "name of the student",
        "students name",
        "student",
        "name",
        "full name",
        "विद्यार्थी नाम",
        "विद्यार्थी नाम थर",
        "विद्यार्थी",
        "नाम",
        "नाम थर",
    ],
    "student_name_ne": [
        "student name ne",
        "student name nepali",
        "student name in nepali",
        "name in nepali",
        "name nepali",
        "विद्यार्थी नाम नेपाली",
        "विद्यार्थी नाम नेपालीमा",
        "नाम नेपालीमा",
    ],
    "grade": ["grade", "class", "class name", "कक्षा"],
    "section": ["section", "sec", "सेक्सन", "खण्ड", "वर्ग"],
    "roll_number": ["roll number", "roll no", "roll", "रोल नम्बर", "रोल नं", "रोल"],
}
FATHER, MOTHER = Guardianship.Relation.FATHER, Guardianship.Relation.MOTHER
# How the headings of each guardian begin, and which relation such a beginning implies.
GUARDIANS = {
    "guardian1": {
        "guardian1": "",
        "guardian 1": "",
        "guardian": "",
        "parent1": "",
        "parent 1": "",
        "parent": "",
        "father": FATHER,
        "fathers": FATHER,
        "अभिभावक 1": "",
        "अभिभावक": "",
        "बुबा": FATHER,
        "बाबु": FATHER,
    },
    "guardian2": {
        "guardian2": "",
        "guardian 2": "",
        "parent2": "",
        "parent 2": "",
        "mother": MOTHER,
        "mothers": MOTHER,
        "अभिभावक 2": "",
        "आमा": MOTHER,
    },
}
GUARDIAN_COLUMNS = {
    "name": ["name", "नाम", "नाम थर"],
    "name_ne": ["name ne", "name nepali", "name in nepali", "नाम नेपाली", "नाम नेपालीमा"],
    "relation": ["relation", "relationship", "नाता"],
    "phone": [
        "phone",
        "phone number",
        "phone no",
        "mobile",
        "mobile number",
        "mobile no",
        "contact",
        "contact number",
        "contact no",
        "number",
        "whatsapp",
        "whatsapp number",
        "फोन",
        "फोन नम्बर",
        "फोन नं",
        "मोबाइल",
        "मोबाइल नम्बर",
        "मोबाइल नं",
        "सम्पर्क",
        "सम्पर्क नम्बर",
        "सम्पर्क नं",
    ],
    "language": ["language", "भाषा"],
    "consent": ["consent", "agreed", "सहमति", "मन्जुरी"],
}


def column_of(heading: str) -> str:
    """Return our name of the column, as in “guardian1_phone”, or nothing for a heading we do not know."""
    return COLUMNS.get(plain(heading), ("", ""))[0]


def relation_implied_by(heading: str) -> str:
    """Return the relation that a heading such as “Mother's phone” tells by itself."""
    return COLUMNS.get(plain(heading), ("", ""))[1]


def plain(heading: str) -> str:
    """Return the heading in small letters, without signs, “को” and differences of digits."""
    text = unicodedata.normalize("NFKC", heading).casefold().replace("'", "").replace("’", "")
    text = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    text = re.sub(r"[\s_.,:;#*/()\[\]\-–—]+", " ", text).strip()
    return re.sub(r" ?को(?= )", "", text)


def _headings() -> Iterator[tuple[str, tuple[str, str]]]:
    for column, headings in GUARDIAN_COLUMNS.items():
        if not column.startswith("name"):
            # A file with one guardian may head its columns “Mobile” and “Consent”; “Number” counts rows.
            alone = [heading for heading in headings if heading != "number"]
            yield from ((heading, (f"guardian1_{column}", "")) for heading in alone)
        for guardian, beginnings in GUARDIANS.items():
            for beginning, relation in beginnings.items():
                yield from (
                    (f"{beginning} {heading}", (f"{guardian}_{column}", relation)) for heading in headings
                )
    for guardian, beginnings in GUARDIANS.items():
        yield from ((beginning, (f"{guardian}_name", relation)) for beginning, relation in beginnings.items())
    for column, headings in STUDENT_COLUMNS.items():
        yield from ((heading, (column, "")) for heading in headings)


COLUMNS = dict(_headings())
