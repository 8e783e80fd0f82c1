# SPDX-License-Identifier: Apache-2.0
"""[service:api]: where the API listens and how it treats requests."""
from typing import Any

from oslo_config import cfg
from oslo_config import types


class _Url(types.URI):
    """A type whose complaint is a sentence; that of the library shows a Python object."""

    def __call__(self, value: Any) -> str:
        try:
            return super().__call__(value)
        except ValueError:
            raise ValueError(f'{value!r} is not a URL such as '
                             'https://dns.example.net/') from None


GROUP = cfg.OptGroup(name='service:api', title='API')

OPTS = [
    cfg.IntOpt(
        'workers',
        min=1,
        help='Processes of the API; unset is one per processor. Does not apply under uWSGI '
             'or mod_wsgi, which count their own.'),
    cfg.IntOpt(
        'threads',
        default=100, min=1,
        help='Threads per process, which is how many requests it handles at once. Raise it '
             'when requests wait while the processors are idle.'),
    cfg.BoolOpt(
        'enable_host_header',
        default=True,
        help='Build links from the Host header of the request. Switch it off, and set '
             'api_base_uri, when a proxy in front does not pass that header on.'),
    cfg.Opt(
        'api_base_uri',
        type=_Url(schemes=['http', 'https']),
        default='http://127.0.0.1:9001/',
        help='Base of all links when enable_host_header is off: the address under which '
             'clients reach the API.'),
    cfg.ListOpt(
        'listen',
        default=['0.0.0.0:9001'],
        help='Addresses, host:port, on which designate-like-api listens. An IPv6 host stands '
             'in brackets.'),
    cfg.StrOpt(
        'api_paste_config',
        default='api-paste.ini',
        help='PasteDeploy file that names the filters in front of the API, searched for in '
             'the configuration directories. The one in the package is used when none is '
             'found. Change the file to add filters of your own.'),
    cfg.StrOpt(
        'auth_strategy',
        default='keystone',
        choices=[('keystone', 'tokens, checked with Keystone ([keystone_authtoken])'),
                 ('noauth', 'whoever can connect is believed: for trials and tests only'),
                 ('http_basic', 'names and passwords of http_basic_auth_user_file')],
        help='How clients prove who they are.'),
    cfg.StrOpt(
        'http_basic_auth_user_file',
        default='/etc/designate_like/htpasswd',
        help='File of users for auth_strategy http_basic: one name:bcrypt-hash a line, as '
             '"htpasswd -nbB" prints it.'),
    cfg.IntOpt(
        'default_limit_v2',
        default=20, min=1,
        help='Items on a page of a list when the request sets no limit.'),
    cfg.IntOpt(
        'max_limit_v2',
        default=1000, min=1,
        help='Most items on a page of a list. Larger pages save round trips and cost memory '
             'in every role they pass.'),
    cfg.BoolOpt(
        'enable_api_admin',
        default=False,
        help='Offer the API for operators at /admin.'),
    cfg.ListOpt(
        'enabled_extensions_admin',
        default=[],
        help='Parts of /admin to offer: reports, quotas, zones.'),
    cfg.BoolOpt(
        'quotas_verify_project_id',
        default=False,
        help='Ask Keystone, see [keystone], whether a project exists before its quotas are '
             'set. Switch it on to refuse mistyped ids.'),
    cfg.BoolOpt(
        'allow_empty_secrets_for_tsig',
        default=True,
        help='Let operators create TSIG keys with an empty secret. Such a key proves nothing; '
             'switch it off unless something of yours makes them.'),
    cfg.IntOpt(
        'max_import_size',
        default=64 * 2**20, min=1,
        help='Largest body, in bytes, of a request to import a zone. Other requests are bounded '
             'by max_request_body_size in [oslo_middleware]. Raise it for zones of more than a '
             'million records; central needs up to 40 times as much memory while it imports.'),
    cfg.BoolOpt(
        'maintenance_mode',
        default=False,
        help='Answer 503 to everybody without maintenance_mode_role. Switch it on while the '
             'database is being changed.'),
    cfg.StrOpt(
        'maintenance_mode_role',
        default='admin',
        help='Role whose holders are served during maintenance.'),
]


def register_opts(conf: cfg.ConfigOpts) -> None:
    """Register the options of this section."""
    conf.register_group(GROUP)
    conf.register_opts(OPTS, group=GROUP)


def list_opts() -> list[tuple[cfg.OptGroup | None, list[cfg.Opt]]]:
    """Return (group, options) for the sample file."""
    return [(GROUP, OPTS)]
