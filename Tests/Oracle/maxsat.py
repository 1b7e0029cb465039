"""The problem as weighted MaxSAT for python-sat's RC2, which shares nothing with the solver: neither the bounds nor
the search nor the way that cycles are treated.

Clark's completion says that whatever is true has a reason; where a cycle is its own reason, the loop formula of that
set of vertices is added (Lin and Zhao, "ASSAT", 2004) and RC2 runs again.
"""

from pysat.card import CardEnc, EncType
from pysat.examples.rc2 import RC2Stratified
from pysat.formula import IDPool, WCNF


class Encoding:
    def __init__(self, instance):
        self.instance = instance
        self.names = IDPool()
        self.formula = WCNF()
        self.reasons = [[] for _ in instance.cost]
        self.base = sum(instance.miss)
        for vertex, cost in enumerate(instance.cost):
            if cost >= 0:
                self.formula.append([-self.fault(vertex), self.true(vertex)])
                self.formula.append([-self.fault(vertex)], weight=cost)
                self.reasons[vertex].append(self.fault(vertex))
            self._charge(vertex, instance.deny[vertex] - instance.miss[vertex])
        for place, gate in enumerate(instance.gates):
            self._define(self.fires(place), gate)
            self.formula.append([-self.fires(place), self.true(gate.owner)])
            self.reasons[gate.owner].append(self.fires(place))
        for vertex, reasons in enumerate(self.reasons):
            self.formula.append([-self.true(vertex), *reasons])

    def true(self, vertex):
        return self.names.id(("true", vertex))

    def fault(self, vertex):
        return self.names.id(("fault", vertex))

    def fires(self, gate):
        return self.names.id(("fires", gate))

    def _charge(self, vertex, charge):
        if charge > 0:
            self.formula.append([-self.true(vertex)], weight=charge)
        if charge < 0:
            self.formula.append([self.true(vertex)], weight=-charge)
            self.base += charge

    def _define(self, fires, gate):
        members = [self.true(member) for member in gate.members]
        options = {"vpool": self.names, "encoding": EncType.seqcounter}
        for clause in CardEnc.atleast(members, gate.threshold, **options).clauses:
            self.formula.append([-fires, *clause])
        for clause in CardEnc.atmost(members, gate.threshold - 1, **options).clauses:
            self.formula.append([fires, *clause])

    def solve(self):
        """The least cost and roots that have it."""
        while True:
            with RC2Stratified(self.formula, solver="g4", adapt=True, exhaust=True, minz=True) as solver:
                model = set(solver.compute())
                cost = self.base + solver.cost
            roots = [vertex for vertex in self.instance.candidates if self.fault(vertex) in model]
            founded = self.instance.state(roots)
            claimed = {vertex for vertex in range(len(self.instance.cost)) if self.true(vertex) in model}
            if claimed == founded:
                return cost, roots
            self._forbid(claimed - founded, claimed)

    def _forbid(self, loop, claimed):
        """States that each vertex of `loop` needs a reason from outside it."""
        outside = [self.fault(vertex) for vertex in loop if self.instance.cost[vertex] >= 0]
        for gate in self.instance.gates:
            others = [member for member in gate.members if member not in loop]
            # Were the gate to fire without the loop, one more of the others would have to be true than now are.
            if gate.owner in loop and len(others) >= gate.threshold:
                outside += [self.true(member) for member in others if member not in claimed]
        for vertex in loop:
            self.formula.append([-self.true(vertex), *outside])


def solve(instance):
    return Encoding(instance).solve()
