import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from messaging import number_checks, registration
from messaging.connecting.findings import Finding, missing, note, well
from messaging.connecting.walk import Wishes, walk
from messaging.whatsapp.identity import phone_of
from schools.models import School


class AtTheTerminal:
    """Asks the operator; with `says_yes` nobody is asked."""

    def __init__(self, *, says_yes: bool) -> None:
        self.says_yes = says_yes
        self.can_ask = sys.stdin.isatty() and not says_yes

    def agrees(self, question: str) -> bool:
        return self.says_yes or (self.can_ask and input(f"  ? {question} [y/N] ").strip().lower() == "y")

    def tells(self, what: str) -> str:
        return getpass.getpass(f"  ? {what}: ").strip() if self.can_ask else ""


class Command(BaseCommand):
    help = (
        "Go through all that connects this system with WhatsApp, check each step with it, and say what is "
        "missing. The values are those of the settings (WA_ACCESS_TOKEN, WA_PHONE_NUMBER_ID …)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--school", default="", help="code of the school that shall send from the number")
        parser.add_argument("--test-to", default="", help="a phone that gets a test message, as +97798…")
        parser.add_argument("--public-url", default="", help="where this system is reached, as https://…")
        parser.add_argument("--yes", action="store_true", help="ask nothing: do what would be offered")

    def handle(self, *args: Any, **options: Any) -> None:
        school = _school(options["school"])
        wishes = Wishes(options["public_url"], _phone(options["test_to"]))
        found: list[Finding] = []
        for step in walk(AtTheTerminal(says_yes=options["yes"]), wishes):
            self._show(step)
            found += [step] if isinstance(step, Finding) else []
        self._show("School")
        found.append(_stored(school))
        self._show(found[-1])
        if num := sum(finding.is_missing for finding in found):
            raise CommandError(f"Missing: {num}. See what to do beside each ✗ and run this again.")
        self.stdout.write("\nWhatsApp is connected.")

    def _show(self, step: str | Finding) -> None:
        if isinstance(step, str):
            self.stdout.write(f"\n{step}")
            return
        self.stdout.write(f"  {step.mark} {step.words}")
        if step.to_do:
            self.stdout.write(f"    → {step.to_do}")


def _school(code: str) -> School | None:
    if not code:
        return None
    school = School.objects.filter(code=code).first()
    if school is None:
        codes = ", ".join(School.objects.values_list("code", flat=True)) or "none yet"
        raise CommandError(f"There is no school with the code {code!r}. Codes: {codes}.")
    return school


def _phone(given: str) -> str:
    if not given:
        return ""
    phone = phone_of(given) if given.strip().startswith("+") else None
    if phone is None:
        raise CommandError(f"{given!r} is no phone number: write it as +9779801234567.")
    return phone


def _stored(school: School | None) -> Finding:
    """The number becomes the school's, with its token encrypted, and is checked for the first time."""
    if school is None:
        return note("No school was named, so nothing is stored.", "Name one: --school CODE")
    try:
        number = registration.register(school, settings.WA_PHONE_NUMBER_ID, settings.WA_ACCESS_TOKEN)
    except registration.Refused as error:
        return missing("The number could not be stored.", str(error))
    number_checks.check(number)
    return well(f"{school} sends from {number.display_phone or number.phone_number_id}.")
