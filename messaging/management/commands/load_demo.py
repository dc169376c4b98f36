from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from messaging.demonstration import school


class Command(BaseCommand):
    help = "Load the demo school with its roster, number, templates and logins. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IN_PRODUCTION:
            raise CommandError("The demo logins have a known password: load_demo is refused in production.")
        try:
            loaded = school.load()
        except school.NotADemoSchool as error:
            raise CommandError(str(error)) from None
        self.stdout.write(f"{loaded}: logins, all with the password {school.PASSWORD}")
        for login in school.logins(loaded):
            self.stdout.write(f"  {login.username:<12}{login.name}, {login.what}")
