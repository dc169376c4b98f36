from messaging.models.account_event import AccountEvent
from messaging.models.announcement import Announcement, DailyUpdate, Emergency, Notice
from messaging.models.attachment import Attachment
from messaging.models.change import Change
from messaging.models.conversation import WINDOW, Conversation, ConversationNote
from messaging.models.kind import Answer, Asks, Kind, Lane, TemplateUse
from messaging.models.message import Message
from messaging.models.number import NumberAssignment, WhatsAppNumber
from messaging.models.reasons import Hold, SkipReason, Trouble
from messaging.models.reminder import Reminder
from messaging.models.reply import Reply
from messaging.models.reply_settings import ReplySettings
from messaging.models.status import ON_THE_WAY, REACHED, REPLACES, WAITING, MessageStatus
from messaging.models.template import MessageTemplate
from messaging.models.webhook import WebhookEvent

__all__ = [
    "ON_THE_WAY",
    "REACHED",
    "REPLACES",
    "WAITING",
    "WINDOW",
    "AccountEvent",
    "Announcement",
    "Answer",
    "Asks",
    "Attachment",
    "Change",
    "Conversation",
    "ConversationNote",
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
    "ReplySettings",
    "SkipReason",
    "TemplateUse",
    "Trouble",
    "WebhookEvent",
    "WhatsAppNumber",
]
