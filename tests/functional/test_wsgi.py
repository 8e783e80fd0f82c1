# SPDX-License-Identifier: Apache-2.0
"""designate_like.api.wsgi:application, as a server that has imported it sees it."""
import os
import subprocess
import sys

from tests import base

# Two requests to one process, with a configuration that somebody puts right between them.
_SERVER = '''
import pathlib, sys, webob
from designate_like.api import wsgi
def ask():
    response = webob.Request.blank('/').get_response(wsgi.application)
    print(response.status_int, response.json.get('type'))
ask()
pathlib.Path(sys.argv[1]).write_text(sys.argv[2])
ask()
'''
_RIGHT = '[DEFAULT]\ntransport_url = inproc://\n[service:api]\nauth_strategy = noauth\n'


class ApplicationTest(base.TestCase):

    def test_a_configuration_that_is_wrong_and_put_right(self):
        for wrong, sentence in (
                ('[service:api]\nauth_strategy = bogus\n',
                 '[service:api] auth_strategy: Valid values are [keystone, noauth, http_basic], '
                 "but found 'bogus'"),
                ('[service:api]\napi_paste_config = /nowhere.ini\n',
                 '[service:api] api_paste_config: there is no file /nowhere.ini'),
                ('[DEFAULT]\ntransport_url = pigeon://coop/\n', '[DEFAULT] transport_url: ')):
            with self.subTest(sentence):
                file = self.directory() / 'designate_like.conf'
                file.write_text(wrong)
                ran = subprocess.run(
                    [sys.executable, '-c', _SERVER, file, _RIGHT], capture_output=True, text=True,
                    timeout=60, check=True,
                    env={**os.environ, 'OS_DESIGNATE_CONFIG_DIR': str(file.parent)})
                self.assertEqual('500 configuration_error\n200 None\n', ran.stdout)
                self.assertIn(f'designate_like: {file}: {sentence}', ran.stderr)
                self.assertNotIn('Traceback', ran.stderr)
