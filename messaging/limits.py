"""How much may leave when: a token bucket per number in Redis, shared by all workers.

Meta takes 80 messages a second from a number by default (error 130429 above that).
"""

import functools
import logging
import time

import redis
from django.conf import settings
from redis.commands.core import Script

from messaging.models import Lane, WhatsAppNumber

logger = logging.getLogger(__name__)

# Seconds of sending that a full bucket holds. WhatsApp allows a whole one, but late requests arrive together.
BURST = 0.5

# KEYS[1] bucket; ARGV rate a second, capacity, wanted, left for others. Answers how many are granted, and
# the seconds until there will be one more. The clock is the server's, one for all workers. An unknown bucket
# starts nearly empty: with Redis wiped nothing bursts.
_TAKE = """
local rate, capacity = tonumber(ARGV[1]), tonumber(ARGV[2])
local wanted, left = tonumber(ARGV[3]), tonumber(ARGV[4])
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at')
local tokens, at = tonumber(bucket[1]) or left + rate / 10, tonumber(bucket[2]) or now
tokens = math.min(capacity, tokens + math.max(0, now - at) * rate)
local granted = math.max(0, math.min(wanted, math.floor(tokens - left)))
tokens = tokens - granted
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], 60)
return {granted, tostring(math.max(0, (1 + left - tokens) / rate))}
"""


@functools.cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=2)


@functools.cache
def _take() -> Script:
    return _client().register_script(_TAKE)


def take(number: WhatsAppNumber, wanted: int, lane: Lane) -> tuple[int, float]:
    """Take up to `wanted` sends from the number's bucket: how many were granted, seconds until one more.

    Routine leaves half of the bucket untouched: an emergency finds it full enough, and has all that flows in
    while it lasts.
    """
    rate = number.throughput
    capacity = max(1, rate * BURST)
    left = 0 if lane == Lane.EMERGENCY else capacity // 2
    try:
        granted, wait = _take()(keys=[_key(number)], args=[rate, capacity, wanted, left])
    except redis.RedisError:
        logger.warning("The limiter is out of reach; number %s is paced by this worker alone.", number.pk)
        time.sleep(wanted / rate)
        return wanted, 0.0
    return int(granted), float(wait)


def give_back(number: WhatsAppNumber, unused: int) -> None:
    """Return what was taken and not used."""
    if unused > 0:
        try:
            _client().hincrbyfloat(_key(number), "tokens", unused)
        except redis.RedisError:
            logger.warning("The limiter is out of reach; %s sends of number %s are lost.", unused, number.pk)


def _key(number: WhatsAppNumber) -> str:
    return f"schoolcomm:limit:{number.pk}"
