"""What pages cost, each beside a bare page for the same signed-in person that answers the same bytes."""

from collections.abc import Callable, Iterator

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from commitments.choices import DeliveryLevel
from commitments.models import Commitment, Delivery
from systems.models import Footprint
from tests.bench import urls
from tests.bench.england import person
from tests.bench.table import Line
from tests.bench.timing import side_by_side

ROUNDS = 15
# A usual system's: the grid of its dashboard has about 20 themes by so many places.
PLACES = 7


def client() -> Client:
    browser = Client()
    browser.force_login(person("viewer"), backend="ltp_portal.backends.PortalBackend")
    return browser


def addresses() -> dict[str, str]:
    """One page of each kind; the system is the one with the most deliveries, its dashboard that of a usual one."""
    systems = Footprint.objects.systems().filter(pk__in=Delivery.objects.values("footprint__system"))
    size = {system: Delivery.objects.inside(system).count() for system in systems}
    system = max(size, key=size.__getitem__)
    usual = min(
        size, key=lambda system: (abs(Footprint.objects.inside(system).places().count() - PLACES), -size[system])
    )
    delivery = Delivery.objects.inside(system).filter(is_applicable=True).order_by("pk").first()
    commitment = Commitment.objects.filter(delivery_level=DeliveryLevel.NEIGHBOURHOOD).order_by("code").first()
    return {
        "dashboard": f"/systems/{usual.code}/",
        "largest-dashboard": f"/systems/{system.code}/",
        "list": "/deliveries/",
        "list-of-a-system": f"/deliveries/?system={system.code}",
        "commitment": f"/commitments/{commitment.code}/",
        "delivery": f"/deliveries/{delivery.pk}/",
    }


def forget_pages() -> None:
    """Whatever was kept is drawn afresh; sessions stay where they are."""
    cache.delete_pattern("page:*")


def costs() -> Iterator[Line]:
    """Each page as a multiple of a bare one."""
    browser, pages = client(), addresses()
    dashboard = pages.pop("dashboard")
    yield _against_bare(browser, "dashboard kept under the system's version", dashboard, budget=2)
    yield _against_bare(browser, "dashboard drawn afresh", dashboard, budget=15, before=forget_pages)
    largest = pages.pop("largest-dashboard")
    yield _against_bare(browser, "the largest system's drawn afresh", largest, budget=None, before=forget_pages)
    tag = browser.get(dashboard).headers.get("ETag")
    if tag is not None:
        yield _against_bare(browser, "dashboard unchanged (304)", dashboard, budget=1.3, HTTP_IF_NONE_MATCH=tag)
    budgets = {"list": 30, "list-of-a-system": 30}
    for name, address in pages.items():
        yield _against_bare(browser, name.replace("-", " "), address, budget=budgets.get(name))


def _against_bare(
    browser: Client,
    name: str,
    address: str,
    *,
    budget: float | None,
    before: Callable[[], object] = lambda: None,
    **headers: str,
) -> Line:
    urls.ANSWERS["page"] = _answer(browser, address)

    def page() -> None:
        before()
        browser.get(address, **headers)

    took, prepared, plain = side_by_side(page, before, lambda: browser.get("/bare/page/"), rounds=ROUNDS)
    note = f"{queries(browser, address, before, **headers)} queries, {len(urls.ANSWERS['page']) / 1024:,.0f} kB"
    return Line(f"page: {name}", (took - prepared) / plain, budget=budget, note=note)


def _answer(browser: Client, address: str) -> bytes:
    answer = browser.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}.")
    return answer.content


def queries(browser: Client, address: str, before: Callable[[], object] = lambda: None, **headers: str) -> int:
    before()
    with CaptureQueriesContext(connection) as asked:
        browser.get(address, **headers)
    return len(asked)
