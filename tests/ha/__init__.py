# SPDX-License-Identifier: Apache-2.0
"""Clusters of three: real Galera, RabbitMQ and etcd nodes that are killed and cut off.

The tests run one after the other, as each uses the whole machine.
"""
