"""Writes on the NHS map, and on how mature what lies on it is."""

from systems.actions.conflict import Conflict
from systems.actions.tree import rebuild_tree

__all__ = ["Conflict", "rebuild_tree"]
