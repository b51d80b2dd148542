"""How static files are served: hashed, compressed, cached for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class PortalStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Also rewrites `import … from` in scripts, so that portal.js asks for the hashed nhsuk-frontend."""

    support_js_module_import_aggregation = True
