# SPDX-License-Identifier: Apache-2.0
# What tools/standalone and tools/test share; sourced by both, after they set "root".
PYTHON=${PYTHON:-python3}

# The packages of bindep.txt that are not installed: those of no profile, and of the ones named.
missing_packages() {
    local wanted=" $* " package profiles
    sed -e 's/#.*//' -e 's/\[platform:dpkg *//' -e 's/\]//' "$root/bindep.txt" |
            while read -r package profiles; do
        [ -n "$package" ] || continue
        [ -z "$profiles" ] || [[ "$wanted" = *" $profiles "* ]] || continue
        dpkg-query -W -f '${Status}\n' "$package" 2>/dev/null | grep -q ' installed$' ||
            echo "$package"
    done
}

# Install Debian packages as root; for anyone else say what to ask an administrator for.
install_packages() {
    [ $# -gt 0 ] || return 0
    if [ "$(id -u)" -ne 0 ]; then
        echo "Missing Debian packages. As root: apt-get install $*" >&2
        exit 1
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    # The tests start servers of their own; those of the packages would contend for port 53.
    local policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
        trap "rm -f $policy" EXIT
        printf '#!/bin/sh\nexit 101\n' >"$policy"
        chmod +x "$policy"
    fi
    apt-get install -q -y --no-install-recommends "$@"
    trap - EXIT
    if [ "$(cat "$policy")" = "$(printf '#!/bin/sh\nexit 101\n')" ]; then
        rm -f "$policy"
    fi
}

check_python() {
    if ! "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        echo "$PYTHON must be Python 3.11 or newer; PYTHON=... names another." >&2
        exit 1
    fi
}

# Make the virtual environment $1, if it is not there, and install into it what follows.
# A second call with the same arguments and the same setup.cfg does nothing.
virtual_environment() {
    local directory=$1 stamp
    shift
    stamp="$* $("$PYTHON" --version) $(cat "$root/setup.cfg" "$root/pyproject.toml" | sha256sum)"
    if [ "$(cat "$directory/.installed" 2>/dev/null)" != "$stamp" ]; then
        "$PYTHON" -m venv "$directory"
        "$directory/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
        printf '%s\n' "$stamp" >"$directory/.installed"
    fi
}
