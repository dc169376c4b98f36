"""Meta's error codes, sorted by what to do next.

https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

import dataclasses
import enum
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Action(enum.StrEnum):
    """What to do about an error."""

    RETRY = "retry"  # the same request, later, for hours if need be
    RETRY_BRIEFLY = "retry_briefly"  # the same request, later, a few times
    SLOW_PAIR = "slow_pair"  # later, to this recipient
    SLOW_NUMBER = "slow_number"  # later, everything from this number
    SLOW_APP = "slow_app"  # minutes later, every call with this token
    PAUSE_NUMBER = "pause_number"  # nothing leaves from this number until an operator has repaired something
    STOP_ANNOUNCEMENT = "stop_announcement"  # it would fail for everyone in the same way
    MARK_CONTACT = "mark_contact"  # the number cannot be reached: the family has to be asked
    UNDELIVERABLE = "undeliverable"  # final for this message, and no news about the contact
    OUR_BUG = "our_bug"  # final for this message, and a programmer has to look
    AWAIT_RECEIPT = "await_receipt"  # no code of Meta's: no answer came, so its receipt has to tell


@dataclasses.dataclass(frozen=True, slots=True)
class Verdict:
    action: Action
    words: "_StrPromise"


def verdict_for(code: int | None) -> Verdict | None:
    """Return what to do about a code, or None for one that Meta has not told of."""
    return _VERDICTS.get(code) if code is not None else None


def codes_of(action: Action) -> list[int]:
    """Return the codes that ask for this."""
    return [code for code, verdict in _VERDICTS.items() if verdict.action == action]


def explain(code: int | None) -> str:
    """Return, in the reader's language, what happened and what she or the operator can do."""
    verdict = verdict_for(code)
    if verdict:
        return str(verdict.words)
    if code is None:
        return gettext("WhatsApp could not take the message. If this goes on, tell the operator.")
    return gettext(
        "WhatsApp refused the message with code %(code)s. If it happens again, tell the operator."
    ) % {"code": code}


_PASSING_TROUBLE = _("WhatsApp had a passing trouble. The message is tried again by itself.")
_TABLE: dict[Action, list[tuple["_StrPromise", Iterable[int]]]] = {
    Action.RETRY: [
        (_PASSING_TROUBLE, [2, 131016, 133004, 134101, 139102, 2494100]),
        (_("Meta is upgrading the number. The message is tried again in a few minutes."), [131057]),
    ],
    Action.RETRY_BRIEFLY: [
        (_PASSING_TROUBLE, [1, 131000]),
        (
            _("WhatsApp could not take the picture or file. If the next try fails too, send it without."),
            [131014, 131053],
        ),
    ],
    Action.SLOW_PAIR: [
        (_("This family got many messages in a short time. The rest follows by itself."), [131056]),
    ],
    Action.SLOW_NUMBER: [
        (
            _("WhatsApp asked for a slower pace. The message is tried again by itself."),
            [130429],
        ),
    ],
    Action.SLOW_APP: [
        (_("Meta allows no more calls just now. Sending goes on by itself in a minute."), [4, 613, 80007]),
    ],
    Action.PAUSE_NUMBER: [
        (_("WhatsApp no longer accepts the access token. The operator must enter a new one."), [0, 190]),
        (
            _("The access token lacks a permission. The operator must create one that may send messages."),
            [3, 10, *range(200, 300), 131005],
        ),
        (_("WhatsApp does not know this number. The operator must check its ID and its token."), [33]),
        (
            _("Meta has blocked the account. The operator must follow what WhatsApp Manager says."),
            [368, 131031],
        ),
        (
            _("Meta has not approved the number’s display name. The operator must ask for it there."),
            [131037],
        ),
        (
            _("Meta could not charge the account. The operator must check its payment method."),
            [131042, 131044, 134011],
        ),
        (
            _("The WhatsApp number is not registered. The operator must do so in WhatsApp Manager."),
            [131045, 133000, 133005, 133006, 133008, 133009, 133010, 133015, 133016],
        ),
        (
            _("Many people blocked or reported this number, so Meta limits it. The operator must wait."),
            [131048],
        ),
        (
            _("The account cannot send now. The operator must look into WhatsApp Manager."),
            [*range(141000, 142000), 2388001, 2388012, 2388091, 2388093, 2388103],
        ),
    ],
    Action.STOP_ANNOUNCEMENT: [
        (_("Meta has switched off marketing messages for this account."), [131063]),
        (
            _("Meta limits the account, as a template has the wrong category. The operator must correct it."),
            [131064],
        ),
        (
            _("The text does not fit its approved template. The operator must compare the two."),
            [132000, 132008, 132012],
        ),
        (
            _("WhatsApp has no approved template of this name. The operator must refresh the templates."),
            [132001],
        ),
        (_("The text breaks a rule of WhatsApp. Change it and send it again."), [132007]),
        (_("Meta has paused this template for some hours after complaints. Wait, or use another."), [132015]),
        (_("Meta has disabled this template for good. The operator must create a new one."), [132016]),
        (_("Meta takes no more texts without a template from us. Use an approved template."), [139200]),
        (
            _("Meta refused the template’s text. Change it as Meta’s message says and submit it again."),
            [2388019, 2388024, 2388040, 2388047, 2388072, 2388073, 2388293, 2388299],
        ),
    ],
    Action.MARK_CONTACT: [
        (
            _(
                "This number is not on WhatsApp, or has blocked us: "
                "ask the family at the gate for another number."
            ),
            [131026],
        ),
        (_("This is the school’s own number: put in the family’s number instead."), [131021]),
        (_("WhatsApp does not let us write to this country: use phone or SMS."), [130497]),
        (_("The family has stopped promotional messages from us: send them necessary news only."), [131050]),
        (_("The phone of this family has changed: ask whether the number is still theirs."), [137000]),
    ],
    Action.UNDELIVERABLE: [
        (
            _("More than 24 hours have passed since this person wrote to us: send an announcement instead."),
            [131047],
        ),
        (
            _("WhatsApp held this back so that the family does not get too many: call them if it matters."),
            [131049],
        ),
        (_("WhatsApp left this out for a test of its own: reach the family by phone or SMS."), [130472]),
        (_("This test number writes to listed phones only: the operator must list this one."), [131030]),
        (_("WhatsApp needs the phone number of this person: ask the family for it."), [131062]),
        (_("The picture or file could not be fetched: ask the family to send it again."), [131052]),
        (_("WhatsApp cannot carry this kind of message: ask for it as a text."), [131051]),
    ],
    Action.OUR_BUG: [
        (_("The text is too long for WhatsApp. Shorten it, send it again and tell the operator."), [132005]),
        (
            _("WhatsApp did not understand the message. This is our mistake: tell the operator."),
            [100, 131008, 131009, 131059, 132018, 135000],
        ),
        (
            _("WhatsApp refused a feature that is not used here. This is our mistake: tell the operator."),
            [
                *[131020, 131041, 131055, 131061, *range(131201, 131216), 132021, 132068, 132069],
                *[134100, 134102, *range(138000, 138019), *range(139000, 139005), 139100, 139101, 139103],
                *[*range(147001, 147006), *range(200005, 200008)],
                *[1752041, 2593079, 2593085, 2593107, 2593108],
            ],
        ),
    ],
}

_VERDICTS = {
    code: Verdict(action, words) for action, rows in _TABLE.items() for words, codes in rows for code in codes
}
