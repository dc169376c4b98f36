from messaging.models.announcement import Announcement, DailyUpdate, Emergency, Notice
from messaging.models.change import Change
from messaging.models.kind import Kind, Lane
from messaging.models.message import Message
from messaging.models.number import NumberAssignment, WhatsAppNumber
from messaging.models.reasons import Hold, SkipReason, Trouble
from messaging.models.reminder import Reminder
from messaging.models.reply import Reply
from messaging.models.status import ON_THE_WAY, REACHED, REPLACES, WAITING, MessageStatus
from messaging.models.template import MessageTemplate
from messaging.models.webhook import WebhookEvent

__all__ = [
    "ON_THE_WAY",
    "REACHED",
    "REPLACES",
    "WAITING",
    "Announcement",
    "Change",
    "DailyUpdate",
    "Emergency",
    "Hold",
    "Kind",
    "Lane",
    "Message",
    "MessageStatus",
    "MessageTemplate",
    "Notice",
    "NumberAssignment",
    "Reminder",
    "Reply",
    "SkipReason",
    "Trouble",
    "WebhookEvent",
    "WhatsAppNumber",
]
