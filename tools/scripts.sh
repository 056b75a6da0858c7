#!/bin/sh
# Installs what <folder>/package.json lists into <folder>/node_modules: `sh tools/scripts.sh stablegen_class`.
# Again only when the list has changed. Without npm it says so and goes on: what needs the packages will refuse.
set -u
folder=$1
listed=$(cksum <"$folder/package.json") || exit 1
[ "$(cat "$folder/node_modules/ready" 2>/dev/null)" = "$listed" ] && exit 0
if ! command -v npm >/dev/null; then
    echo "StableGen: npm was not found, so the pages for a class cannot be made, and the tests that open them in a" \
        "browser are skipped. Install Node.js 20 or newer with npm (Debian, Ubuntu: apt-get install nodejs npm)." >&2
    exit 0
fi
if ! npm install --prefix "$folder" --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error; then
    echo "StableGen: npm could not install the packages of $folder/package.json; its message stands above." >&2
    exit 1
fi
printf '%s\n' "$listed" >"$folder/node_modules/ready"
