"""How much may leave when: buckets of tokens in Redis, shared by all workers.

Meta takes 80 messages a second from a number by default (error 130429 above that), and one every six seconds
to the same phone, 45 at once (131056).
https://developers.facebook.com/documentation/business-messaging/whatsapp/throughput
"""

import functools
import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

import redis
from django.conf import settings
from redis.commands.core import Script

from messaging.models import Lane, WhatsAppNumber

logger = logging.getLogger(__name__)

# Seconds of sending that a full bucket holds. WhatsApp allows a whole one, but late requests arrive together.
BURST = 0.5
OVERTAKES = 1.0  # seconds for which an emergency keeps the other lanes of its number waiting
OUT_OF_REACH = 1.0  # seconds until Redis is asked again
PAIR_BURST, PAIR_SECONDS = 45, 6.0
# How much of the reserve a lane leaves to those above it.
RESERVED = {Lane.EMERGENCY: 0.0, Lane.REPLY: 0.5, Lane.ROUTINE: 1.0}

# KEYS[1] bucket; ARGV rate a second, capacity, wanted, left for others, whether it is an emergency, seconds
# for which that overtakes. Answers how many are granted, and the seconds until there will be one more. The
# clock is the server's, one for all workers. An unknown bucket starts nearly empty: with Redis wiped nothing
# bursts.
_TAKE = """
local rate, capacity = tonumber(ARGV[1]), tonumber(ARGV[2])
local wanted, left = tonumber(ARGV[3]), tonumber(ARGV[4])
local is_emergency, overtakes = ARGV[5] == '1', tonumber(ARGV[6])
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local bucket = redis.call('HMGET', KEYS[1], 'tokens', 'at', 'emergency_at')
local tokens, at = tonumber(bucket[1]) or left + rate / 10, tonumber(bucket[2]) or now
local emergency_at = tonumber(bucket[3]) or 0
tokens = math.min(capacity, tokens + math.max(0, now - at) * rate)
local overtaken = 0
if is_emergency then
    emergency_at = now
elseif emergency_at <= now then
    overtaken = math.max(0, emergency_at + overtakes - now)
end
local granted = 0
if overtaken == 0 then granted = math.max(0, math.min(wanted, math.floor(tokens - left))) end
tokens = tokens - granted
redis.call('HSET', KEYS[1], 'tokens', tostring(tokens), 'at', string.format('%.6f', now),
    'emergency_at', string.format('%.6f', emergency_at))
redis.call('EXPIRE', KEYS[1], 60)
return {granted, tostring(math.max(overtaken, (1 + left - tokens) / rate, 0))}
"""

# KEYS the pairs; ARGV burst, seconds for one. Answers for each pair the seconds to wait, "0" where it may go.
_TAKE_PAIRS = """
local burst, seconds = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local waits = {}
for index, key in ipairs(KEYS) do
    local pair = redis.call('HMGET', key, 'tokens', 'at')
    local tokens, at = tonumber(pair[1]) or burst, tonumber(pair[2]) or now
    tokens = math.min(burst, tokens + math.max(0, now - at) / seconds)
    if tokens >= 1 then
        redis.call('HSET', key, 'tokens', tostring(tokens - 1), 'at', string.format('%.6f', now))
        redis.call('EXPIRE', key, math.ceil(burst * seconds))
        waits[index] = '0'
    else
        waits[index] = tostring((1 - tokens) * seconds)
    end
end
return waits
"""

# KEYS[1] bucket or pair; ARGV tokens, seconds to keep it.
_DRAIN = """
local time = redis.call('TIME')
redis.call('HSET', KEYS[1], 'tokens', ARGV[1], 'at', string.format('%.6f', time[1] + time[2] / 1000000))
redis.call('EXPIRE', KEYS[1], ARGV[2])
"""


@functools.cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=2)


@functools.cache
def _script(source: str) -> Script:
    return _client().register_script(source)


def take(number: WhatsAppNumber, wanted: int, lane: Lane) -> tuple[int, float]:
    """Take up to `wanted` sends from the number's bucket: how many were granted, seconds until one more.

    Routine leaves the reserve of the bucket untouched, answers to parents half of it: an emergency finds it
    there, and has all that flows in while it lasts.
    """
    rate = number.throughput
    capacity = max(1.0, rate * BURST)
    left = int(capacity * RESERVED[lane] * settings.EMERGENCY_RESERVE)
    arguments = [rate, capacity, wanted, left, int(lane == Lane.EMERGENCY), OVERTAKES]
    try:
        granted, wait = _script(_TAKE)(keys=[_bucket(number)], args=arguments)
    except redis.RedisError as error:
        return _without_redis(number, wanted, lane, error)
    return int(granted), float(wait)


def give_back(number: WhatsAppNumber, unused: int) -> None:
    """Return what was taken and not used."""
    if unused > 0:
        _quietly(lambda: _client().hincrbyfloat(_bucket(number), "tokens", unused))


def take_pairs(number: WhatsAppNumber, phones: Sequence[str]) -> list[float]:
    """Take one send to each of these phones: the seconds to wait for each, 0 where it may go now."""
    keys = [_pair(number, phone) for phone in phones]
    waits = (
        _quietly(lambda: _script(_TAKE_PAIRS)(keys=keys, args=[PAIR_BURST, PAIR_SECONDS])) if keys else None
    )
    return [float(wait) for wait in waits] if waits else [0.0] * len(phones)


def slow_number(number: WhatsAppNumber, seconds: float = 1.0) -> None:
    """WhatsApp says that the number sends too fast, or says nothing: nothing leaves from it for so long."""
    _quietly(lambda: _script(_DRAIN)(keys=[_bucket(number)], args=[-number.throughput * seconds, 60]))


def slow_pair(number: WhatsAppNumber, phone: str, seconds: float) -> None:
    """WhatsApp says that this phone got too many: nothing more leaves for it for so long."""
    tokens = 1 - seconds / PAIR_SECONDS
    keep = int(PAIR_BURST * PAIR_SECONDS + seconds) + 1
    _quietly(lambda: _script(_DRAIN)(keys=[_pair(number, phone)], args=[tokens, keep]))


def _without_redis(
    number: WhatsAppNumber, wanted: int, lane: Lane, error: redis.RedisError
) -> tuple[int, float]:
    """Nobody counts: emergencies go on at the pace of this worker alone, and all else waits for them."""
    logger.warning("The limiter is out of reach (%s), number %s.", type(error).__name__, number.pk)
    if lane != Lane.EMERGENCY:
        return 0, OUT_OF_REACH
    granted = min(wanted, max(1, int(number.throughput * BURST)))
    time.sleep(granted / number.throughput)
    return granted, 0.0


def _quietly(ask: Callable[[], Any]) -> Any:
    try:
        return ask()
    except redis.RedisError as error:
        logger.warning("The limiter is out of reach (%s).", type(error).__name__)
        return None


def _bucket(number: WhatsAppNumber) -> str:
    return f"schoolcomm:limit:{number.pk}"


def _pair(number: WhatsAppNumber, phone: str) -> str:
    """Redis holds no phone numbers."""
    disguised = hashlib.blake2b(phone.encode(), key=settings.SECRET_KEY.encode()[:64], digest_size=9)
    return f"schoolcomm:pair:{number.pk}:{disguised.hexdigest()}"
