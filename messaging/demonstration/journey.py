"""A daily update by the class teacher and an emergency by the principal, until all is accounted for."""

import dataclasses
import datetime
import time
from collections import Counter
from collections.abc import Callable

from messaging import announcements, audience, failures, progress
from messaging.models import REACHED, Announcement, Kind, Message, MessageStatus
from messaging.progress import Progress
from schools.models import Membership, Role, School, User

# Some parents of the roster are never reached, as in life: nothing moves for so long, and it is over.
SETTLED_AFTER = 3.0
MOST_SECONDS = 90.0


@dataclasses.dataclass(frozen=True)
class Result:
    """What became of one announcement: `expected` people were to be accounted for."""

    announcement: Announcement
    progress: Progress
    expected: int

    @property
    def is_accounted_for(self) -> bool:
        counted = self.progress.reached + self.progress.failed + self.progress.skipped + self.progress.waiting
        return self.expected == self.progress.audience == counted > 0 and not self.progress.queued

    @property
    def seconds_to_last_accepted(self) -> float | None:
        return self._seconds(self.progress.last_accepted_at)

    @property
    def seconds_to_last_delivered(self) -> float | None:
        return self._seconds(self.progress.last_delivered_at)

    @property
    def reasons(self) -> dict[tuple[str, str], int]:
        """How many were not reached, by status and reason in plain words."""
        messages = Message.objects.filter(announcement=self.announcement).exclude(status__in=REACHED)
        return dict(Counter((str(_outcome(each)), failures.explain(each)) for each in messages))

    def _seconds(self, at: datetime.datetime | None) -> float | None:
        pressed = self.announcement.published_at
        return round((at - pressed).total_seconds(), 2) if at and pressed else None


def write(school: School) -> list[tuple[Announcement, User]]:
    """The two drafts, each with who will send it."""
    teacher = Membership.objects.filter(school=school, role=Role.TEACHER).order_by("user__username").first()
    principal = Membership.objects.filter(school=school, role=Role.PRINCIPAL).first()
    assert teacher, "the demo school has a teacher"
    assert principal, "the demo school has a principal"
    return [(_daily_update(teacher), teacher.user), (_emergency(principal), principal.user)]


def publish(drafts: list[tuple[Announcement, User]]) -> None:
    for announcement, user in drafts:
        announcements.publish(announcement, by=user)


def watch(published: list[Announcement], show: Callable[[list[Progress]], None]) -> None:
    """Show the progress until everyone is accounted for, or nothing moves any more."""
    started = moved = time.monotonic()
    before: list[Progress] = []
    while time.monotonic() - started < MOST_SECONDS:
        now = [progress.of(announcement) for announcement in published]
        moved = moved if now == before else time.monotonic()
        show(now)
        if is_settled(now, time.monotonic() - moved):
            return
        before = now
        time.sleep(0.1)


def is_settled(progresses: list[Progress], quiet_seconds: float) -> bool:
    if any(each.queued or not each.audience for each in progresses):
        return False
    return quiet_seconds > SETTLED_AFTER or all(each.read == each.accepted for each in progresses)


def result(announcement: Announcement) -> Result:
    announcement.refresh_from_db()
    return Result(announcement, progress.of(announcement), len(audience.recipients(announcement)))


def _daily_update(teacher: Membership) -> Announcement:
    announcement = Announcement.objects.create(
        school=teacher.school,
        kind=Kind.DAILY_UPDATE,
        subject="Mathematics",
        topic="Fractions with unlike denominators",
        homework="Exercise 7.2, numbers 1 to 6",
        note="Please bring a ruler tomorrow.",
        written_by=teacher.user,
    )
    announcement.classes.set(teacher.classes.all()[:1])
    return announcement


def _emergency(principal: Membership) -> Announcement:
    return Announcement.objects.create(
        school=principal.school,
        kind=Kind.EMERGENCY,
        emergency_kind=Announcement.EmergencyKind.WEATHER,
        text_en="Heavy rain is expected. The school closes at 13:00 today; please fetch your child by then.",
        text_ne="भारी वर्षाको सम्भावना छ। आज विद्यालय १ बजे बन्द हुन्छ; कृपया त्यसअघि बच्चालाई लिन आउनुहोस्।",
        written_by=principal.user,
    )


def _outcome(message: Message) -> str:
    if message.status in {MessageStatus.FAILED, MessageStatus.SKIPPED}:
        return str(MessageStatus(message.status).label)
    return "Waiting for delivery" if message.wamid else "Waiting to be sent"
