"""The wire to Meta's Cloud API: HTTP and Meta's words, turned into ours. Knows no models.

https://developers.facebook.com/documentation/business-messaging/whatsapp
"""
