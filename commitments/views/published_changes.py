"""Since our last meeting: what changed between a publication and an earlier one."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q
from django.views.decorators.http import require_safe

from commitments.comparison import KINDS
from commitments.forms.publishing import CompareForm, since_word
from commitments.models import Publication, PublishedPosition
from commitments.models.compared import comparable, compare
from commitments.presenters import published_changes as present
from commitments.presenters.links import PublishedLinks
from commitments.views.published import frame, public, publication_for, shown
from commitments.views.published_maturity import maturity_moved
from systems.tables.base import ROWS_A_PAGE

# Of each kind, before the reader asks for all.
SHOWN = 5


@public
@require_safe
def published_changes(request, code: str, month: dt.date, edition: int):
    """Better, worse, newly reported, newly missed, delivered, and dates that moved."""
    found = publication_for(request, code, month, edition)
    earlier = list(comparable(found))

    def find():
        page = frame(request, found, code, "../")
        form = CompareForm(request.GET, publication=found, earlier=earlier, kinds=KINDS)
        page |= {"request": SimpleNamespace(path=request.path, GET=request.GET), "form": form, "earlier": earlier}
        if earlier and form.is_valid():
            since = next(one for one in earlier if since_word(one) == form.cleaned_data["since"])
            page |= _changes(request, found, since, form.cleaned_data, page["links"])
        return "commitments/published_changes.html", page

    return shown(request, found, find, *(one.pk for one in earlier), is_asked=True)


def _changes(
    request, found: Publication, since: Publication, asked: dict[str, Any], links: PublishedLinks
) -> dict[str, Any]:
    compared = compare(since, found, _within(asked))
    keys = compared.keys
    kind = asked["kind"]
    chosen = keys[kind] if kind else [key for name in KINDS for key in keys[name][:SHOWN]]
    pages = Paginator(chosen, ROWS_A_PAGE if kind else max(len(chosen), 1))
    page = pages.get_page(request.GET.get("page"))
    rows = PublishedPosition.objects.in_words().in_bulk({compared.rows[key] for key in page})
    positions = {key: rows[compared.rows[key]] for key in page}
    params = {name: request.GET.get(name, "") for name in ("theme", "place")} | {"since": since_word(since)}
    return {
        "since": since,
        "counts": [(label, len(keys[name]), links.changes(**params, kind=name)) for name, label in KINDS.items()],
        "maturity": maturity_moved(found, since, asked),
        "total": compared.total,
        "pages": {"page": page, "paginator": pages, "prefixed_page_field": "page"},
        "groups": [
            present.Group(
                name,
                label,
                len(keys[name]),
                links.changes(**params, kind=name),
                present.changed_lines(
                    (positions[key] for key in (page if kind else keys[name][:SHOWN])),
                    compared.differences,
                    compared.moves,
                    links,
                ),
            )
            for name, label in KINDS.items()
            if keys[name] and kind in ("", name)
        ],
    }


def _within(asked: dict[str, Any]) -> Q:
    """The filters by code, which both publications know."""
    named = {"commitment__theme__code": asked["theme"], "footprint__place__code": asked["place"]}
    return Q(**{name: row.code for name, row in named.items() if row})
