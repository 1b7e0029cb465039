#!/usr/bin/env python3
"""The loss of one entity, asked of igraph, rustworkx and the product: `graph-libraries.py FOLDER [--count N]`.

    pip install igraph rustworkx numpy
    Benchmarks/graph-libraries.py /tmp/blast-radius-stages/1e6

FOLDER is one of generate-platform. Of N entities drawn at random, each is lost by itself, and the numbers of what falls with them
are added up: whoever computes the same must come to the same sum, or the script fails. Two questions:

- reached: everything that leans on the entity in some way, as if there were no redundancy. All of them can say that.
- lost: what really goes down, groups of which enough are left holding. The libraries know arcs and no thresholds, so next to the
  product stands what one would write over them in Python.

Prints CPU seconds to get ready from the arrays of graph.bin, and CPU milliseconds for one loss.
"""
import argparse, os, re, subprocess, sys, time
import igraph, numpy, rustworkx

options = argparse.ArgumentParser()
options.add_argument("folder")
options.add_argument("--count", type=int, default=1000)
options = options.parse_args()
here = os.path.dirname(os.path.abspath(__file__))
build = ["swift", "build", "-c", "release", "--package-path", here, "--product", "simulate-graph"]
subprocess.run(build, check=True, stdout=sys.stderr)

words = numpy.fromfile(f"{options.folder}/graph.bin", numpy.int32)
n, m, groups = (int(word) for word in words[1:4])
parts = numpy.split(words[4:], numpy.cumsum([n + 1, m, n + 1, m, groups, groups]))
_, _, offsets, memberships, owners, thresholds, _ = parts
sample = numpy.fromfile(f"{options.folder}/alerts10k.bin", numpy.int32)[: options.count]
count = len(sample)
without_redundancy = f"{options.folder}/graph-hard.bin"
hard = words.copy()
start = len(words) - n - groups
hard[start : start + groups] = 1
hard.tofile(without_redundancy)

print(f"# {n} entities, {m} dependencies, {count} single losses")
print("| Program | ready, s | a loss, ms | sum |")
print("|---|---|---|---|")


def row(name, ready, took, asked, total):
    print(f"| {name} | {ready:.2f} | {took / asked * 1000:.4f} | {total} |", flush=True)


def timed(body):
    begin = time.process_time()
    result = body()
    return result, time.process_time() - begin


def ours(name, graph, asked):
    product = os.path.join(here, ".build/release/simulate-graph")
    command = [product, graph, "--losses", f"{options.folder}/alerts10k.bin", "--count", str(asked), "--repeat", "3"]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    ready = re.search(r"compile: (\S+) ms", text)[1]
    took, total = re.search(r"median (\S+) ms.*sum (\d+)", text).groups()
    row(name, float(ready) / 1000, float(took) / 1000, asked, total)
    return int(total)


sources = numpy.repeat(numpy.arange(n, dtype=numpy.int32), numpy.diff(offsets))
arcs = numpy.unique(numpy.stack([sources, owners[memberships]], axis=1), axis=0)
expected = ours("product, reached", without_redundancy, count)

graph, ready = timed(lambda: igraph.Graph(n=n, edges=arcs, directed=True))
sizes, took = timed(lambda: graph.neighborhood_size(sample.tolist(), order=n, mode="out"))
row("igraph, reached (neighborhood_size)", ready, took, count, sum(sizes))
assert sum(sizes) == expected, "igraph says otherwise"
del graph


def directed():
    graph = rustworkx.PyDiGraph(multigraph=True)
    graph.add_nodes_from(range(n))
    graph.add_edges_from_no_data([tuple(arc) for arc in arcs.tolist()])
    return graph


graph, ready = timed(directed)
total, took = timed(lambda: sum(len(rustworkx.descendants(graph, node)) + 1 for node in sample.tolist()))
row("rustworkx, reached (descendants)", ready, took, count, total)
assert total == expected, "rustworkx says otherwise"
del graph


def ready_lists():
    ends, all_groups = offsets.tolist(), memberships.tolist()
    return [all_groups[ends[node] : ends[node + 1]] for node in range(n)], owners.tolist(), thresholds.tolist()


def lose(node, lists, owners, thresholds):
    down, missing, queue = {node}, {}, [node]
    while queue:
        for group in lists[queue.pop()]:
            missing[group] = missing.get(group, 0) + 1
            owner = owners[group]
            if missing[group] >= thresholds[group] and owner not in down:
                down.add(owner)
                queue.append(owner)
    return len(down)


lists, ready = timed(ready_lists)
total, took = timed(lambda: sum(lose(node, *lists) for node in sample.tolist()))
expected = ours("product, lost", f"{options.folder}/graph.bin", count)
row("lists and dictionaries of Python, lost", ready, took, count, total)
assert total == expected, "Python says otherwise"
