"""What a person sees before she presses Send: the text on a phone, who gets it, who does not and why."""

import datetime
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import get_language

from messaging import announcements, failures, planning, refusals, wording
from messaging.admin import advice, room, template_warnings
from messaging.audience import Recipient
from messaging.models import Announcement, Kind, Lane, SkipReason
from schools.models import Language

MOST_NAMES = 100  # of one reason on one page


@dataclass(frozen=True)
class Bubble:
    """The text as one phone shows it; `num` phones get it in this language."""

    language: str
    language_name: str
    text: str
    num: int


@dataclass(frozen=True)
class Skipped:
    """Those left out for one reason, and what can be done about it."""

    reason: str
    what_to_do: str
    people: list[tuple[str, str]]
    num: int

    @property
    def num_more(self) -> int:
        return self.num - len(self.people)


@dataclass(frozen=True)
class Preview:
    """`refusal`: why it cannot be sent as it stands, "" if it can. No plan: not even who gets it is known."""

    announcement: Announcement
    plan: planning.Plan | None
    refusal: str

    @cached_property
    def num(self) -> int:
        return len(self.plan.drafts) if self.plan else 0

    @cached_property
    def num_merged(self) -> int:
        return self.plan.num_merged if self.plan else 0

    @cached_property
    def num_skipped(self) -> int:
        return len(self.plan.skipped) if self.plan else 0

    @cached_property
    def without_guardian(self) -> list[str]:
        """The names of children whose families hear nothing."""
        students = self.plan.without_guardian if self.plan else []
        return [student.name_in(get_language() or "") for student in students]

    @cached_property
    def bubbles(self) -> list[Bubble]:
        """The longest text in each language, the likeliest to look wrong; the most read language first."""
        if self.plan is None:
            return []
        num = Counter(draft.template.content_language for draft in self.plan.drafts)
        samples = self.plan.samples
        return [
            Bubble(language, str(Language(language).label), samples[language].text, each)
            for language, each in num.most_common()
        ]

    @cached_property
    def skipped(self) -> list[Skipped]:
        people: defaultdict[SkipReason, list[Recipient]] = defaultdict(list)
        for recipient in self.plan.skipped if self.plan else []:
            people[SkipReason(recipient.skip_reason)].append(recipient)
        most_first = sorted(people.items(), key=lambda item: -len(item[1]))
        return [_skipped(reason, recipients) for reason, recipients in most_first]

    @property
    def paused_why(self) -> str:
        """Why the number sends nothing at the moment, "" if it does."""
        number = self.plan.number if self.plan else None
        return failures.noted(number.paused_why) if number and number.is_paused else ""

    @cached_property
    def too_small(self) -> room.TooSmall | None:
        """What Meta's limit of people a day leaves of it; None if all of it."""
        return room.of(self.plan, self.announcement.school, self.announcement.lane) if self.plan else None

    @cached_property
    def template_warnings(self) -> list[str]:
        """What WhatsApp thinks of the templates that would be used."""
        return template_warnings.of(self.plan) if self.plan else []

    @property
    def asks_for_editing(self) -> bool:
        """Whether another text would be sent; otherwise it is not the writer who can help."""
        return self.plan is not None and self.plan.overflow > 0 and bool(self.refusal)

    @property
    def is_cut(self) -> bool:
        """Whether the end of a long note is lost: allowed for a daily update."""
        return self.plan is not None and self.plan.overflow > 0 and not self.refusal

    @property
    def read_elsewhere(self) -> Bubble | None:
        """Phones that get a text that was not written in their language."""
        if self.announcement.kind == Kind.DAILY_UPDATE:
            return None
        written = {code for code in Language if getattr(self.announcement, f"text_{code}", "")}
        return next((each for each in self.bubbles if each.language not in written), None)

    @cached_property
    def leaves_at(self) -> datetime.datetime | None:
        """When the first can leave; None means at once."""
        if self.plan is None or self.plan.due_at <= timezone.now() + datetime.timedelta(minutes=1):
            return None
        return self.plan.due_at

    @property
    def waits_for_morning(self) -> bool:
        """Whether quiet hours hold it back, not the person’s own wish."""
        wished = max(self.announcement.send_at or timezone.now(), timezone.now())
        return self.leaves_at is not None and self.leaves_at > wished + datetime.timedelta(minutes=1)

    @property
    def ignores_quiet_hours(self) -> bool:
        return self.announcement.lane == Lane.EMERGENCY


def of(announcement: Announcement) -> Preview:
    """Work out what Send would do; what would be refused is said instead of raised."""
    try:
        planned = announcements.preview(announcement)
    except refusals.Refusal as refusal:
        return Preview(announcement, _plan_all_the_same(announcement), str(refusal))
    return Preview(announcement, planned, announcements.too_long(announcement, planned))


def fingerprint(announcement: Announcement) -> str:
    """Changes when what would be said, to whom or when is changed: Send sends what was looked at."""
    said = [
        announcement.audience,
        announcement.text_en,
        announcement.text_ne,
        announcement.emergency_kind,
        announcement.asks,
        announcement.subject,
        announcement.topic,
        announcement.homework,
        announcement.understanding,
        announcement.note,
        str(announcement.send_at and announcement.send_at.timestamp()),
        *sorted(str(school_class.pk) for school_class in announcement.classes.all()),
    ]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()[:16]


def sent_today(announcement: Announcement) -> Announcement | None:
    """An update of the same class and subject that went out today: is this one a double?"""
    if announcement.kind != Kind.DAILY_UPDATE:
        return None
    same = Announcement.objects.filter(
        kind=Kind.DAILY_UPDATE,
        subject__iexact=announcement.subject,
        classes__in=announcement.classes.all(),
        published_at__date=timezone.localdate(),
    )
    return same.exclude(pk=announcement.pk).exclude(status=Announcement.Status.CANCELLED).first()


def _plan_all_the_same(announcement: Announcement) -> planning.Plan | None:
    try:
        return planning.plan(announcement)
    except planning.CannotStart:
        return None


def _skipped(reason: SkipReason, recipients: list[Recipient]) -> Skipped:
    shown = recipients[:MOST_NAMES]
    return Skipped(str(reason.label), advice.on_skip(reason), list(_names(shown)), len(recipients))


def _names(recipients: Iterable[Recipient]) -> Iterable[tuple[str, str]]:
    language = get_language() or Language.ENGLISH
    for each in recipients:
        yield each.contact.name_in(language), wording.children(each.students, language)
