# SPDX-License-Identifier: Apache-2.0
"""The API as an OpenAPI 3.1 document, made from the table of URLs and the resources.

``python -m designate_like.api.openapi`` prints it; ``api-ref/openapi.yaml`` is what it printed.
"""
import inspect
import json
import re
import typing
from typing import Any

import yaml

from designate_like import resources
from designate_like.api import actions
from designate_like.api import http
from designate_like.api import rest
from designate_like.api import routes
from designate_like.api import versions
from designate_like.api import zonefiles
from designate_like.resources import base
from designate_like.resources import types

Document = dict[str, Any]

# The declaration that says what a body holds, of the handlers that are like no others.
_BODIES: dict[Any, tuple[type[base.Resource], str]] = {
    actions.set_quotas: (resources.Quotas, base.UPDATE),
    actions.move: (resources.PoolMove, base.CREATE),
    zonefiles.import_zone: (resources.ZoneImport, base.CREATE),
}

_ERROR = {
    'type': 'object',
    'properties': {
        'code': {'type': 'integer'},
        'type': {'type': 'string'},
        'message': {'type': 'string'},
        'request_id': {'type': 'string'},
        'errors': {'type': 'object', 'properties': {'errors': {
            'type': 'array', 'items': {'type': 'object', 'properties': {
                'path': {'type': 'array'}, 'message': {'type': 'string'},
                'validator': {'type': 'string'}}}}}},
    },
}

# Text as parameters of a list take it.
_PAGE = {
    'limit': {'type': 'string', 'pattern': '^([1-9][0-9]*|max)$'},
    'marker': {'type': 'string', 'format': 'uuid'},
    'sort_dir': {'type': 'string', 'enum': ['asc', 'desc']},
}


def _of(type_: types.Type) -> Document:
    """The JSON schema of a type, as requests may hold it."""
    match type_:
        case types.Text():
            return {'type': 'string', 'minLength': type_.smallest, 'maxLength': type_.length}
        case types.UUID():
            return {'type': 'string', 'format': 'uuid'}
        case types.Choice():
            return {'type': 'string', 'enum': list(type_.words)}
        case types.Integer():
            return {'type': 'integer', 'minimum': type_.smallest, 'maximum': type_.largest}
        case types.Boolean():
            return {'type': 'boolean'}
        case types.Name():
            return {'type': 'string', 'format': 'dns-name', 'maxLength': 254}
        case types.Email():
            return {'type': 'string', 'format': 'email', 'maxLength': 253}
        case types.Strings():
            return {'type': 'array', 'items': _of(type_.item)}
        case types.Map():
            return {'type': 'object',
                    'additionalProperties': {'type': 'string', 'maxLength': type_.text.length}}
        case types.Items():
            return {'type': 'array', 'items': body(type_.kind, base.CREATE)}
    return {'type': 'string'}       # It has rules of its own.


def _member(kind: type[base.Resource], name: str) -> Document:
    """The JSON schema of a member; where its type is any, the annotation says more."""
    type_ = kind.SPECS[name].type
    if type(type_) is not types.Type:
        return _of(type_)
    if typing.get_origin(typing.get_type_hints(kind)[name]) is list:
        return {'type': 'array', 'items': {'type': 'string'}}
    return {'type': 'object'}


def body(kind: type[base.Resource], verb: str) -> Document:
    """The JSON schema of what creates or updates a resource."""
    writable = {name: spec for name, spec in kind.SPECS.items() if verb in spec.write}
    schema: Document = {'type': 'object', 'additionalProperties': verb == base.UPDATE,
                        'properties': {name: _nullable(_member(kind, name), spec.null != 'reject')
                                       for name, spec in writable.items()}}
    required = [name for name, spec in writable.items() if spec.required]
    if verb == base.CREATE and required:
        schema['required'] = required
    return schema


def shown(kind: type[base.Resource]) -> Document:
    """The JSON schema of a resource as the API shows it."""
    properties = {}
    for name, spec in kind.SPECS.items():
        if spec.view:
            optional = type(None) in typing.get_args(typing.get_type_hints(kind).get(name))
            properties[name] = _nullable(_loose(_member(kind, name)), optional)
    properties['links'] = {'type': 'object', 'additionalProperties': {'type': 'string'}}
    return {'type': 'object', 'description': inspect.getdoc(kind) or '', 'properties': properties}


def _loose(schema: Document) -> Document:
    """The schema without the rules that hold for what is sent."""
    return {name: value for name, value in schema.items() if name in ('type', 'enum')}


def _nullable(schema: Document, null: bool) -> Document:
    if not null or 'type' not in schema:
        return schema
    made = {**schema, 'type': [schema['type'], 'null']}
    if 'enum' in made:
        made['enum'] = [*made['enum'], None]
    return made


def _parameters(path: str, handler: Any, noun: rest.Noun | None) -> list[Document]:
    found = [{'name': slot, 'in': 'path', 'required': True,
              'schema': {'type': 'string', 'maxLength': 36} if slot == 'project_id' else
                        {'type': 'string'} if slot == 'floatingip_id' else
                        {'type': 'string', 'format': 'uuid'}}
             for slot in re.findall('{(.*?)}', path)]
    if noun is not None and handler.__name__ == 'find':
        keys = list(noun.sort_keys or noun.kind.names('sort'))
        filters = (*noun.kind.names('match'), *noun.filters)
        query = {**_PAGE, 'sort_key': {'type': 'string', 'enum': keys},
                 **{name: {'type': 'string'} for name in filters}}
        found += [{'name': name, 'in': 'query', 'schema': schema}
                  for name, schema in query.items()]
    return found


def _request(method: str, handler: Any, noun: rest.Noun | None) -> Document | None:
    """What a request holds, or None when that is nothing."""
    kind, verb = _BODIES.get(handler, (None, ''))
    if noun is not None and handler.__name__ in ('create', 'update'):
        kind, verb = noun.kind, base.CREATE if method == 'POST' else base.UPDATE
    if kind is None:
        return None
    content: Document = {http.JSON: {'schema': body(kind, verb)}}
    if handler is zonefiles.import_zone:
        content[zonefiles.ZONEFILE] = {'schema': {'type': 'string'}}
    optional = handler is actions.move or noun is not None and noun.bodiless
    return {'required': not optional, 'content': content}


def _answer(method: str, handler: Any, noun: rest.Noun | None) -> Document:
    """What is shown on success; a resource or a page of them, where a noun says so."""
    if handler is zonefiles.content:
        return {zonefiles.ZONEFILE: {'schema': {'type': 'string'}}}
    if noun is None or method == 'DELETE' and not noun.settles:
        return {}
    item = {'$ref': f'#/components/schemas/{noun.kind.NOUN}'}
    if handler.__name__ != 'find':
        return {http.JSON: {'schema': item}}
    properties = {noun.word or noun.plural: {'type': 'array', 'items': item},
                  'links': {'type': 'object'}}
    if noun.counted:
        properties['metadata'] = {'type': 'object'}
    return {http.JSON: {'schema': {'type': 'object', 'properties': properties,
                                   'required': list(properties)}}}


def _operation(path: str, method: str, handler: Any) -> Document:
    noun = getattr(getattr(handler, '__self__', None), 'noun', None)
    words = (inspect.getdoc(handler) or '').split('\n\n')[0].replace('\n', ' ')
    success: Document = {'description': 'Success'}
    if answer := _answer(method, handler, noun):
        success['content'] = answer
    operation: Document = {
        'operationId': f"{method.lower()}{re.sub('[^a-z_]+', '_', path)}".rstrip('_'),
        'summary': words.rstrip('.'), 'tags': [path.split('/')[1]],
        'parameters': _parameters(path, handler, noun),
        'responses': {'2XX': success, 'default': {'$ref': '#/components/responses/error'}}}
    if request := _request(method, handler, noun):
        operation['requestBody'] = request
    return operation


def document() -> Document:
    """The whole document."""
    paths: Document = {}
    schemas: Document = {'error': _ERROR}
    for path, methods in routes.TABLE:
        for method, handler in methods.items():
            noun = getattr(getattr(handler, '__self__', None), 'noun', None)
            if noun is not None:
                schemas[noun.kind.NOUN] = shown(noun.kind)
            paths.setdefault(http.MOUNT + path, {})[method.lower()] = _operation(
                path, method, handler)
    current = next(name for name, status, _ in versions.VERSIONS if status == 'CURRENT')
    return {
        'openapi': '3.1.0',
        'info': {'title': 'DNS API', 'version': current,
                 'license': {'name': 'Apache-2.0', 'identifier': 'Apache-2.0'}},
        'security': [{'token': []}],
        'paths': paths,
        'components': {
            'securitySchemes': {'token': {'type': 'apiKey', 'in': 'header',
                                          'name': 'X-Auth-Token'}},
            'responses': {'error': {'description': 'What was wrong, and where', 'content': {
                http.JSON: {'schema': {'$ref': '#/components/schemas/error'}}}}},
            'schemas': dict(sorted(schemas.items()))}}


def text() -> str:
    """The document as YAML, as it stands in its file."""
    # What stands at several places becomes several things, or YAML would refer to the first.
    apart = json.loads(json.dumps(document()))
    return ('# SPDX-License-Identifier: Apache-2.0\n'
            '# Made by "tox -e samples" from the code; changes belong there.\n'
            + yaml.safe_dump(apart, sort_keys=False, width=98))


if __name__ == '__main__':
    print(text(), end='')
