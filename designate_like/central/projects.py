# SPDX-License-Identifier: Apache-2.0
"""Is there such a project? Keystone knows, and is asked with the caller's own token."""
import logging
import urllib.parse

from keystoneauth1 import adapter
from keystoneauth1 import exceptions
from keystoneauth1 import loading
from oslo_config import cfg

from designate_like import context
from designate_like import errors
from designate_like.central import tokens

LOG = logging.getLogger(__name__)

# Answers that say nothing about the project: the caller may not know, or the token has expired.
_WILL_NOT_SAY = (401, 403)


def check(conf: cfg.ConfigOpts, ctx: context.RequestContext, project_id: str) -> None:
    """Refuse a project that Keystone does not know.

    When Keystone will not or cannot tell, the project is believed to exist: a DNS service is
    not to stand still because of a check. Without Keystone there is nobody to ask.

    :raises InvalidProject: for an unknown project.
    :raises KeystoneCommunicationFailure: when no version 3 of Keystone is in the caller's
        catalog; that is a mistake in the configuration.
    """
    caller = tokens.plugin_of(ctx)
    if caller is None:
        return
    third = {} if conf.keystone.version else {'min_version': (3, 0), 'max_version': (3, 'latest')}
    keystone: adapter.Adapter = loading.load_adapter_from_conf_options(
        conf, 'keystone', auth=caller, **third,
        session=loading.load_session_from_conf_options(conf, 'keystone'))
    try:
        reply = keystone.get(f"/projects/{urllib.parse.quote(project_id, safe='')}",
                             raise_exc=False)
    except exceptions.EndpointNotFound as problem:
        LOG.error('[keystone]: %s', problem)
        raise errors.KeystoneCommunicationFailure() from None
    except exceptions.ClientException as problem:
        LOG.warning('Project %s cannot be checked with Keystone: %s', project_id, problem)
        return
    # Some databases of Keystone ignore case, which the owners of zones do not.
    if reply.status_code == 404 \
            or reply.ok and reply.json().get('project', {}).get('id') != project_id:
        raise errors.InvalidProject(f'{project_id} is not a valid project ID.')
    if not reply.ok and reply.status_code not in _WILL_NOT_SAY:
        LOG.warning('Project %s cannot be checked with Keystone: it answered %d', project_id,
                    reply.status_code)
