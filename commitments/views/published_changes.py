"""Since our last meeting: what changed between a publication and an earlier one."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.views.decorators.http import require_safe

from commitments.comparison import Stood, differences
from commitments.forms.publishing import CompareForm, since_word
from commitments.models import Publication, PublishedDateChange, PublishedPosition
from commitments.presenters import published_changes as present
from commitments.presenters.links import PublishedLinks
from commitments.tables.base import ROWS_A_PAGE
from commitments.views.published import frame, public, publication_for, shown
from commitments.views.published_maturity import maturity_moved

# Of each kind, before the reader asks for all.
SHOWN = 5


@public
@require_safe
def published_changes(request, code: str, month: dt.date, edition: int):
    """Better, worse, newly reported, newly missed, delivered, and dates that moved."""
    found = publication_for(request, code, month, edition)
    earlier = list(_earlier(found))

    def find():
        page = frame(request, found, code, "../")
        form = CompareForm(request.GET, publication=found, earlier=earlier, kinds=present.KINDS)
        page |= {"request": SimpleNamespace(path=request.path, GET=request.GET), "form": form, "earlier": earlier}
        if earlier and form.is_valid():
            since = next(one for one in earlier if since_word(one) == form.cleaned_data["since"])
            page |= _changes(request, found, since, form.cleaned_data, page["links"])
        return "commitments/published_changes.html", page

    return shown(request, found, find, *(one.pk for one in earlier), is_asked=True)


def _earlier(found: Publication):
    """What it can be compared with: earlier months as they stand corrected, and its own earlier editions."""
    before = Publication.objects.filter(system=found.system_id).select_related("system").newest_first()
    months = Q(period__lt=found.period_id, superseded_by__isnull=True)
    return before.filter(months | Q(period=found.period_id, edition__lt=found.edition))


def _changes(
    request, found: Publication, since: Publication, asked: dict[str, Any], links: PublishedLinks
) -> dict[str, Any]:
    within = _within(asked)
    before, after = (_stood(one, within) for one in (since, found))
    found_by_key = {difference.key: difference for difference in differences(_by_key(before), _by_key(after))}
    moves = [move for move in present.new_moves(_moves(since, within), _moves(found, within)) if move.key in after]
    milestones = dict.fromkeys(move.key for move in moves)
    keys = present.keys_by_kind(found_by_key.values(), milestones)
    kind = asked["kind"]
    chosen = keys[kind] if kind else [key for name in present.KINDS for key in keys[name][:SHOWN]]
    pages = Paginator(chosen, ROWS_A_PAGE if kind else max(len(chosen), 1))
    page = pages.get_page(request.GET.get("page"))
    rows = PublishedPosition.objects.in_words().in_bulk({after[key][0] for key in page})
    positions = {key: rows[after[key][0]] for key in page}
    params = {name: request.GET.get(name, "") for name in ("theme", "place")} | {"since": since_word(since)}
    return {
        "since": since,
        "counts": [
            (label, len(keys[name]), links.changes(**params, kind=name)) for name, label in present.KINDS.items()
        ],
        "maturity": maturity_moved(found, since, asked),
        "total": len({key for found_keys in keys.values() for key in found_keys}),
        "pages": {"page": page, "paginator": pages, "prefixed_page_field": "page"},
        "groups": [
            present.Group(
                name,
                label,
                len(keys[name]),
                links.changes(**params, kind=name),
                present.changed_lines(
                    (positions[key] for key in (page if kind else keys[name][:SHOWN])), found_by_key, moves, links
                ),
            )
            for name, label in present.KINDS.items()
            if keys[name] and kind in ("", name)
        ],
    }


def _within(asked: dict[str, Any]) -> dict[str, str]:
    """The filters by code, which both publications know."""
    named = {"commitment__theme__code": asked["theme"], "footprint__place__code": asked["place"]}
    return {name: row.code for name, row in named.items() if row}


Rows = dict[present.Key, tuple[int, Stood]]


def _stood(publication: Publication, within: dict[str, str]) -> Rows:
    """Each position by the codes of its commitment and footprint, the worst first."""
    facts = ("commitment__code", "footprint__code", "pk", "status", "local_deadline_on", "expected_on")
    rows = publication.positions.filter(**within).worst_first().values_list(*facts)
    return {(code, footprint): (pk, Stood(*dates)) for code, footprint, pk, *dates in rows}


def _by_key(rows: Rows) -> dict[present.Key, Stood]:
    return {key: stood for key, (_, stood) in rows.items()}


def _moves(publication: Publication, within: dict[str, str]) -> list[present.Moved]:
    facts = ("kind", "what", "old_on", "new_on", "changed_on", "reason")
    rows = PublishedDateChange.objects.filter(
        publication=publication, **{f"position__{name}": code for name, code in within.items()}
    )
    found = rows.values_list("position__commitment__code", "position__footprint__code", *facts)
    return [present.Moved(*row) for row in found]
