# SPDX-License-Identifier: Apache-2.0
"""Errors: the code and type that clients see, and the sentences."""
from collections.abc import Iterator

from designate_like import errors
from tests import base

# The catalogue of the API: the type of each error that can be raised, by its code.
CATALOGUE = {
    400: ['invalid_object', 'bad_request', 'empty_request_body', 'invalid_json',
          'invalid_project', 'invalid_uuid', 'marker_not_found', 'invalid_marker',
          'invalid_sort_dir', 'invalid_sort_key', 'invalid_limit', 'invalid_operation',
          'invalid_zone_name', 'invalid_recordset_name', 'invalid_recordset_location',
          'invalid_zone_transfer_request', 'invalid_ttl', 'zone_has_sub_zone', 'zone_is_shared',
          'shared_zone_has_sub_zone', 'shared_zone_has_recordsets', 'invalid_tsigkey',
          'last_server_delete_not_allowed'],
    401: ['missing_project_id'],
    403: ['forbidden', 'no_endpoint', 'illegal_child', 'illegal_parent', 'invalid_key',
          'invalid_token_scope'],
    404: ['not_found', 'service_status_not_found', 'quota_not_found', 'tsigkey_not_found',
          'blacklist_not_found', 'zone_not_found', 'tld_not_found', 'recordset_not_found',
          'report_not_found', 'pool_not_found', 'no_valid_pool_found',
          'zone_transfer_request_not_found', 'zone_transfer_accept_not_found',
          'zone_import_not_found', 'zone_export_not_found', 'shared_zone_not_found'],
    405: ['method_not_allowed'],
    406: ['unsupported_accept'],
    409: ['duplicate', 'duplicate_tsigkey', 'duplicate_zone', 'duplicate_zone_attribute',
          'duplicate_tld', 'duplicate_recordset', 'duplicate_blacklist', 'duplicate_pool',
          'duplicate_zone_transfer_request', 'duplicate_shared_zone'],
    413: ['over_quota'],
    415: ['unsupported_content_type'],
    500: ['unknown', 'configuration_error', 'no_filters_configured', 'no_servers_configured',
          'multiple_pools_found', 'quota_resource_unknown'],
    504: ['communication_failure', 'keystone_communication_failure',
          'neutron_communication_failure', 'timeout'],
}
# Sentences that clients look for.
SENTENCES = [
    (errors.ZoneNotFound, 'Could not find Zone'),
    (errors.RecordsetNotFound, 'Could not find RecordSet'),
    (errors.PoolNotFound, 'Could not find Pool'),
    (errors.DuplicateZone, 'Duplicate Zone'),
    (errors.DuplicateRecordset, 'Duplicate RecordSet'),
    (errors.Forbidden, 'Forbidden'),
]


def _below(kind: type[errors.Error]) -> Iterator[type[errors.Error]]:
    yield kind
    for each in kind.__subclasses__():
        if each.__module__ == errors.__name__:
            yield from _below(each)


class ErrorsTest(base.TestCase):

    def test_every_type_of_the_catalogue_has_its_code(self):
        have = {(each.code, each.type) for each in _below(errors.Error)}
        for code, types in CATALOGUE.items():
            for type_ in types:
                with self.subTest(type=type_):
                    self.assertIn((code, type_), have)

    def test_what_an_operator_or_time_must_mend_is_a_5xx(self):
        for kind in _below(errors.Error):
            with self.subTest(kind=kind.__name__):
                behind = issubclass(kind, errors.Internal | errors.Unavailable | errors.Timeout)
                self.assertEqual(behind or kind is errors.Error, kind.code >= 500)

    def test_every_error_has_a_sentence_of_its_own(self):
        for kind in _below(errors.Error):
            with self.subTest(kind=kind.__name__):
                self.assertTrue(kind().message)
                self.assertEqual(kind().message, str(kind()))

    def test_sentences_that_clients_look_for(self):
        for kind, sentence in SENTENCES:
            with self.subTest(kind=kind.__name__):
                self.assertEqual(sentence, kind().message)

    def test_a_given_sentence_and_details_are_kept(self):
        error = errors.Unavailable('Not now', retry_after=5)
        self.assertEqual(('Not now', {'retry_after': 5}), (error.message, error.kwargs))

    def test_a_class_made_for_the_bus_keeps_the_type(self):
        remote = type('ZoneNotFound_Remote', (errors.ZoneNotFound,), {})
        self.assertEqual('zone_not_found', remote.type)

    def test_the_sentence_of_an_invalid_object_holds_every_problem(self):
        error = errors.InvalidObject(problems=[
            {'path': ['records', 1], 'message': "'x' is not a 'A' Record"},
            {'path': ['name'], 'message': 'is wrong'}])
        self.assertEqual("records.1: 'x' is not a 'A' Record. name: is wrong.", error.sentence())

    def test_the_sentence_of_an_invalid_object_without_problems(self):
        self.assertEqual('ttl: no.', errors.InvalidObject(
            'Provided object is not valid. ttl: no.').sentence())
