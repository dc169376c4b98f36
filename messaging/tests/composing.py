"""Writing an announcement and sending it as a person does, page by page."""

import uuid

from django.urls import reverse

UPDATE = {
    "subject": "Mathematics",
    "topic": "Fractions",
    "homework": "Page 4",
    "understanding": "good",
    "note": "",
}
ADD_UPDATE = "admin:messaging_dailyupdate_add"
ADD_NOTICE = "admin:messaging_notice_add"
ADD_EMERGENCY = "admin:messaging_emergency_add"


def page(name, announcement):
    return reverse(f"admin:messaging_announcement_{name}", args=[announcement.pk])


def write_update(client, at, **changes):
    client.force_login(at.teacher)
    form = UPDATE | {"school_class": at.four_a.pk, "form_token": str(uuid.uuid4())} | changes
    return client.post(reverse(ADD_UPDATE), form)


def write(client, at, name, **form):
    client.force_login(at.principal)
    return client.post(reverse(name), {"audience": "guardians", "form_token": str(uuid.uuid4())} | form)


def press_send(client, announcement, **form):
    seen = client.get(page("preview", announcement)).context["seen"]
    return client.post(page("send", announcement), {"seen": seen} | form)


def errors(response):
    return {name: list(messages) for name, messages in response.context["adminform"].form.errors.items()}
