"""What people send, as read from the vectors."""

from messaging.tests.whatsapp.expected import ANIL, HARI, MAYA, REKHA, SITA, inbound, other

INBOUND = {
    "in_text": [
        inbound(
            SITA,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABIYFDNBRTUzNTM4NzlCRDY5QkZERENCAA==",
            "text",
            text="Thank you miss. Aarav will be absent tomorrow.",
        )
    ],
    "in_text_stop_keyword": [
        inbound(
            SITA, "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABIYFDNBNDM1ODY5NEVFQjA5OEM2NzA4AA==", "text", text="STOP"
        )
    ],
    "in_text_context_reply": [
        inbound(
            SITA,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABIYFDNBN0ZGOEI1RThEMzBEQzFGQzlFAA==",
            "text",
            text="Received",
            replied_to="wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEjhFNzRBQkUxNjFBQTEyMUZCOAA=",
        )
    ],
    "in_text_forwarded": [
        inbound(
            HARI,
            "wamid.HBgNOTc3OTg1MTIwMDIwMhUCABIYFDNBREMxMDkyRTFCMzZCQUFENjE1AA==",
            "text",
            text="Forwarded notice",
            forwarded=True,
        )
    ],
    "in_text_ctwa_referral": [
        inbound(
            REKHA,
            "wamid.HBgMOTE5ODEyMzA0NDU1FQIAEhgUM0E4RTc1NDUwNjI1RTAyN0IwRDEA",
            "text",
            text="Admission details please",
        )
    ],
    "in_image": [
        inbound(
            SITA,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABIYFDNBMzc5NUI1NEM1QkE2MkRGNTJGAA==",
            "image",
            text="Homework photo",
            media_id="1422308855901172",
            media_type="image/jpeg",
            media_sha256="776dfd2975eeb3f4a9cd2954ebea868c038de829e3db1beb2e8f9cf7a793a0ac",
        )
    ],
    "in_audio_voice": [
        inbound(
            SITA,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABIYFDNBRjI5QkM5MUJCREFCMTY5RkMwAA==",
            "audio",
            text=None,
            media_id="1422308855901174",
            media_type="audio/ogg",
            media_sha256="0111ccdfaffa023012d0f805e9b719bb840c4130df5b9ddcda51379e207d2e35",
            voice=True,
        )
    ],
    "in_video": [
        inbound(
            MAYA,
            "wamid.HBgNOTc3OTg2MTIwMDMwMxUCABIYFDNBNUE2REY3MjA1NDBDMjBEOTVEAA==",
            "video",
            text="Sports day",
            media_id="1422308855901175",
            media_type="video/mp4",
            media_sha256="e373400585b91e648a41fe952c7b29114d6c3e7fd413b78a5b4c2f2188371b28",
        )
    ],
    "in_sticker": [
        inbound(
            MAYA,
            "wamid.HBgNOTc3OTg2MTIwMDMwMxUCABIYFDNBNjQwRDg3RTc0MUU2QUE0QzY2AA==",
            "sticker",
            text=None,
            media_id="1422308855901176",
            media_type="image/webp",
            media_sha256="0af3071ec2c5781c53e51712d1e961d493e7b4af0b66e3e13dc38f9b9186aec7",
        )
    ],
    "in_contacts_contact_request": [
        inbound(
            ANIL,
            "wamid.HBgDOTc3FQIAEhgUM0E2QjFGNTMzMDNBNzMyQ0NDOEMA",
            "contacts",
            text="+977 984-1200505",
            payload="+9779841200505",
        )
    ],
    "in_interactive_button_reply": [
        inbound(
            SITA,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABIYFDNBN0U4M0NBMkE2NUQ2RjkwQTgwAA==",
            "interactive",
            text="Received",
            replied_to="wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEjhFNzRBQkUxNjFBQTEyMUZCOAA=",
            payload="ack:notice:8841",
        )
    ],
    "in_interactive_list_reply": [
        inbound(
            HARI,
            "wamid.HBgNOTc3OTg1MTIwMDIwMhUCABIYFDNBMzJGMjhFQTAzQjFCMjAxMjY2AA==",
            "interactive",
            text="Aarav, Grade 4",
            replied_to="wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEjhFNzRBQkUxNjFBQTEyMUZCOAA=",
            payload="child:5521",
        )
    ],
    "in_interactive_nfm_reply": [
        inbound(
            SITA,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABIYFDNBMjNBNUZEMEVBNUFDMTE1Q0MwAA==",
            "interactive",
            text="Sent",
            replied_to="wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEjhFNzRBQkUxNjFBQTEyMUZCOAA=",
            payload='{"flow_token": "leave-form-1", "reason": "Fever", "days": "2"}',
        )
    ],
    "in_reaction": [
        inbound(
            SITA,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABIYFDNBNTU3M0UzOUI2NjAwNDk2RDQwAA==",
            "reaction",
            text="👍",
            replied_to="wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEjhFNzRBQkUxNjFBQTEyMUZCOAA=",
        )
    ],
    "in_reaction_removed": [
        inbound(
            SITA,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABIYFDNBQTUwMTI2Q0MyRDZDNzI2REUwAA==",
            "reaction",
            text=None,
            replied_to="wamid.HBgNOTc3OTg0MTIwMDEwMRUCABEYEjhFNzRBQkUxNjFBQTEyMUZCOAA=",
        )
    ],
    "in_edit": [
        inbound(
            SITA,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABIYFDNBODQ4OTZEM0UwNjc4ODQ2MjFDAA==",
            "edit",
            text="Aarav will be absent on Sunday.",
            original="wamid.HBgNOTc3OTg0MTIwMDEwMRUCABIYFDNBRTUzNTM4NzlCRDY5QkZERENCAA==",
        )
    ],
    "in_group_text": [other("messages", "group.text")],
    "dup_second": [
        inbound(
            SITA,
            "wamid.HBgNOTc3OTg0MTIwMDEwMRUCABIYFDNBNzREQjMwQjRBMEZCRUZCODM0AA==",
            "text",
            text="Duplicate",
        )
    ],
}
