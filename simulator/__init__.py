"""A stand-in for Meta's WhatsApp Cloud API on loopback: API, callbacks, the parents' phones as a page.

It imports nothing of ours, so that whatever it agrees on with the project comes from Meta's documentation.
"""
