"""The second template engine: the NHS design system's components. Pages stay Django templates."""

from jinja2 import ChainableUndefined, Environment, PackageLoader


def environment(**options) -> Environment:
    """Named in TEMPLATES. ChainableUndefined, because the components ask for parameters nobody passed."""
    options["loader"] = PackageLoader("nhsuk_frontend_jinja")
    options["undefined"] = ChainableUndefined
    return Environment(**options)  # noqa: S701 - Django passes autoescape=True
