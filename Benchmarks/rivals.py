#!/usr/bin/env python3
"""What other programs take for parts of the same work, in CPU seconds: `rivals.py FOLDER [--alerts]`, after `generate-platform`.

PyYAML's events are libyaml's own; orjson reads the JSON; networkx and scipy do the graph work. With --alerts, only what reads
alerts. What is not installed is left out, and said so.
"""
import os, sys, time

folder, only_alerts = sys.argv[1], "--alerts" in sys.argv
LIMIT = 40_000_000  # bytes; a larger YAML file is measured on its beginning


def measure(name, body):
    start = time.process_time()
    result = body()
    print(f"{name}\t{time.process_time() - start:.4f}", flush=True)
    return result


def read(name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


try:
    import orjson

    alerts, times = read("alerts.json"), []
    for _ in range(9):
        start = time.process_time()
        orjson.loads(alerts)
        times.append(time.process_time() - start)
    print(f"orjson alerts\t{sorted(times)[4]:.4f}", flush=True)
    if only_alerts:
        sys.exit()
    measure("orjson topology", lambda: orjson.loads(read("topology.json")))
except ImportError:
    print("# orjson is not installed")
try:
    import yaml

    text = read("topology.yaml")
    piece = text if len(text) <= LIMIT else text[: text.rindex(b"\n  pod", 0, LIMIT)]
    start = time.process_time()
    for _ in yaml.parse(piece, Loader=yaml.CSafeLoader):
        pass
    print(f"libyaml events\t{(time.process_time() - start) * len(text) / len(piece):.4f}", flush=True)
except ImportError:
    print("# PyYAML is not installed")
try:
    import numpy, scipy.sparse, scipy.sparse.csgraph

    words = numpy.fromfile(os.path.join(folder, "graph.bin"), numpy.int32)
    n, m = int(words[1]), int(words[2])
    offsets, members = words[4 : 5 + n], words[5 + n : 5 + n + m]
    graph = scipy.sparse.csr_matrix((numpy.ones(m, numpy.int8), members, offsets), shape=(n, n))
    alerts = numpy.fromfile(os.path.join(folder, "alerts10k.bin"), numpy.int32)

    def closure():
        frontier = seen = numpy.zeros(n, bool)
        seen[alerts] = True
        frontier = seen.copy()
        while frontier.any():
            reached = numpy.zeros(n, bool)
            reached[graph[frontier].indices] = True
            frontier = reached & ~seen
            seen |= reached
        return seen.sum()

    measure("scipy upstream closure", closure)
    measure("scipy components", lambda: scipy.sparse.csgraph.connected_components(graph, True, "strong")[0])
    if n <= 100_000:
        import networkx

        def build():
            digraph = networkx.DiGraph()
            digraph.add_nodes_from(range(n))
            sources = numpy.repeat(numpy.arange(n), numpy.diff(offsets))
            digraph.add_edges_from(zip(sources.tolist(), members.tolist()))
            return digraph

        digraph = measure("networkx build", build)
        measure("networkx components", lambda: sum(1 for _ in networkx.strongly_connected_components(digraph)))
except ImportError as error:
    print(f"# {error.name} is not installed")
