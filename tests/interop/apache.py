# SPDX-License-Identifier: Apache-2.0
"""Apache with mod_wsgi, where it can run this code."""
import os
import pathlib
import subprocess
import sys
import sysconfig

from designate_like.api import wsgi
from tests import base

MODULES = pathlib.Path('/usr/lib/apache2/modules')
PYTHON = f'{sys.version_info.major}.{sys.version_info.minor}'


def require_mod_wsgi(test: base.TestCase) -> pathlib.Path:
    """Return the module; skip a test whose code it cannot load, or may not read."""
    base.require('apache2')
    module = base.require_file(str(MODULES / 'mod_wsgi.so'), 'libapache2-mod-wsgi-py3')
    if PYTHON not in os.readlink(module):
        test.skipTest(f'mod_wsgi is of another Python than {PYTHON}, and cannot load what is '
                      'compiled for this one')
    # Apache cannot be root.
    for path in (wsgi.__file__, sysconfig.get_path('purelib')) if os.getuid() == 0 else ():
        if subprocess.run(['runuser', '-u', 'www-data', '--', 'test', '-r', path],
                          check=False).returncode:
            test.skipTest(f'{path} is not for the eyes of www-data')
    return module
