#!/bin/sh
# Copies nhsuk-frontend's compiled files into this folder. Run by hand when the version moves; needs npm, tar and sed.
# Why not as they come: Django's manifest storage does not rewrite absolute /assets/ addresses, and the Frutiger
# typeface is both a third-party request and licensed per NHS organisation.
set -eu
version=10.6.1
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

(cd "$work" && npm pack --silent "nhsuk-frontend@$version" >/dev/null && tar -xzf "nhsuk-frontend-$version.tgz")
dist="$work/package/dist/nhsuk"

sed -E \
    -e 's#@font-face\{[^}]*\}##g' \
    -e 's#Frutiger W01,##g' \
    -e 's#url\(/assets/#url(assets/#g' \
    -e 's#/\*\# sourceMappingURL=[^*]*\*/##' \
    "$dist/nhsuk-frontend.min.css" >"$here/nhsuk-frontend.min.css"
sed -E -e 's#//\# sourceMappingURL=.*$##' "$dist/nhsuk-frontend.min.js" >"$here/nhsuk-frontend.min.js"

# The icons the style sheet and the page head use. The Open Graph image and the web manifest carry the NHS logo: left out.
rm -rf "$here/assets"
mkdir -p "$here/assets/images"
cp "$dist"/assets/images/nhsuk-icon-*.svg "$here/assets/images/"
rm "$here/assets/images/nhsuk-icon-mask.svg"
echo "nhsuk-frontend $version" >"$here/VERSION"
