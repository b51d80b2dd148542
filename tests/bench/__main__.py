"""`make bench`: makes England, measures, and prints one table. Its servers are started by ltp_portal/dev/bench.py."""

import sys

import django


def main(scale: float) -> None:
    django.setup()
    from tests.bench import run

    run.run(scale)


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1.0)
