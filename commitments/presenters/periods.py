"""The months of a system as its approver sees them."""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from commitments.choices import PeriodStep
from commitments.models import PeriodAct, Publication, ReportingPeriod
from commitments.sentences import day_in_words, days_left


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """A month: how it stands, what is in, and the steps that can be taken. Of closed months nothing is missing.

    Late reports come in until it is closed; a closed month is published, and the newest that was published corrected.
    """

    period: ReportingPeriod
    is_open: bool
    state: str
    nudged: str
    counts: Mapping[str, int]
    missing: int | None
    steps: tuple[str, ...]
    published: Publication | None = None
    # What the page of publishing is called here: "Publish" or "Correct"; empty where there is nothing to publish.
    publishing: str = ""


_NONE = {"waiting": 0, "signed_off": 0, "unfinished": 0, "late": 0}


def period_rows(
    months: Sequence[ReportingPeriod],
    *,
    still_open: Collection[dt.date],
    acts: Sequence[PeriodAct],
    counts: Mapping[dt.date, Mapping[str, int]],
    told: Sequence[dt.date | None],
    published: Mapping[dt.date, Publication],
    today: dt.date,
) -> list[PeriodRow]:
    """`acts` the newest first; `told` the latest month reported of each delivery on which a report is expected."""
    rows = []
    for period in months:
        own = [act for act in acts if act.period_id == period.pk]
        moved = next((act for act in own if act.step != PeriodStep.NUDGED), None)
        nudge = next((act for act in own if act.step == PeriodStep.NUDGED), None)
        is_open = period.pk in still_open
        missing = sum(latest is None or latest < period.pk for latest in told) if is_open else None
        is_nudged_today = nudge is not None and nudge.done_on == today
        rows.append(
            PeriodRow(
                period=period,
                is_open=is_open,
                state=_state(period, moved, today, is_open=is_open),
                nudged=f"Last nudged by {_who_and_when(nudge)}" if nudge else "",
                counts=counts.get(period.pk, _NONE),
                missing=missing,
                steps=_steps(is_open=is_open, can_nudge=bool(missing) and not is_nudged_today),
                published=published.get(period.pk),
                publishing="" if is_open else _publishing(period, published, today),
            )
        )
    return rows


def _publishing(period: ReportingPeriod, published: Mapping[dt.date, Publication], today: dt.date) -> str:
    newest = max(published, default=dt.date.min)
    if period.pk > today or period.pk < newest:
        return ""
    return "Correct" if period.pk == newest else "Publish"


def _steps(*, is_open: bool, can_nudge: bool) -> tuple[str, ...]:
    if not is_open:
        return ("open",)
    return ("nudge", "close") if can_nudge else ("close",)


def _state(period: ReportingPeriod, moved: PeriodAct | None, today: dt.date, *, is_open: bool) -> str:
    if is_open:
        opened = f"Opened by {_who_and_when(moved)}" if moved else "Open"
        return f"{opened}, {days_left(period.due_on, today)}"
    return f"Closed by {_who_and_when(moved)}" if moved else f"Opens on {day_in_words(period.opens_on)}"


def _who_and_when(act: PeriodAct) -> str:
    return f"{act.done_by.name} on {day_in_words(act.done_on)}"


def done_in_words(step: str, period: ReportingPeriod, people: int | None) -> str:
    """What a step has done; a nudge says how many people it reminds."""
    if step == "nudge":
        return f"Reminders for {period} are on their way to {'1 person' if people == 1 else f'{people} people'}"
    return f"{period} is {'open for reports' if step == 'open' else 'closed'}"
