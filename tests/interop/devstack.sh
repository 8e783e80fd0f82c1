#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What devstack gives a plugin, as far as ours uses it, in a sandbox: files stand below $SANDBOX,
# packages and accounts are noted in $SANDBOX/calls, and services are processes of ours.
#
#     SANDBOX=... PLUGIN=.../devstack devstack.sh "stack install" "stack post-config" unstack
#
# Each argument is a mode and a phase. A function or a variable that is neither devstack's nor
# the plugin's own ends the run.
set -o errexit -o nounset -o pipefail

declare -A GITREPO GITBRANCH GITDIR
ENABLED_SERVICES=key,keystone,rabbit,mysql,horizon,tempest
source "$SANDBOX/localrc"

function note {
    echo "$*" >>"$SANDBOX/calls"
}

# Without effect here
# -------------------

for each in apparmor_parser chown create_service_user echo_summary get_or_create_endpoint \
        get_or_create_service git_clone install_apache_wsgi install_package pip_install_gr \
        recreate_database setup_dev_lib setup_develop usermod; do
    eval "function $each { note $each \"\$@\"; }"
done

function die {
    shift
    echo "$*" >&2
    exit 1
}

function sudo {
    "$@"
}

# Files stay the user's own.
function install {
    local arguments=()
    while [[ $# -gt 0 ]]; do
        case "$1" in
            -o|-g) shift ;;
            *) arguments+=("$1") ;;
        esac
        shift
    done
    command install "${arguments[@]}"
}

function is_fedora {
    [[ "${DISTRO:-}" == fedora ]]
}

function use_library_from_git {
    return 1
}

function git_clone_by_name {
    note git_clone_by_name "${GITREPO[$1]}" "${GITDIR[$1]}" "${GITBRANCH[$1]}"
    mkdir -p "${GITDIR[$1]}/designatedashboard/enabled"
    touch "${GITDIR[$1]}/designatedashboard/enabled/_1_dns.py"
}

# Settings
# --------

function is_service_enabled {
    [[ ",$ENABLED_SERVICES," == *",$1,"* ]]
}

function enable_service {
    local each
    for each in "$@"; do
        if [[ ",${DISABLED_SERVICES:-}," != *",$each,"* ]]; then
            ENABLED_SERVICES+=,$each
        fi
    done
}

function trueorfalse {
    local value=${!2:-$1}
    case "${value,,}" in
        true|1|yes|on) echo True ;;
        *) echo False ;;
    esac
}

function ipv6_unquote {
    echo "$1" | tr -d '[]'
}

function get_python_exec_prefix {
    echo "$SANDBOX/bin"
}

function iniset {
    [[ $# == 4 && -n "$4" ]] || die 0 "iniset needs a value: $*"
    touch "$1"
    awk -v section="[$2]" -v option="$3" -v value="$4" '
        $0 == section { print; print option " = " value; inside = done = 1; next }
        /^\[/ { inside = 0 }
        inside && $1 == option { next }
        { print }
        END { if (!done) { print section; print option " = " value } }' "$1" >"$1.new"
    mv "$1.new" "$1"
}

function setup_logging {
    iniset "$1" DEFAULT logging_context_format_string \
        "%(levelname)s %(name)s [%(request_id)s %(project_name)s %(user_name)s] %(message)s"
}

function iniset_rpc_backend {
    iniset "$2" DEFAULT transport_url "$TRANSPORT_URL"
}

function database_connection_url {
    echo "$DATABASE_URL"
}

function configure_keystone_authtoken_middleware {
    iniset "$1" keystone_authtoken auth_type password
    iniset "$1" keystone_authtoken auth_url "http://$SERVICE_HOST/identity"
    iniset "$1" keystone_authtoken username "$2"
    iniset "$1" keystone_authtoken password "$SERVICE_PASSWORD"
}

# Apache, uWSGI
# -------------

function apache_site_config_for {
    echo "$SANDBOX/apache/available/$1.conf"
}

function enable_apache_site {
    ln -sf "$(apache_site_config_for "$1")" "$SANDBOX/apache/enabled"
}

function disable_apache_site {
    rm -f "$SANDBOX/apache/enabled/$1.conf"
}

# Tests of what is written have no Apache.
function restart_apache_server {
    if [[ -e "$SANDBOX/apache/apache.conf" ]]; then
        restart_service apache2
    fi
}

function write_uwsgi_config {
    local file=$1 module=$2 url=$3 http=$4 name=$5
    [[ -z "$http" ]] || die 0 "uWSGI stands behind Apache"
    rm -f "$file"
    iniset "$file" uwsgi module "$module"
    iniset "$file" uwsgi socket "$SANDBOX/$name.socket"
    iniset "$file" uwsgi chmod-socket 666
    iniset "$file" uwsgi processes "$API_WORKERS"
    iniset "$file" uwsgi master true
    iniset "$file" uwsgi enable-threads true
    iniset "$file" uwsgi lazy-apps true
    iniset "$file" uwsgi die-on-term true
    echo "ProxyPass \"$url\" \"unix:$SANDBOX/$name.socket|uwsgi://$name/\" retry=0" \
        >"$(apache_site_config_for "$name")"
    enable_apache_site "$name"
    restart_apache_server
}

function remove_uwsgi_config {
    rm -f "$1"
    disable_apache_site "$2"
}

function http_code {
    curl --noproxy '*' -s -o "$SANDBOX/answer" -w '%{http_code}' "$1" || true
}

function wait_for_service {
    local end
    end=$((SECONDS + $1))
    while [[ "$(http_code "$2")" =~ 000|503 ]]; do
        if [[ $SECONDS -gt $end ]]; then
            cat "$SANDBOX/answer" >&2
            return 1
        fi
        sleep 0.1
    done
}

# Processes
# ---------

function run_process {
    [[ "$2" == /* ]] || die 0 "systemd wants an absolute path: $2"
    note run_process "$1"
    if is_service_enabled "$1"; then
        # Words, as systemd splits them.
        start_daemon "$1" $2
    fi
}

function start_daemon {
    local name=$1
    shift
    setsid "$@" </dev/null >>"$SANDBOX/$name.log" 2>&1 &
    echo $! >"$SANDBOX/$name.pid"
}

function is_alive {
    grep -q '^State:.[^ZX]' "/proc/$1/status" 2>/dev/null
}

function stop_process {
    local file=$SANDBOX/$1.pid pid end
    end=$((SECONDS + 30))
    if [[ ! -e "$file" ]]; then
        return
    fi
    pid=$(cat "$file")
    is_alive "$pid" || die 0 "$1 has ended by itself"
    kill "$pid"
    rm "$file"
    while is_alive "$pid"; do
        [[ $SECONDS -lt $end ]] || die 0 "$1 does not stop"
        sleep 0.05
    done
}

function restart_service {
    stop_process "$1"
    case "$1" in
        apache2) start_daemon apache2 apache2 -f "$SANDBOX/apache/apache.conf" -DFOREGROUND ;;
        named) start_daemon named named -g -c "$DESIGNATE_BIND_CONF" ;;
        knot) start_daemon knot knotd -C "$DESIGNATE_KNOT_VAR_DIR/confdb" ;;
        nsd) start_daemon nsd nsd -d -c "$DESIGNATE_NSD_CFG_DIR/nsd.conf" ;;
        pdns)
            start_daemon pdns pdns_server --config-dir="$DESIGNATE_PDNS_CFG_DIR" --daemon=no \
                --guardian=no
            ;;
        *) die 0 "there is no service $1" ;;
    esac
}

function stop_service {
    stop_process "$1"
}

source "$PLUGIN/settings"
for each in "$@"; do
    # A mode and a phase are two arguments, as devstack gives them.
    source "$PLUGIN/plugin.sh" $each
    if [[ "$each" == "stack post-config" ]]; then
        # What an operator's local.conf may say in its section [[post-config|$DESIGNATE_CONF]].
        iniset "$DESIGNATE_CONF" service:api auth_strategy noauth
    fi
done
