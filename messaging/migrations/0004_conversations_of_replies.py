from django.db import migrations
from django.db.models import Max


def begin(apps, schema_editor):
    """A conversation for each contact who has written to us so far, with her replies."""
    Conversation = apps.get_model("messaging", "Conversation")
    Reply = apps.get_model("messaging", "Reply")
    known = Reply.objects.filter(contact__isnull=False, number__isnull=False, conversation__isnull=True)
    last = known.order_by().values("contact", "contact__school").annotate(at=Max("at"), number=Max("number"))
    for each in last.iterator():
        conversation, _is_new = Conversation.objects.get_or_create(
            contact_id=each["contact"],
            defaults={
                "school_id": each["contact__school"],
                "number_id": each["number"],
                "last_at": each["at"],
                "last_inbound_at": each["at"],
                "state": "done",
            },
        )
        its = Reply.objects.filter(contact=each["contact"], conversation__isnull=True)
        its.update(conversation=conversation)


class Migration(migrations.Migration):
    dependencies = [("messaging", "0003_conversations")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
