"""What Meta tells of templates, numbers and accounts, as read from the vectors."""

from messaging.tests.whatsapp.expected import account, later, template

NEWS = {
    "tpl_status_approved": [
        template("status", name="absence_alert_v2", language="en_US", event="APPROVED", category="UTILITY")
    ],
    "tpl_status_rejected_invalid_format": [
        template(
            "status",
            name="fee_reminder_v1",
            language="en",
            event="REJECTED",
            reason="INVALID_FORMAT",
            details="Variables sit next to each other with no text between them. "
            "Put descriptive words between the variables.",
            category="UTILITY",
        )
    ],
    "tpl_status_rejected_category": [
        template(
            "status",
            name="sports_day_invite",
            language="en",
            event="REJECTED",
            reason="INCORRECT_CATEGORY",
            category="UTILITY",
        )
    ],
    "tpl_status_unpaused": [
        template(
            "status",
            name="absence_alert_v2",
            language="en",
            event="REINSTATED",
            title="UNPAUSE",
            details="Template can be sent again.",
            category="UTILITY",
        )
    ],
    "tpl_status_disabled": [
        template(
            "status",
            name="absence_alert_v2",
            language="en",
            event="DISABLED",
            title="DISABLED",
            details="Disabled after repeated pauses.",
            category="UTILITY",
        )
    ],
    "tpl_status_archived": [
        template("status", name="old_notice_2", language="en", event="ARCHIVED", category="UTILITY")
    ],
    "tpl_category_update_done": [
        template("category", name="daily_update_v1", language="en_US", category="MARKETING")
    ],
    "tpl_components_update": [
        template(
            "components",
            name="fee_reminder_v2",
            language="en",
            header="Fee reminder",
            body="Dear {{1}}, the fee of NPR {{2}} for {{3}} is due on {{4}}.",
            footer="Himal Secondary School",
        )
    ],
    "tpl_correct_category_detection": [
        template(
            "detection",
            name="auto_generated_2f11c",
            language="en",
            category="UTILITY",
            next_category="MARKETING",
        )
    ],
    "phone_quality_throughput_upgrade": [
        account(
            "phone_number_quality_update",
            "THROUGHPUT_UPGRADE",
            display_phone="9779801234567",
            tier="TIER_UNLIMITED",
            throughput=1000,
        )
    ],
    "phone_quality_onboarding": [
        account("phone_number_quality_update", "ONBOARDING", display_phone="9779801234567", tier="TIER_250")
    ],
    "phone_name_update_approved": [
        account(
            "phone_number_name_update",
            "APPROVED",
            display_phone="9779801234567",
            verified_name="Himal Secondary School",
        )
    ],
    "phone_name_update_rejected": [
        account(
            "phone_number_name_update",
            "REJECTED",
            display_phone="9779801234567",
            verified_name="Best School",
            details="NAME_NOT_CONSISTENT",
        )
    ],
    "business_capability_update": [
        account("business_capability_update", "business_capability_update", tier="TIER_2K")
    ],
    "account_update_restriction": [
        account(
            "account_update",
            "ACCOUNT_RESTRICTION",
            restrictions=("RESTRICTED_BIZ_INITIATED_MESSAGING",),
            until=later(259200),
        )
    ],
    "account_update_restriction_utility": [
        account(
            "account_update",
            "ACCOUNT_RESTRICTION",
            restrictions=("RESTRICTED_UTILITY_TEMPLATES",),
            until=later(604800),
            details="Review the category rules.",
        )
    ],
    "account_update_reinstated": [
        account("account_update", "DISABLED_UPDATE", details="REINSTATE November 30, 2026")
    ],
    "account_update_volume_tier": [
        account(
            "account_update",
            "VOLUME_BASED_PRICING_TIER_UPDATE",
            details="UTILITY 100001:500000 Nepal 2026-11",
        )
    ],
    "account_update_primary_location": [
        account("account_update", "BUSINESS_PRIMARY_LOCATION_COUNTRY_UPDATE", details="NP")
    ],
    "account_alerts_warning": [
        account(
            "account_alerts",
            "INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED",
            entity_type="BUSINESS",
            entity_id="704411908823145",
            alert_type="INCREASED_CAPABILITIES_ELIGIBILITY_DEFERRED",
            alert_severity="WARNING",
            alert_status="ACTIVE",
            details="Limits cannot be increased yet.",
        )
    ],
    "account_alerts_critical": [
        account(
            "account_alerts",
            "PROFILE_PICTURE_LOST",
            phone_number_id="391205567804412",
            entity_type="PHONE_NUMBER",
            entity_id="391205567804412",
            alert_type="PROFILE_PICTURE_LOST",
            alert_severity="CRITICAL",
            alert_status="ACTIVE",
            details="Please upload the profile picture again.",
        )
    ],
    "account_review_update": [account("account_review_update", "APPROVED")],
    "security_pin_reset_request": [account("security", "PIN_RESET_REQUEST", display_phone="9779801234567")],
    "security_pin_changed": [account("security", "PIN_CHANGED", display_phone="9779801234567")],
    "business_username_update": [
        account(
            "business_username_update", "approved", display_phone="9779801234567", username="himal.school"
        )
    ],
}
