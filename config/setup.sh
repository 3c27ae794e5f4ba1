# Read by ./run and ./test: makes .venv hold exactly what requirements.txt (or requirements-dev.txt) pins.
# shellcheck shell=bash
#
# Needs a Python from 3.11 on, with pip or with ensurepip, and a package index; nothing else. Debian's plain python3 has
# no ensurepip (that is the package python3-venv), hence two ways to make the environment.

setup_say() { printf '%s\n' "$@" >&2; }

setup_fail() {
    setup_say "$@"
    exit 2
}

# The interpreter: PATHWAYS_PYTHON, else the first of the usual names that is new enough.
setup_python() {
    local name
    for name in "${PATHWAYS_PYTHON:-python3}" python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            # The real path: shims of version managers cost a second each time.
            "$name" -c 'import sys; print(sys.executable)'
            return
        fi
    done
    return 1
}

# What .venv was made for: another place, another Python or other pins make it stale.
setup_stamp() {
    printf '%s\n' "$root"
    sha256sum <"$root/requirements.txt"
    if [ "$1" = dev ]; then sha256sum <"$root/requirements-dev.txt"; fi
}

setup_is_done() {
    local venv=$root/.venv
    [ -x "$venv/bin/python" ] || return 1
    # What ./test installed holds all that ./run needs.
    [ "$(setup_stamp dev)" = "$(cat "$venv/installed-dev" 2>/dev/null)" ] && return 0
    [ "$1" = run ] && [ "$(setup_stamp run)" = "$(cat "$venv/installed-run" 2>/dev/null)" ]
}

# An empty environment with uv in it, by one of two ways. uv itself is pinned and hashed like everything else.
setup_venv() {
    local python=$1 venv=$root/.venv log=$root/.venv/setup.log
    if ! "$python" -m pip --version >/dev/null 2>&1 && ! "$python" -m ensurepip --version >/dev/null 2>&1; then
        setup_fail "$python has neither pip nor ensurepip, so nothing can be installed." \
            "  On Debian: apt-get install python3-venv   (or python3-pip), then start again."
    fi
    rm -rf "$venv"
    mkdir -p "$venv" 2>/dev/null || setup_fail \
        "$root cannot be written to, and .venv has to be made there." \
        "  Make it writable for user $(id -u), or let its owner start ./run once."
    if "$python" -m pip --version >"$log" 2>&1; then
        if "$python" -m venv --without-pip "$venv" >>"$log" 2>&1 &&
            "$python" -m pip --python "$venv/bin/python" install -q "${pip_options[@]}" \
                -r "$root/config/installer.txt" >>"$log" 2>&1; then return; fi
    fi
    if "$python" -m ensurepip --version >>"$log" 2>&1; then
        if "$python" -m venv "$venv" >>"$log" 2>&1 &&
            "$venv/bin/python" -m pip install -q "${pip_options[@]}" \
                -r "$root/config/installer.txt" >>"$log" 2>&1; then return; fi
    fi
    tail -n 5 "$log" >&2
    rm -rf "$venv"
    setup_fail "The virtual environment could not be made; what pip said last stands above." \
        "  Is the package index within reach? A mirror is named by PIP_INDEX_URL, a certificate by PIP_CERT."
}

# uv does not read pip's settings: hand it the index and the certificate that pip would use.
setup_uv() {
    local python=$1 list=$2 index cert
    index=${PIP_INDEX_URL:-$("$python" -m pip config get global.index-url 2>/dev/null || true)}
    cert=${PIP_CERT:-$("$python" -m pip config get global.cert 2>/dev/null || true)}
    [ -n "$index" ] && export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
    [ -n "$cert" ] && export SSL_CERT_FILE="${SSL_CERT_FILE:-$cert}"
    # An account without a home has no cache.
    [ -w "${XDG_CACHE_HOME:-${HOME:-/nonexistent}}" ] || export UV_NO_CACHE=1
    local command=(env UV_LINK_MODE=copy "$root/.venv/bin/uv" pip install --python "$root/.venv/bin/python"
        --require-hashes --only-binary :all: --compile-bytecode -r "$list")
    # In a terminal uv draws its own progress; in a log the list of packages is noise.
    if [ -t 2 ]; then "${command[@]}" >&2; else "${command[@]}" 2> >(grep --line-buffered -v '^ [-+~] ' >&2); fi
}

setup_install() {
    local kind=$1 python list=$root/requirements.txt start=$SECONDS
    local pip_options=(--require-hashes --only-binary :all: --disable-pip-version-check --root-user-action ignore --no-warn-script-location)
    if [ "$kind" = dev ]; then list=$root/requirements-dev.txt; fi
    python=$(setup_python) || setup_fail "Python 3.11 or newer is needed and was not found." \
        "  On Debian 12: apt-get install python3   (another one can be named with PATHWAYS_PYTHON)"
    setup_say "First start: installing into $root/.venv (later starts skip this)."
    if [ "$(head -n 1 "$root/.venv/installed-run" 2>/dev/null)" != "$root" ] ||
        ! "$root/.venv/bin/uv" --version >/dev/null 2>&1; then
        setup_say "  1/2 an environment for $python"
        setup_venv "$python"
    fi
    setup_say "  2/2 $(grep -c '^[a-z]' "$list") pinned packages"
    if ! setup_uv "$python" "$list"; then
        setup_say "  uv did not manage; trying pip, which is slower."
        "$python" -m pip --python "$root/.venv/bin/python" install -q "${pip_options[@]}" -r "$list" >&2 || setup_fail \
            "The packages could not be installed; the reason stands above." \
            "  Is the package index within reach? A mirror is named by PIP_INDEX_URL, a certificate by PIP_CERT."
    fi
    # The project itself: importable from anywhere, without building anything.
    printf '%s\n' "$root" >"$("$root/.venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/pathways-project.pth"
    setup_stamp run >"$root/.venv/installed-run"
    if [ "$kind" = dev ]; then setup_stamp dev >"$root/.venv/installed-dev"; else rm -f "$root/.venv/installed-dev"; fi
    setup_say "Installed in $((SECONDS - start)) s."
}

# setup run|dev: returns at once when nothing is missing; two at a time wait for each other.
setup() {
    setup_is_done "$1" && return
    local lock
    exec {lock}<"$root"
    flock "$lock"
    setup_is_done "$1" || setup_install "$1"
    exec {lock}<&-
}
