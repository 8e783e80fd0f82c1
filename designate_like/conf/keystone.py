# SPDX-License-Identifier: Apache-2.0
"""[keystone]: how central asks Keystone whether a project exists."""
from keystoneauth1 import loading
from oslo_config import cfg

GROUP = cfg.OptGroup(name='keystone', title='Keystone')

OPTS = loading.get_adapter_conf_options() + loading.get_session_conf_options()

# A caller waits for the answer, so it must come, or be given up, well within
# rpc_response_timeout. Without a service type Keystone would not be found in the catalog.
cfg.set_defaults(OPTS, service_type='identity', timeout=5)


def register_opts(conf: cfg.ConfigOpts) -> None:
    """Register the options of this section."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts() -> list[tuple[cfg.OptGroup | None, list[cfg.Opt]]]:
    """Return (group, options) for the sample file."""
    return [(GROUP, OPTS)]
