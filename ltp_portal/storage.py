"""How static files are served: hashed, compressed, cached for ever."""

from django.contrib.staticfiles.storage import HashedFilesMixin
from whitenoise.storage import CompressedManifestStaticFilesStorage

_, _IMPORTS = HashedFilesMixin._js_module_import_aggregation_patterns  # type: ignore[attr-defined]


class PortalStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Also rewrites `import … from` in our own scripts, so that portal.js asks for the hashed nhsuk-frontend.

    Not in packages' scripts: a comment of one of htmx's extensions names a file that is not there.
    """

    patterns = (*HashedFilesMixin.patterns, ("portal/*.js", _IMPORTS))
