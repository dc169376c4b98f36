"""`python -m benchmarks.steps NAME FILE ARGUMENTS`: run one step, write what it found into the file."""

import importlib
import json
import os
import sys
from pathlib import Path

import django


def main(name: str, file: str, arguments: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolcomm.settings")
    django.setup()  # before anything is imported that has models
    step = importlib.import_module(f"benchmarks.steps.{name}")
    Path(file).write_text(json.dumps(step.run(**json.loads(arguments))))


if __name__ == "__main__":
    main(*sys.argv[1:])
