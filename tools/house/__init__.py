"""What the tools know of this repository: its tree, its layers, its error register and the rules `tidy` holds.

SPDX-License-Identifier: Apache-2.0
"""
