import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from messaging.demonstration import journey, report, school
from messaging.progress import Progress
from messaging.whatsapp import hosts


class Command(BaseCommand):
    help = "Send a daily update and an emergency of the demo school to the stand-in, and say who was reached."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="print the result as one JSON object on the last line"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.IN_PRODUCTION or not hosts.is_stand_in(settings.WHATSAPP_API_URL):
            raise CommandError("The demo runs against the stand-in only: use `make demo`.")
        drafts = journey.write(school.load())
        journey.publish(drafts)
        published = [announcement for announcement, _user in drafts]
        journey.watch(published, self._show)
        self._report([journey.result(announcement) for announcement in published], as_json=options["json"])

    def _show(self, progresses: Sequence[Progress]) -> None:
        if sys.stderr.isatty():
            self.stderr.write(f"\r{report.bar(progresses)}", ending="")
            self.stderr.flush()

    def _report(self, results: Sequence[journey.Result], *, as_json: bool) -> None:
        self.stdout.write(f"\n\n{report.table(results)}\n")
        for result in results:
            self.stdout.write(f"\n{report.reasons(result)}")
        if as_json:
            self.stdout.write(report.as_json(results))
        if not all(result.is_accounted_for for result in results):
            raise CommandError("Not everyone is accounted for.")
