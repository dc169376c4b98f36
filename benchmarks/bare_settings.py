"""Our settings, all but the addresses: what the two views share must not differ."""

from schoolcomm.settings import *  # noqa: F403 (all of them is what is meant)

ROOT_URLCONF = "benchmarks.bare"
