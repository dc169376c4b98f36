"""A school and its ledger, written by PostgreSQL itself: a million rows in a minute."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import connection
from django.db.models import Field, Model, Value
from django.utils import timezone

from messaging import starter_templates
from messaging.models import (
    Announcement,
    Kind,
    Lane,
    Message,
    MessageTemplate,
    NumberAssignment,
    WhatsAppNumber,
)
from schools.models import Contact, Language, School
from simulator.people import FAMILY_NAMES, GIVEN_NAMES

TEXT = (
    "The parents’ meeting of this term takes place in the school hall on Friday at ten o’clock. Please bring "
    "the report card along, and tell the class teacher if you cannot come."
)
VARIABLES = ["Himal Secondary School", "the family of Aarav", TEXT, "The principal’s office"]
# A mobile number for each n whose last two digits are below 90: no script of the stand-in is theirs.
PHONE = "'+97798' || lpad((n / 90)::text, 6, '0') || lpad((n % 90)::text, 2, '0')"

# As many characters as Meta's have, and as evenly spread.
WAMID = "'wamid.' || md5(random()::text) || substr(md5(random()::text), 1, 16)"


def live_school(code: str, number: WhatsAppNumber) -> School:
    school = School.objects.create(name=f"School {code}", code=code, stage=School.Stage.LIVE)
    NumberAssignment.objects.create(school=school, number=number)
    return school


def number(throughput: int) -> WhatsAppNumber:
    """The number that the stand-in knows, its templates approved."""
    row = WhatsAppNumber(
        name="Bench",
        phone_number_id=settings.WA_PHONE_NUMBER_ID,
        waba_id=settings.WA_BUSINESS_ACCOUNT_ID,
        throughput=throughput,
        tier="TIER_UNLIMITED",
    )
    row.access_token = settings.WA_ACCESS_TOKEN
    row.save()
    starter_templates.load(row.waba_id, status=MessageTemplate.Status.APPROVED)
    return row


def contacts(school: School, num: int, *, first: int = 0) -> None:
    """People who have agreed to be written to; `first` keeps the phones of schools apart."""
    fill(
        Contact,
        f"generate_series({first}, {first + num - 1}) AS n",
        school=Value(school.pk),
        name=f"({_array(GIVEN_NAMES)})[1 + n % {len(GIVEN_NAMES)}] || ' ' || "
        f"({_array(FAMILY_NAMES)})[1 + n / {len(GIVEN_NAMES)} % {len(FAMILY_NAMES)}]",
        phone=PHONE,
        language=Value(Language.ENGLISH),
        opted_in_at=Value(timezone.now() - datetime.timedelta(days=30)),
        opted_in_how=Value("paper_form"),
    )


def notice(school: School) -> Announcement:
    """Published and started, without messages yet."""
    now, status = timezone.now(), Announcement.Status.STARTED
    return Announcement.objects.create(
        school=school,
        kind=Kind.NOTICE,
        text_en=TEXT,
        status=status,
        send_at=now,
        published_at=now,
        started_at=now,
    )


def messages(
    announcement: Announcement, sender: WhatsAppNumber, *, limit: int | None = None, **values: str | Value
) -> int:
    """A message to each contact of the announcement's school, queued and due unless told otherwise."""
    people = f"SELECT * FROM schools_contact WHERE school_id = {announcement.school_id} ORDER BY id"
    template = MessageTemplate.objects.get(
        asks="", waba_id=sender.waba_id, kind=Kind.NOTICE, content_language=Language.ENGLISH
    )
    return fill(
        Message,
        f"({people} LIMIT {limit or 'ALL'}) AS contact",
        **{
            "uuid": "gen_random_uuid()",
            "announcement": Value(announcement.pk),
            "school": Value(announcement.school_id),
            "contact": "contact.id",
            "number": Value(sender.pk),
            "template": Value(template.pk),
            "phone": "contact.phone",
            **said(template),
            "lane": Value(Lane.ROUTINE),
            **values,
        },
    )


def said(template: MessageTemplate) -> dict[str, str | Value]:
    """What a message says, as long as they are."""
    text = template.body
    for position, variable in enumerate(VARIABLES, start=1):
        text = text.replace(f"{{{{{position}}}}}", variable)
    return {
        "language": Value(Language.ENGLISH),
        "children": Value("Aarav, Sita"),
        "variables": Value(VARIABLES),
        "text": Value(text),
    }


def fill(model: type[Model], source: str, **values: str | Value) -> int:
    """Insert a row for each row of a FROM clause and return how many.

    A value is an expression of SQL, or a `Value`. What is not named has its default, as in `create`.
    """
    fields = [field for field in model._meta.concrete_fields if field.name in values or not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    expressions, parameters = zip(*(_expression(field, values) for field in fields), strict=True)
    insert = f'INSERT INTO "{model._meta.db_table}" ({columns}) SELECT {", ".join(expressions)} '
    with connection.cursor() as cursor:
        cursor.execute(insert + _escaped(f"FROM {source}"), [each for some in parameters for each in some])
        return cursor.rowcount


def tidy(*models: type[Model]) -> None:
    """Leave the tables as autovacuum would."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f'VACUUM ANALYZE "{model._meta.db_table}"')


def checkpoint() -> None:
    """Have everything written down now, so that it does not happen while something is measured."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def _expression(field: "Field[object, object]", values: dict[str, str | Value]) -> tuple[str, list[object]]:
    value = values.get(field.name)
    if isinstance(value, str):
        return _escaped(value), []
    if value is None and (getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)):
        return "now()", []
    plain = value.value if value is not None else field.get_default()
    return f"%s::{field.db_type(connection)}", [field.get_db_prep_save(plain, connection)]


def _array(words: Iterable[str]) -> str:
    return f"ARRAY[{', '.join(repr(word) for word in words)}]"


def _escaped(expression: str) -> str:
    return expression.replace("%", "%%")
