from typing import Any

from django.core.management.base import BaseCommand, CommandError

from messaging import number_checks
from messaging.models import WhatsAppNumber


class Command(BaseCommand):
    help = "Ask WhatsApp how every number is, and print a line for each."

    def handle(self, *args: Any, **options: Any) -> None:
        numbers = list(WhatsAppNumber.objects.all())
        failed = [number for number in numbers if not self._check(number)]
        if failed:
            raise CommandError(f"{len(failed)} of {len(numbers)} numbers could not be checked.")

    def _check(self, number: WhatsAppNumber) -> bool:
        is_answered = number_checks.check(number)
        number.refresh_from_db()
        self.stdout.write(_line(number, is_answered))
        return is_answered


def _line(number: WhatsAppNumber, is_answered: bool) -> str:
    if not is_answered:
        return f"✗ {number}: {number.check_trouble}"
    figures = [
        f"quality {number.quality}",
        number.tier,
        f"{number.throughput}/s",
        f"may send {number.can_send}",
    ]
    trouble = f" ({number.check_trouble})" if number.check_trouble else ""
    return f"✓ {number}: {', '.join(filter(None, figures))}{trouble}"
