"""Explanation problems as plain data: their file layout and their meaning. Shares no code with the solver."""

import itertools
import struct
from dataclasses import dataclass

MAGIC = 0x42524932


@dataclass
class Gate:
    """`owner` is true when at least `threshold` of `members` are."""

    owner: int
    threshold: int
    members: list


@dataclass
class Instance:
    """A problem in the layout of Sources/Inference/Solver/SolverInstance.swift.

    For each vertex `cost` is the price of faulting it (-1: no candidate), `miss` that of leaving it without
    explanation (0: no alert), and `deny` that of its being true (0: nobody watches).
    """

    gates: list
    cost: list
    miss: list
    deny: list

    def words(self):
        offsets = [0, *itertools.accumulate(len(gate.members) for gate in self.gates)]
        yield from (MAGIC, len(self.cost), len(self.gates), offsets[-1])
        yield from (gate.owner for gate in self.gates)
        yield from (gate.threshold for gate in self.gates)
        yield from offsets
        yield from (member for gate in self.gates for member in gate.members)
        yield from self.cost + self.miss + self.deny

    def write(self, path):
        words = list(self.words())
        with open(path, "wb") as file:
            file.write(struct.pack(f"<{len(words)}i", *words))

    @property
    def candidates(self):
        return [vertex for vertex, cost in enumerate(self.cost) if cost >= 0]

    def state(self, roots):
        """What is true under `roots`: the least fixed point, by rounds over all gates until nothing changes."""
        true = set(roots)
        changed = True
        while changed:
            changed = False
            for gate in self.gates:
                if gate.owner not in true and sum(member in true for member in gate.members) >= gate.threshold:
                    true.add(gate.owner)
                    changed = True
        return true

    def value(self, roots):
        """The cost of explaining the evidence by `roots`."""
        effects = sum(self.deny[vertex] - self.miss[vertex] for vertex in self.state(roots))
        return sum(self.miss) + sum(self.cost[root] for root in roots) + effects
