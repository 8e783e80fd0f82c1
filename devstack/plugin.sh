#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The plugin of devstack. stack.sh, unstack.sh and clean.sh source this file with a mode and, for
# "stack", a phase; the end of the file says what is done in which. settings has the variables,
# designate_plugins/backend-* what the DNS servers need.
#
# rootwrap is not needed: no role runs anything as another user. What a worker needs to command
# a server, a key or a socket, is made readable for it.

_XTRACE_DESIGNATE=$(set +o | grep xtrace)
set +o xtrace

DESIGNATE_BIN_DIR=$(get_python_exec_prefix)
DESIGNATE_MANAGE="$DESIGNATE_BIN_DIR/designate-like-manage --config-file $DESIGNATE_CONF"
DESIGNATE_ROLES="central worker producer mdns sink"
DESIGNATE_PLUGINS=$(dirname "${BASH_SOURCE[0]}")/designate_plugins
DESIGNATE_POOLS=$DESIGNATE_CONF_DIR/pools.yaml

# What backends share
# -------------------

# Where DNS servers find mdns and are found themselves: an address without brackets.
DESIGNATE_DNS_HOST=$(ipv6_unquote "$DESIGNATE_SERVICE_HOST")
DESIGNATE_DNS_HOST2=$(ipv6_unquote "$DESIGNATE_SERVICE_HOST2")

# Keep a file of a package, before it is written for the first time.
function keep_designate_original {
    if [[ -e "$1" && ! -e "$1.before-designate" ]]; then
        sudo cp -p "$1" "$1.before-designate"
    fi
}

# Put it back.
function restore_designate_original {
    if [[ -e "$1.before-designate" ]]; then
        sudo mv "$1.before-designate" "$1"
    fi
}

# Print the beginning of a pool of pools.yaml: its name, its id, the name of its name server and,
# optionally, attributes.
function print_designate_pool {
    local name=$1 id=$2 ns_record=$3 attributes=${4:-}
    cat <<EOF
- name: $name
  id: $id
  description: made by devstack
  attributes: {$attributes}
  ns_records:
    - hostname: $ns_record
      priority: 1
EOF
    if [[ "$DESIGNATE_USE_CATALOG_ZONES" == True ]]; then
        cat <<EOF
  catalog_zone:
    catalog_zone_fqdn: $DESIGNATE_CATALOG_ZONE
    catalog_zone_refresh: 60
EOF
    fi
}

# Print the only pool: that of a name server at the service host. The arguments are the type of
# its target, and what the target has besides, as lines of YAML.
function print_designate_default_pool {
    print_designate_pool default "$DESIGNATE_POOL_ID" "$DESIGNATE_DEFAULT_NS_RECORD"
    cat <<EOF
  nameservers:
    - host: "$DESIGNATE_DNS_HOST"
      port: $DESIGNATE_SERVICE_PORT_DNS
  targets:
    - type: $1
      masters:
        - host: "$DESIGNATE_DNS_HOST"
          port: $DESIGNATE_SERVICE_PORT_MDNS
      options:$2
EOF
}

# Backends whose servers take no catalog zone call this.
function refuse_designate_catalog_zones {
    if [[ "$DESIGNATE_USE_CATALOG_ZONES" == True ]]; then
        die $LINENO "DESIGNATE_USE_CATALOG_ZONES: $DESIGNATE_BACKEND_DRIVER has no catalog zones"
    fi
}

function load_designate_backend {
    local file=$DESIGNATE_PLUGINS/backend-$DESIGNATE_BACKEND_DRIVER
    if [[ ! -r "$file" ]]; then
        die $LINENO "DESIGNATE_BACKEND_DRIVER: there is no backend $DESIGNATE_BACKEND_DRIVER;" \
            "there are $(cd "$DESIGNATE_PLUGINS" && echo backend-* | sed 's/backend-//g')"
    fi
    source "$file"
}

# The service
# -----------

function install_designate {
    local extras=mysql,memcache
    if [[ -n "$DESIGNATE_REPO" ]]; then
        git_clone "$DESIGNATE_REPO" "$DESIGNATE_DIR" "$DESIGNATE_BRANCH"
    fi
    case "$DESIGNATE_COORDINATION_URL" in
        memcached:*) install_package memcached ;;
        etcd3*) extras+=,etcd ;;
    esac
    setup_develop "$DESIGNATE_DIR" "$extras"
    if [[ "$DESIGNATE_WSGI_MODE" == mod_wsgi ]]; then
        install_apache_wsgi
    fi
    install_designate_backend
}

function configure_designate {
    sudo install -d -o "$STACK_USER" "$DESIGNATE_CONF_DIR" "$DESIGNATE_STATE_PATH"
    rm -f "$DESIGNATE_CONF"
    install -m 644 "$DESIGNATE_DIR/etc/designate_like/policy.yaml.sample" \
        "$DESIGNATE_CONF_DIR/policy.yaml"
    install -m 644 "$DESIGNATE_DIR/designate_like/api/api-paste.ini" "$DESIGNATE_CONF_DIR"
    iniset "$DESIGNATE_CONF_DIR/api-paste.ini" app:healthcheck disable_by_file_path \
        "$DESIGNATE_CONF_DIR/healthcheck_disable"

    configure_designate_common
    configure_designate_roles
    configure_designate_quotas
    configure_designate_api
    configure_designate_backend
}

# What all roles need.
function configure_designate_common {
    iniset "$DESIGNATE_CONF" DEFAULT debug "$ENABLE_DEBUG_LOG_LEVEL"
    iniset "$DESIGNATE_CONF" DEFAULT state_path "$DESIGNATE_STATE_PATH"
    setup_logging "$DESIGNATE_CONF"
    iniset_rpc_backend designate "$DESIGNATE_CONF"
    iniset "$DESIGNATE_CONF" oslo_messaging_notifications driver \
        "$DESIGNATE_NOTIFICATION_DRIVER"
    iniset "$DESIGNATE_CONF" oslo_messaging_notifications topics \
        "$DESIGNATE_NOTIFICATION_TOPICS"
    iniset "$DESIGNATE_CONF" storage:sqlalchemy connection "$(database_connection_url designate)"
    iniset "$DESIGNATE_CONF" coordination backend_url "$DESIGNATE_COORDINATION_URL"
    iniset "$DESIGNATE_CONF" keystone region_name "$REGION_NAME"
    if is_service_enabled tls-proxy; then
        iniset "$DESIGNATE_CONF" keystone cafile "$SSL_BUNDLE_FILE"
        iniset "$DESIGNATE_CONF" network_api:neutron ca_certificates_file "$SSL_BUNDLE_FILE"
    fi
}

function configure_designate_roles {
    local role
    for role in central worker mdns sink; do
        iniset "$DESIGNATE_CONF" "service:$role" workers "$API_WORKERS"
    done
    iniset "$DESIGNATE_CONF" service:central default_pool_id "$DESIGNATE_POOL_ID"
    iniset "$DESIGNATE_CONF" service:central scheduler_filters \
        "${SCHEDULER_FILTERS:-${DESIGNATE_BACKEND_FILTERS:-default_pool}}"
    iniset "$DESIGNATE_CONF" service:mdns listen \
        "$DESIGNATE_SERVICE_LISTEN_ADDRESS:$DESIGNATE_SERVICE_PORT_MDNS"
    iniset "$DESIGNATE_CONF" service:worker poll_retry_interval "$DESIGNATE_POLL_INTERVAL"
    iniset "$DESIGNATE_CONF" service:worker poll_max_retries "$DESIGNATE_POLL_RETRIES"
    if [[ -n "$DESIGNATE_PERIODIC_RECOVERY_INTERVAL" ]]; then
        iniset "$DESIGNATE_CONF" producer_task:sweep interval \
            "$DESIGNATE_PERIODIC_RECOVERY_INTERVAL"
    fi
    if [[ -n "$DESIGNATE_PERIODIC_SYNC_INTERVAL" ]]; then
        iniset "$DESIGNATE_CONF" producer_task:verify interval \
            "$DESIGNATE_PERIODIC_SYNC_INTERVAL"
    fi
}

function configure_designate_quotas {
    local quota variable
    for quota in zones zone_recordsets zone_records recordset_records api_export_size; do
        variable=DESIGNATE_QUOTA_${quota^^}
        iniset "$DESIGNATE_CONF" DEFAULT "quota_$quota" "${!variable}"
    done
}

function configure_designate_api {
    local api=service:api
    configure_keystone_authtoken_middleware "$DESIGNATE_CONF" designate
    iniset "$DESIGNATE_CONF" $api auth_strategy keystone
    iniset "$DESIGNATE_CONF" $api api_base_uri "$DESIGNATE_SERVICE_URL"
    iniset "$DESIGNATE_CONF" $api enable_host_header True
    iniset "$DESIGNATE_CONF" $api quotas_verify_project_id True
    iniset "$DESIGNATE_CONF" $api enable_api_admin "$DESIGNATE_ENABLE_API_ADMIN"
    iniset "$DESIGNATE_CONF" $api enabled_extensions_admin "$DESIGNATE_ENABLED_EXTENSIONS_ADMIN"
    iniset "$DESIGNATE_CONF" oslo_middleware enable_proxy_headers_parsing True
    case "$DESIGNATE_WSGI_MODE" in
        uwsgi)
            write_uwsgi_config "$DESIGNATE_UWSGI_CONF" designate_like.api.wsgi:application /dns \
                "" designate-api
            iniset "$DESIGNATE_UWSGI_CONF" uwsgi env \
                "OS_DESIGNATE_CONFIG_DIR=$DESIGNATE_CONF_DIR"
            # Have uWSGI read every body: where the answer is given without that, as 401 is, it
            # would reset the connection, which Apache makes 502.
            iniset "$DESIGNATE_UWSGI_CONF" uwsgi post-buffering 65536
            ;;
        mod_wsgi) write_designate_mod_wsgi_config ;;
        *) die $LINENO "DESIGNATE_WSGI_MODE is $DESIGNATE_WSGI_MODE, not uwsgi or mod_wsgi" ;;
    esac
}

# The API as an application of Apache's; nothing but the script can set its environment.
function write_designate_mod_wsgi_config {
    local script=$DESIGNATE_CONF_DIR/designate-api.wsgi home=""
    if [[ "${GLOBAL_VENV:-}" == True ]]; then
        home=python-home=$DEVSTACK_VENV
    fi
    cat >"$script" <<EOF
import os

os.environ['OS_DESIGNATE_CONFIG_DIR'] = '$DESIGNATE_CONF_DIR'

from designate_like.api.wsgi import application
EOF
    sudo tee "$(apache_site_config_for designate-api)" >/dev/null <<EOF
WSGIDaemonProcess designate-api user=$STACK_USER processes=$API_WORKERS threads=16 $home
WSGIScriptAlias /dns $script process-group=designate-api application-group=%{GLOBAL}
WSGIPassAuthorization On
<Directory $DESIGNATE_CONF_DIR>
    Require all granted
</Directory>
EOF
}

# The user of the service, and what the catalog says of it.
function create_designate_accounts {
    create_service_user designate admin
    get_or_create_service designate dns "DNS service"
    get_or_create_endpoint dns "$REGION_NAME" "$DESIGNATE_SERVICE_URL"
}

function init_designate {
    if is_service_enabled designate-central; then
        recreate_database designate
        $DESIGNATE_MANAGE database sync
    fi
    init_designate_backend
}

function start_designate {
    local role
    start_designate_backend
    for role in $DESIGNATE_ROLES; do
        run_process "designate-$role" \
            "$DESIGNATE_BIN_DIR/designate-like-$role --config-file $DESIGNATE_CONF"
    done
    if ! is_service_enabled designate-api; then
        return
    fi
    if [[ "$DESIGNATE_WSGI_MODE" == uwsgi ]]; then
        run_process designate-api \
            "$(command -v uwsgi) --procname-prefix designate-api --ini $DESIGNATE_UWSGI_CONF"
    else
        enable_apache_site designate-api
        restart_apache_server
    fi
    # 503 until central, behind it, answers too.
    if ! wait_for_service "$SERVICE_TIMEOUT" "$DESIGNATE_SERVICE_URL/healthcheck/ready"; then
        die $LINENO "designate does not answer at $DESIGNATE_SERVICE_URL"
    fi
}

# Have the service learn the pools. A backend may have more to do then, such as to make the keys
# of a pool, which can be made only once the pool is there.
function create_designate_pool_configuration {
    if ! is_service_enabled designate-central; then
        return
    fi
    $DESIGNATE_MANAGE pool update --file "$DESIGNATE_POOLS"
    if declare -F create_designate_pool_configuration_backend >/dev/null; then
        create_designate_pool_configuration_backend
    fi
}

function stop_designate {
    local role
    for role in api $DESIGNATE_ROLES; do
        stop_process "designate-$role"
    done
    if [[ "$DESIGNATE_WSGI_MODE" == mod_wsgi ]]; then
        disable_apache_site designate-api
        restart_apache_server
    fi
    stop_designate_backend
}

function cleanup_designate {
    if [[ "$DESIGNATE_WSGI_MODE" == uwsgi ]]; then
        remove_uwsgi_config "$DESIGNATE_UWSGI_CONF" designate-api
    fi
    sudo rm -f "$(apache_site_config_for designate-api)"
    cleanup_designate_backend
    sudo rm -rf "$DESIGNATE_STATE_PATH" "$DESIGNATE_CONF_DIR"
}

# What uses the service
# ---------------------

function install_designateclient {
    if use_library_from_git python-designateclient; then
        git_clone_by_name python-designateclient
        setup_dev_lib python-designateclient
    else
        pip_install_gr python-designateclient
    fi
}

function install_designatedashboard {
    git_clone_by_name designate-dashboard
    setup_dev_lib designate-dashboard
}

function configure_designatedashboard {
    cp -p "${GITDIR["designate-dashboard"]}"/designatedashboard/enabled/_[0-9]*.py \
        "$DEST/horizon/openstack_dashboard/local/enabled"
}

# devstack installs what TEMPEST_PLUGINS lists into the environment of tempest; 0 is an empty list.
function install_designatetempest {
    git_clone_by_name designate-tempest-plugin
    if [[ "${TEMPEST_PLUGINS:-0}" == 0 ]]; then
        TEMPEST_PLUGINS=""
    fi
    if [[ " $TEMPEST_PLUGINS " != *" ${GITDIR["designate-tempest-plugin"]} "* ]]; then
        TEMPEST_PLUGINS+=" ${GITDIR["designate-tempest-plugin"]}"
    fi
}

function configure_designate_tempest {
    local nameservers=$DESIGNATE_SERVICE_HOST:$DESIGNATE_SERVICE_PORT_DNS feature
    if [[ "$DESIGNATE_BACKEND_DRIVER" == multipool-bind9 ]]; then
        nameservers+=,$DESIGNATE_SERVICE_HOST2:$DESIGNATE_SERVICE_PORT2_DNS
    fi
    iniset "$TEMPEST_CONFIG" service_available designate True
    iniset "$TEMPEST_CONFIG" dns nameservers "$nameservers"
    iniset "$TEMPEST_CONFIG" dns_feature_enabled api_v2 "$DESIGNATE_ENABLE_API_V2"
    iniset "$TEMPEST_CONFIG" dns_feature_enabled api_admin "$DESIGNATE_ENABLE_API_ADMIN"
    for feature in api_v2_root_recordsets api_v2_quotas api_v2_quotas_verify_project \
            bug_1573141_fixed bug_1932026_fixed; do
        iniset "$TEMPEST_CONFIG" dns_feature_enabled $feature True
    done
}

# Phases
# ------

if is_service_enabled designate; then
    load_designate_backend
    case "$1 ${2:-}" in
        "stack install")
            echo_summary "Installing designate"
            install_designateclient
            install_designate
            if is_service_enabled horizon; then
                install_designatedashboard
            fi
            if is_service_enabled tempest; then
                install_designatetempest
            fi
            ;;
        "stack post-config")
            echo_summary "Configuring designate"
            configure_designate
            if is_service_enabled designate-api && is_service_enabled keystone; then
                create_designate_accounts
            fi
            if is_service_enabled horizon; then
                configure_designatedashboard
            fi
            ;;
        "stack extra")
            echo_summary "Starting designate"
            init_designate
            start_designate
            create_designate_pool_configuration
            ;;
        "stack test-config")
            if is_service_enabled tempest; then
                echo_summary "Configuring tempest for designate"
                configure_designate_tempest
            fi
            ;;
        "unstack ") stop_designate ;;
        "clean ") cleanup_designate ;;
    esac
fi

$_XTRACE_DESIGNATE
