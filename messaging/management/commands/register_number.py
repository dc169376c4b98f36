from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from messaging import registration
from schools.models import School


class Command(BaseCommand):
    help = "Let a school send from the number in WA_PHONE_NUMBER_ID, with the token in WA_ACCESS_TOKEN."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("school", help="code of the school")

    def handle(self, *args: Any, **options: Any) -> None:
        school = School.objects.filter(code=options["school"]).first()
        if school is None:
            codes = ", ".join(School.objects.values_list("code", flat=True)) or "none yet"
            raise CommandError(f"There is no school with the code {options['school']!r}. Codes: {codes}.")
        try:
            number = registration.register(school, settings.WA_PHONE_NUMBER_ID, settings.WA_ACCESS_TOKEN)
        except registration.Refused as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{school} sends from {number.display_phone or number.phone_number_id}.")
