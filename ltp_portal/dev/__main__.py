"""`python -m ltp_portal.dev run|manage|test|bench|check|format|lock`: what the words of the Makefile do."""

import sys
from collections.abc import Callable

from ltp_portal.dev import bench, manage, quality, run, testing
from ltp_portal.dev.problems import Problem

WORDS: dict[str, Callable[..., None]] = {
    "run": run.run,
    "manage": manage.manage,
    "test": testing.test,
    "bench": bench.bench,
    "check": quality.check,
    "format": quality.reformat,
    "lock": quality.lock,
}


def main(word: str, *arguments: str) -> None:
    try:
        WORDS[word](*arguments)
    except Problem as problem:
        sys.exit(f"ltp-portal: {problem}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main(*sys.argv[1:])
