# SPDX-License-Identifier: Apache-2.0
"""How Sphinx builds the documentation."""
project = 'designate_like'
author = copyright = 'the designate_like authors'

extensions = ['oslo_config.sphinxext', 'oslo_policy.sphinxext']

html_theme = 'alabaster'
html_theme_options = {'description': 'DNS as a service', 'fixed_sidebar': True}
html_show_sphinx = False
html_copy_source = False
