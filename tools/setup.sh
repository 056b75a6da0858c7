#!/bin/sh
# Makes .venv ready: `sh tools/setup.sh course`, `… diffusion` for lessons 13 and 14 too, `… test` for all and the tests,
# `… site` for these and the web pages, whose JavaScript packages npm puts into web/node_modules.
# Nothing is reinstalled while pyproject.toml, constraints.txt and the folder stay the same.
#   PYTHON    the Python to build .venv with (default: the first one that fits)
#   PIP_ARGS  extra arguments for pip, for instance another package index
#   STABLEGEN_CHROMIUM  the browser to test with (default: the first one found)
set -eu

what=${1:-course}
cd "$(dirname "$0")/.."
export PIP_DISABLE_PIP_VERSION_CHECK=1

fail() {
    printf 'StableGen: %s\n' "$*" >&2
    exit 1
}

minor_of() { # 11 for Python 3.11; nothing when it does not run or is not Python 3
    "$1" -c 'import sys; sys.version_info[0] == 3 and print(sys.version_info[1])' 2>/dev/null || true
}

find_python() { # sets $python; constraints.txt has wheels for Python 3.11 to 3.14, so these come first
    if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; else set -- python3 python3.14 python3.13 python3.12 python3.11; fi
    for newest in 14 99; do
        for python; do
            minor=$(minor_of "$python")
            [ "${minor:-0}" -ge 11 ] && [ "$minor" -le "$newest" ] && return
        done
    done
    python=$1
    minor=$(minor_of "$python")
    if [ -n "$minor" ]; then
        fail "$python is Python 3.$minor, but 3.11 or newer is needed: install one, or name it with" \
            "'make $what PYTHON=python3.12'."
    fi
    fail "$python was not found or does not run: install Python 3.11 or newer" \
        "(Debian, Ubuntu: apt-get install python3 python3-venv), then run 'make $what' again."
}

if [ "$what" = test ] && ! command -v git >/dev/null; then
    fail "git was not found, and the tests ask it which files belong to the project:" \
        "install git, then run 'make test' again."
fi

find_browser() { # the same places as in tests/helpers/servers.py
    if [ -n "${STABLEGEN_CHROMIUM:-}" ]; then
        command -v "$STABLEGEN_CHROMIUM"
        return
    fi
    for browser in chromium chromium-browser google-chrome google-chrome-stable chrome msedge \
        "/Applications/Chromium.app/Contents/MacOS/Chromium" \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"; do
        command -v "$browser" && return
    done
    return 1
}

# Not a refusal: style, types and all other tests run without a browser.
if [ "$what" = test ] && ! find_browser >/dev/null; then
    echo "StableGen: ${STABLEGEN_CHROMIUM:-any of Chromium, Chrome and Edge} was not found, so the browser tests will" \
        "fail: install one (Debian, Ubuntu: apt-get install chromium), name it with STABLEGEN_CHROMIUM, or leave" \
        "them out: make test PYTEST_ARGS=\"--ignore=tests/browser\"." >&2
fi

install_scripts() { # again when web/package.json has changed
    command -v npm >/dev/null ||
        fail "npm was not found, and the web pages need it: install Node.js 20 or newer with npm" \
            "(Debian, Ubuntu: apt-get install nodejs npm), then run 'make site' again."
    listed=$(cksum <web/package.json)
    [ "$(cat web/node_modules/ready 2>/dev/null)" = "$listed" ] && return
    (cd web && npm install --no-package-lock --ignore-scripts --no-audit --no-fund) ||
        fail "npm could not install the packages of web/package.json; its message stands above."
    printf '%s\n' "$listed" >web/node_modules/ready
}

if [ "$what" = site ]; then install_scripts; fi

# The stamp says which requirements are installed, and where (a moved folder breaks the installation).
stamp="$(cksum pyproject.toml constraints.txt) $(pwd)"
is_ready() { [ "$(cat ".venv/ready-for-$1" 2>/dev/null)" = "$stamp" ] && .venv/bin/python -c '' 2>/dev/null; }

if [ -n "${PYTHON:-}" ] && [ -d .venv ] && [ "$(minor_of "$PYTHON")" != "$(minor_of .venv/bin/python)" ]; then
    rm -f .venv/ready-for-*  # another Python was asked for
fi
is_ready "$what" && exit 0

if [ ! -e .venv/ready-for-course ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    find_python
    "$python" -c 'import venv, ensurepip' 2>/dev/null ||
        fail "$python has no venv module: install it (Debian, Ubuntu: apt-get install python3-venv)," \
            "then run 'make $what' again."
    echo "StableGen: making .venv with $python; the first installation takes a few minutes and some GB of disk."
    "$python" -m venv --clear .venv || fail "$python could not make .venv; its message stands above."
fi

case $what in
    test) package='.[diffusion,test]' ;;
    site) package='.[diffusion,test,site]' ;;
    diffusion) package='.[diffusion]' ;;
    *) package=. ;;
esac
# shellcheck disable=SC2086  # PIP_ARGS may hold several words
.venv/bin/python -m pip install ${PIP_ARGS:-} -c constraints.txt -e "$package" ||
    fail "pip could not install the packages; its message stands above. Check the network connection, and" \
        "with a Python newer than 3.14 name an older one: 'make $what PYTHON=python3.13'."
case $what in
    test) ready='course diffusion test' ;;
    site) ready='course diffusion test site' ;;
    diffusion) ready='course diffusion' ;;
    *) ready=course ;;
esac
for each in $ready; do
    printf '%s\n' "$stamp" >".venv/ready-for-$each"
done
