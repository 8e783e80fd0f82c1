# SPDX-License-Identifier: Apache-2.0
"""The network service of the cloud: which floating IPs a project has, in which regions."""
import concurrent.futures
import logging
from collections.abc import Iterator
from collections.abc import Mapping
from typing import Any
from typing import ClassVar

from keystoneauth1 import exceptions
from keystoneauth1 import session
from oslo_config import cfg

from designate_like import context
from designate_like import errors
from designate_like import resources
from designate_like.central import tokens

LOG = logging.getLogger(__name__)


class Network:
    """What central asks of a network service."""
    plugin_name: ClassVar[str]

    def floatingips(self, ctx: context.RequestContext, region: str | None = None,
                    id_: str | None = None) -> list[resources.Floatingip]:
        """The floating IPs of the caller's project, as addresses without PTR records.

        :param region: the only region to look in; None is all.
        :param id_: the id, in that region, of the only one wanted.
        :raises NoEndpoint: when there is no network service in that region, or in any.
        :raises NeutronCommunicationFailure: when one that was asked gave no answer of use.
        """
        raise NotImplementedError


class Fake(Network):
    """A network service that has what a test has put into it."""
    plugin_name = 'fake'
    lent: ClassVar[dict[str, tuple[str, str]]] = {}    # region:id to project and address

    def floatingips(self, ctx: context.RequestContext, region: str | None = None,
                    id_: str | None = None) -> list[resources.Floatingip]:
        wanted = self.lent if id_ is None else {f'{region}:{id_}'}
        return [resources.Floatingip(id=key, address=address)
                for key, (project_id, address) in self.lent.items()
                if key in wanted and project_id == ctx.project_id]


class Neutron(Network):
    """Neutron of every region, asked with the caller's token."""
    plugin_name = 'neutron'

    def __init__(self, options: cfg.ConfigOpts) -> None:
        """Read the options.

        :param options: the section ``[network_api:neutron]``.
        :raises ConfigurationError: for an endpoint that is not ``region|url``.
        """
        self._endpoints = dict(_endpoint(text) for text in options.endpoints)
        self._interface = options.endpoint_type.removesuffix('URL') + 'URL'
        self._session = session.Session(
            verify=not options.insecure and (options.ca_certificates_file or True),
            cert=options.client_certificate_file, timeout=options.timeout)

    def floatingips(self, ctx: context.RequestContext, region: str | None = None,
                    id_: str | None = None) -> list[resources.Floatingip]:
        places = [each for each in self._places(ctx).items() if region in (None, each[0])]
        if not places:
            raise errors.NoEndpoint()
        query = {'project_id': ctx.project_id, **({'id': id_} if id_ else {}),
                 'fields': ['id', 'project_id', 'floating_ip_address']}
        with concurrent.futures.ThreadPoolExecutor(len(places)) as pool:
            answers = pool.map(lambda place: self._ask(ctx, *place, query), places)
            return [each for answer in answers for each in answer]

    def _places(self, ctx: context.RequestContext) -> Mapping[str, str]:
        """The URL of each region's Neutron."""
        return self._endpoints or {
            each['region']: each[self._interface] for service in ctx.service_catalog
            if service['type'] == 'network' for each in service['endpoints']
            if self._interface in each}

    def _ask(self, ctx: context.RequestContext, region: str, url: str,
             query: Mapping[str, Any]) -> list[resources.Floatingip]:
        """The floating IPs that match in one region."""
        ctx.update_store()      # So that log lines of this thread name the request.
        try:
            return [resources.Floatingip(id=f"{region}:{each['id']}",
                                         address=each['floating_ip_address'])
                    for each in self._pages(ctx, url, query)
                    # An admin's token shows what others have, whatever was asked.
                    if each['project_id'] == ctx.project_id]
        except (exceptions.ClientException, ValueError, LookupError, TypeError) as problem:
            LOG.warning('Neutron of region %s at %s cannot be asked for floating IPs: %r', region,
                        url, problem)
            raise errors.NeutronCommunicationFailure() from None

    def _pages(self, ctx: context.RequestContext, url: str,
               query: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        """Every item of a list that the server may hand out in pages."""
        place = url.rstrip('/').removesuffix('/v2.0') + '/v2.0/floatingips'
        caller = tokens.plugin_of(ctx)
        marker: dict[str, str] = {}
        while True:
            reply = self._session.get(
                place, params={**query, **marker}, auth=caller, authenticated=caller is not None,
                headers={'Accept': 'application/json', 'X-OpenStack-Request-ID': ctx.global_id})
            document = reply.json()
            page = document['floatingips']
            yield from page
            if not any(link['rel'] == 'next' for link in document.get('floatingips_links', ())):
                return
            marker = {'marker': page[-1]['id']}


def _endpoint(text: str) -> tuple[str, str]:
    region, bar, url = text.partition('|')
    if not (region and bar and url.startswith('http')):
        raise errors.ConfigurationError(
            f"[network_api:neutron] endpoints: '{text}' is not \"region|url\"")
    return region, url


def from_conf(conf: cfg.ConfigOpts) -> Network:
    """The network service that the configuration names."""
    return Fake() if conf.network_api == 'fake' else Neutron(conf['network_api:neutron'])
