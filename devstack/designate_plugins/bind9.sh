#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the backends with BIND share; each of them sources this file.

if is_fedora; then
    : "${DESIGNATE_BIND_CFG_DIR:=/etc/named}"
    : "${DESIGNATE_BIND_CONF:=/etc/named.conf}"
    : "${DESIGNATE_BIND_VAR_DIR:=/var/named/dynamic}"
    : "${DESIGNATE_BIND_USER:=named}"
else
    : "${DESIGNATE_BIND_CFG_DIR:=/etc/bind}"
    : "${DESIGNATE_BIND_CONF:=/etc/bind/named.conf}"
    : "${DESIGNATE_BIND_VAR_DIR:=/var/cache/bind}"
    : "${DESIGNATE_BIND_USER:=bind}"
fi
: "${DESIGNATE_BIND_RUN_DIR:=/run/named}"
: "${DESIGNATE_BIND_APPARMOR:=/etc/apparmor.d}"
: "${DESIGNATE_BIND_PORT_RNDC:=953}"
: "${DESIGNATE_BIND_PORT2_RNDC:=1953}"

# The TSIG key of the other pool. mdns serves the zones of the default pool alone to requests
# that are not signed.
DESIGNATE_BIND_POOL_KEY=designate-pool2

function install_designate_bind {
    if is_fedora; then
        install_package bind bind-utils
    else
        install_package bind9 bind9-utils
    fi
}

# Make the key of this name: a file that named reads, and a copy that the worker reads.
function make_designate_bind_key {
    local file=$DESIGNATE_BIND_CFG_DIR/$1.key
    sudo rm -f "$file"
    sudo rndc-confgen -a -A hmac-sha256 -k "$1" -c "$file" >/dev/null 2>&1
    sudo chown "root:$DESIGNATE_BIND_USER" "$file"
    sudo chmod 640 "$file"
    sudo install -o "$STACK_USER" -m 600 "$file" "$DESIGNATE_CONF_DIR/$1.key"
}

# Print the beginning of a named.conf: the port of DNS, that of rndc, a directory, the places of
# two files of the running named, and more options.
function print_designate_named {
    local port=$1 control=$2 directory=$3 pid_file=$4 session_key=$5 options=${6:-}
    # By default named looks at 20 zones a second after NOTIFY, and transfers 2 at a time.
    cat <<EOF
include "$DESIGNATE_BIND_CFG_DIR/designate.key";
controls {
    inet 127.0.0.1 port $control allow { 127.0.0.1; } keys { "designate"; };
};
options {
    directory "$directory";
    pid-file $pid_file;
    session-keyfile $session_key;
    listen-on port $port { any; };
    listen-on-v6 port $port { any; };
    allow-new-zones yes;
    recursion no;
    empty-zones-enable no;
    notify no;
    serial-query-rate 1000;
    transfers-in 100;
    transfers-per-ns 100;
    $options
};
EOF
}

# The same for the named of the distribution.
function print_designate_main_named {
    print_designate_named "$DESIGNATE_SERVICE_PORT_DNS" "$DESIGNATE_BIND_PORT_RNDC" \
        "$DESIGNATE_BIND_VAR_DIR" "\"$DESIGNATE_BIND_RUN_DIR/named.pid\"" \
        "\"$DESIGNATE_BIND_RUN_DIR/session.key\"" "$@"
}

# Print that requests to mdns are signed with the key of the other pool.
function print_designate_bind_server {
    cat <<EOF
    server $DESIGNATE_DNS_HOST { keys { "$DESIGNATE_BIND_POOL_KEY"; }; };
EOF
}

# Write the named.conf of the distribution from what comes on standard input.
function write_designate_named_conf {
    keep_designate_original "$DESIGNATE_BIND_CONF"
    sudo tee "$DESIGNATE_BIND_CONF" >/dev/null
    sudo chmod 644 "$DESIGNATE_BIND_CONF"
}

# Print the lists "nameservers" and "targets" of a pool with one BIND: its address, the ports of
# DNS and rndc, a view or none, and the id of a TSIG key for NOTIFY and queries or none.
function print_designate_bind_target {
    local host=$1 port=$2 control=$3 view=${4:-} key_id=${5:-}
    cat <<EOF
  nameservers:
    - host: "$host"
      port: $port${key_id:+
      tsigkey_id: $key_id}
  targets:
    - type: bind9${key_id:+
      tsigkey_id: $key_id}
      masters:
        - host: "$DESIGNATE_DNS_HOST"
          port: $DESIGNATE_SERVICE_PORT_MDNS
      options:
        host: "$host"
        port: $port
        rndc_host: 127.0.0.1
        rndc_port: $control
        rndc_key_file: $DESIGNATE_CONF_DIR/designate.key${view:+
        view: $view}
EOF
}

# Make the TSIG key of the other pool known to the service, and print its id.
function create_designate_bind_pool_key {
    local file=$DESIGNATE_CONF_DIR/$DESIGNATE_BIND_POOL_KEY.key secret
    secret=$(sed -n 's/.*secret "\(.*\)";.*/\1/p' "$file")
    openstack --os-cloud devstack-admin tsigkey create -f value -c id \
        --name "$DESIGNATE_BIND_POOL_KEY." --algorithm hmac-sha256 --secret "$secret" \
        --scope POOL --resource-id "$DESIGNATE_POOL2_ID"
}

# The databases of zones that were added, one for each view, are locked, which the profile of
# AppArmor allows for the default view alone.
function permit_designate_bind_databases {
    local profile=usr.sbin.named
    if [[ -e "$DESIGNATE_BIND_APPARMOR/$profile" ]]; then
        echo "$DESIGNATE_BIND_VAR_DIR/** lrwk," |
            sudo tee "$DESIGNATE_BIND_APPARMOR/local/$profile" >/dev/null
        sudo apparmor_parser -r "$DESIGNATE_BIND_APPARMOR/$profile"
    fi
}

# Remove all zones, as those of an earlier run are unknown to a new database.
function init_designate_bind {
    stop_service named
    sudo find "$DESIGNATE_BIND_VAR_DIR" -type f \( -name 'slave.*' -o -name '*.nzd*' \
        -o -name '*.nzf' -o -name '*.jnl' -o -name "$DESIGNATE_CATALOG_ZONE*" \
        -o -name '__catz__*' \) -delete
}

function start_designate_bind {
    restart_service named
}

function stop_designate_bind {
    stop_service named
}

function cleanup_designate_bind {
    init_designate_bind
    restore_designate_original "$DESIGNATE_BIND_CONF"
    sudo rm -f "$DESIGNATE_BIND_CFG_DIR/designate.key" \
        "$DESIGNATE_BIND_CFG_DIR/$DESIGNATE_BIND_POOL_KEY.key"
}
