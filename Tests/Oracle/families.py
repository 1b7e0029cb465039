"""Seeded random problems of the shapes that the product poses."""

import random

from instance import Gate, Instance

FAMILIES = ["cycles", "quorum", "starvation", "layers", "contradictions", "missing", "noise", "ties", "relays"]


def make(family, seed, count):
    """An instance of about `count` vertices; the same arguments give the same instance."""
    dice = random.Random(f"{family} {seed} {count}")
    build = {"quorum": quorum, "starvation": starvation, "layers": layers, "relays": relays}.get(family, mixed)
    gates, faultable, observable = build(dice, count, cyclic=0.15 if family == "cycles" else 0.02)
    total = 1 + max([gate.owner for gate in gates] + faultable + observable)
    largest = 4 if family == "ties" else 60
    cost = [-1] * total
    for vertex in faultable:
        cost[vertex] = dice.randint(largest // 2, largest) if dice.random() < 0.95 else -1
    instance = Instance(gates, cost, [0] * total, [0] * total)
    observe(instance, dice, observable, largest, family)
    return instance


def observe(instance, dice, observable, largest, family):
    """Alerts as a few true faults would raise them, some lost and some spurious."""
    candidates = instance.candidates
    faults = dice.sample(candidates, min(len(candidates), dice.randint(1, 2 + len(candidates) // 25)))
    true = instance.state(faults)
    lost = 0.4 if family == "missing" else 0.1
    spurious = 0.3 if family == "noise" else 0.08
    for vertex in observable:
        if dice.random() < 0.15:
            continue
        alerts = dice.random() >= lost if vertex in true else dice.random() < spurious
        if alerts:
            instance.miss[vertex] = dice.randint(1, largest)
        elif family == "contradictions" and dice.random() < 0.3:
            instance.deny[vertex] = dice.randint(largest, 3 * largest)
        else:
            instance.deny[vertex] = dice.randint(1, max(1, largest // 4))


def mixed(dice, count, cyclic, widest=3, start=0.25):
    """Each vertex needs up to two groups of earlier vertices, or of any where there are cycles."""
    gates = []
    for owner in range(int(count * start), count):
        pool = [v for v in range(count if dice.random() < cyclic else owner) if v != owner]
        for _ in range(dice.randint(0, 2)):
            members = dice.sample(pool, min(len(pool), dice.randint(1, widest)))
            if members:
                gates.append(Gate(owner, dice.randint(1, len(members)), members))
    return gates, list(range(count)), list(range(count))


def quorum(dice, count, cyclic):
    """Wide groups that tolerate some losses."""
    return mixed(dice, count, cyclic, widest=7)


def starvation(dice, count, cyclic):
    """Vertex 2e is that e is down, 2e + 1 that nobody asks e for anything."""
    entities = count // 2
    gates = []
    for owner in range(1, entities):
        for needed in {dice.randrange(owner) for _ in range(dice.randint(1, 2))}:
            gates.append(Gate(2 * owner, 1, [2 * needed]))
            gates.append(Gate(2 * needed + 1, 1, [2 * owner]))
            gates.append(Gate(2 * needed + 1, 1, [2 * owner + 1]))
    return gates, [2 * entity for entity in range(entities)], list(range(2 * entities))


def layers(dice, count, cyclic):
    """A network unrolled over three times: what is down stays down, and a fault has a time before which it is not."""
    times = 3
    width = max(2, count // (times + 1))
    shape, faultable, _ = mixed(dice, width, cyclic)
    place = lambda time, vertex: (time + 1) * width + vertex
    gates = []
    for time in range(times):
        gates += [Gate(place(time, g.owner), g.threshold, [place(time, m) for m in g.members]) for g in shape]
        if time:
            gates += [Gate(place(time, vertex), 1, [place(time - 1, vertex)]) for vertex in range(width)]
    gates += [Gate(place(dice.randrange(times), vertex), 1, [vertex]) for vertex in faultable]
    return gates, faultable, list(range(width, (times + 1) * width))


def relays(dice, count, cyclic):
    """Layers in which most things pass a fault on only together with an assumption of their own: ways part and meet."""
    entities = max(2, count // 3)
    width = max(2, entities // 5)
    gates, assumptions = [], []
    relay = lambda entity: entities + entity
    for entity in range(entities):
        if dice.random() < 0.7:
            assumption = 2 * entities + entity
            assumptions.append(assumption)
            gates.append(Gate(relay(entity), 2, [entity, assumption]))
        else:
            gates.append(Gate(relay(entity), 1, [entity]))
        layer = entity // width
        for _ in range(dice.randint(1, 3) if layer else 0):
            gates.append(Gate(entity, 1, [relay(dice.randrange((layer - 1) * width, layer * width))]))
    return gates, [*range(entities), *assumptions], list(range(entities))
