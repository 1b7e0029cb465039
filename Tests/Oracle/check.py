#!/usr/bin/env python3
"""check.py SOLVE_INSTANCE [--small N] [--large N]: compares the solver with independent ones on seeded instances.

Small instances of each family go to brute force: the same cost and the same preferred roots. Large ones, of 100 to 400
vertices, go to RC2: the same cost, proven, and roots that have it when they are valued here; where the optimum is
unique that means the same roots. Prints each disagreement with its seed, and fails if there is one.
"""

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time

import brute
import families
import maxsat

BATCH = 25


def answers(executable, instances):
    """(cost, whether proven, bound, roots) of each instance."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [os.path.join(folder, f"{place}.bin") for place in range(len(instances))]
        for path, instance in zip(paths, instances):
            instance.write(path)
        run = subprocess.run([executable, *paths], check=True, capture_output=True, text=True, timeout=300)
    for line in run.stdout.splitlines():
        _, cost, status, _, bound, _, *roots = line.split()
        yield int(cost), status == "proven", int(bound), [int(root) for root in roots]


def check(job):
    """The disagreements of one batch."""
    executable, size, family, seeds = job
    spread = range(5, 12) if size == "small" else range(100, 401)
    instances = [families.make(family, seed, spread[seed * 37 % len(spread)]) for seed in seeds]
    found = list(answers(executable, instances))
    wrong = [] if len(found) == len(instances) else [f"{family}: {len(found)} answers to {len(instances)} instances"]
    for seed, instance, (cost, is_proven, bound, roots) in zip(seeds, instances, found):
        best, expected = (brute if size == "small" else maxsat).solve(instance)
        is_right = is_proven and cost == bound == best == instance.value(roots)
        if size == "small":
            is_right = is_right and roots == expected
        if not is_right:
            wrong.append(f"{size} {family} {seed}: {cost} {roots} (proven: {is_proven}), should be {best} {expected}")
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("executable")
    parser.add_argument("--small", type=int, default=400, help="instances of each family for brute force")
    parser.add_argument("--large", type=int, default=20, help="instances of each family for RC2")
    options = parser.parse_args()
    jobs = [
        (os.path.abspath(options.executable), size, family, range(start, min(start + BATCH, count)))
        for size, count in [("large", options.large), ("small", options.small)]
        for family in families.FAMILIES
        for start in range(0, count, BATCH)
    ]
    start = time.monotonic()
    with multiprocessing.Pool() as pool:
        wrong = [line for lines in pool.imap(check, jobs) for line in lines]
    print(*wrong, sep="\n", end="\n" if wrong else "")
    checked = sum(len(seeds) for *_, seeds in jobs)
    print(f"{checked} instances in {time.monotonic() - start:.0f} s, {len(wrong)} wrong")
    sys.exit(1 if wrong or not checked else 0)


if __name__ == "__main__":
    main()
