"""Where the pages of an announcement and of a conversation are."""

from django.urls import reverse

from messaging.models import Announcement, Kind

EDITORS = {
    Kind.DAILY_UPDATE: "admin:messaging_dailyupdate_change",
    Kind.NOTICE: "admin:messaging_notice_change",
    Kind.EMERGENCY: "admin:messaging_emergency_change",
}


def preview(pk: int) -> str:
    return reverse("admin:messaging_announcement_preview", args=[pk])


def progress(pk: int) -> str:
    return reverse("admin:messaging_announcement_progress", args=[pk])


def page(announcement: Announcement) -> str:
    """The page that a person wants to see of it: the preview of a draft, the progress of anything else."""
    return preview(announcement.pk) if announcement.is_draft else progress(announcement.pk)


def editor(announcement: Announcement) -> str:
    """Where its text is changed; "" for what no person writes."""
    name = EDITORS.get(Kind(announcement.kind))
    return reverse(name, args=[announcement.pk]) if name else ""


def conversation(pk: int) -> str:
    return reverse("admin:messaging_conversation_change", args=[pk])
