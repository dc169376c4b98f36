"""Ten schools with 350 families and a principal each, and one that will send; nothing has been said yet."""

from benchmarks import rows
from messaging.models import WhatsAppNumber
from schools.models import Membership, Role, User

SCHOOLS = 10
FAMILIES = 350
NO_LIMIT = 30_000
SENDING = "sending"


def run(sending: int) -> dict[str, float]:
    number = rows.number(NO_LIMIT)
    for index in range(SCHOOLS):
        _school(number, index)
    rows.contacts(rows.live_school(SENDING, number), sending, first=1_000_000)
    return {}


def _school(number: WhatsAppNumber, index: int) -> None:
    school = rows.live_school(code(index), number)
    rows.contacts(school, FAMILIES, first=index * FAMILIES)
    user = User.objects.create(username=f"principal-{index}", is_staff=True)
    Membership.objects.create(user=user, school=school, role=Role.PRINCIPAL)


def code(index: int) -> str:
    return f"school-{index}"
