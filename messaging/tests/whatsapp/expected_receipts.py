"""Statuses, as read from the vectors."""

from messaging.tests.whatsapp.expected import ANIL, REKHA, SITA, SITA_BY_PHONE, UTILITY, later, other, receipt

RECEIPTS = {
    "st_sent": [
        receipt(SITA, "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEjhFNzRBQkUxNjFBQTEyMUZCOAA=", "sent", **UTILITY)
    ],
    "st_delivered": [
        receipt(
            SITA,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEjhFNzRBQkUxNjFBQTEyMUZCOAA=",
            "delivered",
            at=later(3),
            **UTILITY,
        )
    ],
    "st_read_without_delivered": [
        receipt(
            SITA,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEkY3MjhBRjkzNTAyOTMwNTgzOQA=",
            "read",
            at=later(9),
            **UTILITY,
        )
    ],
    "st_played": [
        receipt(
            SITA, "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEkIwQURDRkQ2MERGMkFBOUMwNwA=", "played", at=later(80)
        )
    ],
    "st_sent_free_service_window": [
        receipt(
            SITA,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEjdFRTYxRkNDQTgyRkU2Q0M3MgA=",
            "sent",
            pricing_category="service",
            pricing_type="free_customer_service",
            billable=False,
        )
    ],
    "st_sent_billable_service": [
        receipt(
            SITA,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEjdGMDQ2RjY5OTkwQTg1MDZGMgA=",
            "sent",
            pricing_category="service",
            pricing_type="regular",
            billable=True,
        )
    ],
    "st_sent_marketing": [
        receipt(
            SITA,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEkQzOTREQjM2MzExM0ZERUFGQgA=",
            "sent",
            pricing_category="marketing",
            pricing_type="regular",
            billable=True,
        )
    ],
    "st_sent_free_entry_point": [
        receipt(
            REKHA,
            "wamid.HBgMOTE5ODEyMzA0NDU1FQIAERgSMUEwQjM0QjJBQjRGQ0QwOTAwAA==",
            "sent",
            pricing_category="referral_conversion",
            pricing_type="free_entry_point",
            billable=False,
        )
    ],
    "st_sent_legacy_conversation": [
        receipt(SITA, "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEjUzODQyNzg4NUM5Qzc4OEZGNQA=", "sent", **UTILITY)
    ],
    "st_failed_131026_undeliverable": [
        receipt(
            SITA_BY_PHONE,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEkMwOUJCODkwQjA5NkY3MzA2RgA=",
            "failed",
            error_code=131026,
            error_details="Message Undeliverable.",
        )
    ],
    "st_failed_131049_ecosystem": [
        receipt(
            SITA_BY_PHONE,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEjYxOUFBRTAyOUREQTUyODI1MwA=",
            "failed",
            error_code=131049,
            error_details="In order to maintain a healthy ecosystem engagement, the message "
            "failed to be delivered.",
        )
    ],
    "st_failed_131050_marketing_stopped": [
        receipt(
            SITA_BY_PHONE,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEkFERkVDNTc3MkFFODkzMkFBMQA=",
            "failed",
            error_code=131050,
            error_details="User stopped marketing messages",
        )
    ],
    "st_failed_130472_experiment": [
        receipt(
            SITA_BY_PHONE,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEjU0N0NEMkJBM0ExN0I0ODM2NQA=",
            "failed",
            error_code=130472,
            error_details="Failed to send message because this user's phone number is part of an experiment",
        )
    ],
    "st_failed_131042_payment": [
        receipt(
            SITA_BY_PHONE,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEjU0RkI3REQyRERBMERFNzBCRAA=",
            "failed",
            error_code=131042,
            error_details="Message failed to send because there were one or more errors "
            "related to your payment method.",
        )
    ],
    "st_failed_131053_media": [
        receipt(
            SITA_BY_PHONE,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEkU2MkY0MUQwMkMyOENCMDg5OAA=",
            "failed",
            error_code=131053,
            error_details="Unable to upload the media used in the message.",
        )
    ],
    "st_failed_131048_spam": [
        receipt(
            SITA_BY_PHONE,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEkJCQkY2MDg3QkI2NUE1OTcxRgA=",
            "failed",
            error_code=131048,
            error_details="Message failed to send because there are restrictions on how "
            "many messages can be sent from this phone number.",
        )
    ],
    "st_failed_131031_locked": [
        receipt(
            SITA_BY_PHONE,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEjhCQTM3NkZGMUM1ODYzOUI3NQA=",
            "failed",
            error_code=131031,
            error_details="Business Account has been locked",
        )
    ],
    "st_failed_131064_classification_cap": [
        receipt(
            SITA_BY_PHONE,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEkZGRDlFMUE5QjJEMjY2Q0JBNwA=",
            "failed",
            error_code=131064,
            error_details="Account reached its messaging limit due to template classification violations",
        )
    ],
    "st_failed_bsuid_131062": [
        receipt(
            ANIL,
            "wamid.HBgDOTc3FQIAERgSREM0MjMxMUE2NTVBMjQ4MDYxAA==",
            "failed",
            error_code=131062,
            error_details="Business-scoped User ID (BSUID) recipients are not supported for this message.",
        )
    ],
    "st_sent_group": [other("messages", "group.delivered")],
    "st_deleted_legacy": [other("messages", "status.deleted")],
}
