"""Brute force: the value of every set of candidates."""


def solve(instance):
    """The least cost and its preferred roots: the fewest, then the smallest."""
    gates = [(1 << gate.owner, gate.threshold, sum(1 << m for m in set(gate.members))) for gate in instance.gates]
    effects = [deny - miss for deny, miss in zip(instance.deny, instance.miss)]
    candidates = instance.candidates
    base = sum(instance.miss)
    best = None
    for choice in range(1 << len(candidates)):
        roots = [vertex for place, vertex in enumerate(candidates) if choice >> place & 1]
        cost = base + sum(instance.cost[root] for root in roots)
        state = 0
        for root in roots:
            state |= 1 << root
        before = -1
        while before != state:
            before = state
            for owner, threshold, members in gates:
                if not state & owner and (state & members).bit_count() >= threshold:
                    state |= owner
        cost += sum(effect for vertex, effect in enumerate(effects) if state >> vertex & 1)
        answer = (cost, len(roots), roots)
        if best is None or answer < best:
            best = answer
    return best[0], best[2]
