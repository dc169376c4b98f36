from schoolcomm.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.bare"
