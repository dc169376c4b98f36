from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from messaging import template_account, template_push
from messaging.whatsapp.errors import WhatsAppError


class Command(BaseCommand):
    help = "Submit the starter templates that WhatsApp does not have yet. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--waba", help="business account ID; without it every account that has a token")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        accounts = [options["waba"]] if options["waba"] else template_account.accounts()
        if not accounts:
            raise CommandError("No number has an access token yet. Register one: manage.py register_number.")
        walk = template_push.rehearse if options["dry_run"] else template_push.push
        for waba_id in accounts:
            try:
                steps = [self._told(step) for step in walk(waba_id)]
            except WhatsAppError as error:
                raise CommandError(f"WhatsApp's list of templates cannot be read: {error}.") from None
            self._end(steps)

    def _told(self, step: template_push.Step) -> template_push.Step:
        line = f"{step.name}: {step.words}"
        (self.stderr if step.is_trouble else self.stdout).write(line)
        return step

    def _end(self, steps: list[template_push.Step]) -> None:
        if any(step.is_end for step in steps):
            raise CommandError("Stopped here: WhatsApp takes no more for now. Run it again in an hour.")
        if any(step.is_trouble for step in steps):
            raise CommandError("Some templates were not submitted; each line says what to do.")
