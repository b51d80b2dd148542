"""Files that people upload as evidence: where they lie, and under which names."""

import uuid
from pathlib import PurePath

from django.core.files.storage import Storage, storages
from django.db import models


def private_storage() -> Storage:
    """Where evidence lies: outside everything a web server serves by itself."""
    return storages["evidence"]


def made_up_name(row: models.Model, name: str) -> str:
    """The name under which a file is kept: nothing of the one it came with but the ending, which was checked."""
    return f"{uuid.uuid4()}{PurePath(name).suffix.lower()}"
