"""What recomputing costs: everything, what changed, a night, one edit."""

from collections.abc import Iterator

from django.db import connection

from commitments.actions import sign_off
from commitments.choices import Confidence, ReportState, Stage
from commitments.models import Position, Report, ReportingPeriod
from commitments.recompute import audit, audit_coverage, recompute
from tests.bench import bare
from tests.bench.england import TODAY, person
from tests.bench.table import Line
from tests.bench.timing import best, seconds

# Every hundredth position, as chance would have it.
_ONE_IN_A_HUNDRED = "hashint8extended(delivery_id, 1) % 100 = 0"
_ONE_IN_EIGHT = "hashint8extended(delivery_id, 2) % 8 = 0"


def everything(hands: int = 1) -> None:
    recompute(TODAY, everything=True, hands=hands)


def due() -> None:
    recompute(TODAY)


def runs(yardstick: float) -> Iterator[Line]:
    """Whole runs, each as a multiple of the bare statement."""
    yield Line("full recompute with coverage", best(lambda: everything(hands=2)) / yardstick, budget=2, note="2 hands")
    yield Line("full recompute with coverage, one hand", best(everything) / yardstick)
    some_wrong = best(everything, of=2, before=spoil)
    yield Line("full recompute, one position in eight written", some_wrong / yardstick)
    one_per_cent = best(due, before=lambda: _alter(f"next_change_on = '{TODAY}' WHERE {_ONE_IN_A_HUNDRED}"))
    yield Line("a night with 1% due", one_per_cent / yardstick, budget=0.10)
    yield Line("a night with nothing due", best(due) / yardstick, budget=0.02)


def spoil() -> None:
    """Makes one position in eight wrong."""
    _alter(f"status = 'missed', reason_code = 'x' WHERE {_ONE_IN_EIGHT}")


def _alter(change: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE commitments_position SET {change}")


def edits(count: int = 200) -> Iterator[Line]:
    """Single sign-offs at every level, each with its position and the coverage above it in one transaction."""
    approver, took = person("approver"), []
    for pk in submitted(count, part=0, parts=1):
        report = Report.objects.select_related("delivery").get(pk=pk)
        took.append(1000 * seconds(lambda report=report: sign_off(report=report, version=1, by=approver, today=TODAY)))
    took.sort()
    yield Line("one sign-off with position and coverage, median", took[len(took) // 2], "ms", 10)
    yield Line("… the slowest of a hundred", took[len(took) * 99 // 100 - 1], "ms")


def submitted(count: int, *, part: int, parts: int) -> list[int]:
    """Reports that wait for sign-off, on deliveries spread over England; each part has others."""
    period = ReportingPeriod.objects.filter(due_on__lte=TODAY).order_by("-starts_on")[0]
    spread = Position.objects.order_by("pk").values_list("pk", flat=True)
    chosen = list(spread)[part :: max(parts, spread.count() // count // parts * parts)][:count]
    author = person("author")
    reports = Report.objects.bulk_create(
        Report(
            delivery_id=pk,
            period=period,
            state=ReportState.SUBMITTED,
            stage=Stage.UNDER_WAY,
            confidence=(Confidence.RED, Confidence.GREEN)[number % 2],
            narrative="Written for the benchmark.",
            reason="A post is open." if number % 2 == 0 else "",
            path_to_green="Interviews next month." if number % 2 == 0 else "",
            author=author,
            submitted_on=TODAY,
        )
        for number, pk in enumerate(chosen)
    )
    return [report.pk for report in reports]


def wrong_cells() -> int:
    """Positions and rows of coverage that are not what the facts say."""
    return sum(1 for _ in audit(TODAY)) + sum(rows for _, rows in audit_coverage(TODAY))


def agreement() -> int:
    """On how many positions the portal and the bare statement disagree."""
    return len(bare.disagreements())
