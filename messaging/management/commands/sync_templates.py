from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from messaging import template_account, template_sync
from messaging.whatsapp.errors import WhatsAppError


class Command(BaseCommand):
    help = "Compare our templates with WhatsApp's, in every account or in one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--waba", help="business account ID; without it every account that has a token")

    def handle(self, *args: Any, **options: Any) -> None:
        accounts = [options["waba"]] if options["waba"] else template_account.accounts()
        if not accounts:
            raise CommandError("No number has an access token yet. Register one: manage.py register_number.")
        failed = [waba_id for waba_id in accounts if not self._compare(waba_id)]
        if failed:
            raise CommandError(f"Not compared: {', '.join(failed)}.")

    def _compare(self, waba_id: str) -> bool:
        try:
            found = template_sync.sync(waba_id)
        except WhatsAppError as error:
            self.stderr.write(f"{waba_id}: {error}")
            return False
        self.stdout.write(
            f"{waba_id}: {found.num_listed} at WhatsApp, {found.num_added} new here, "
            f"{found.num_changed} changed, {found.num_gone} deleted there."
        )
        return True
