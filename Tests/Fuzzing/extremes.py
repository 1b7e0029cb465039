#!/usr/bin/env python3
"""Runs the built command on platforms and incidents of extreme shapes: extremes.py BINARY [--scale N] [--only WORD].

Each run has a limit of time and memory, and must end with 0, or with the code that its case names. The sizes are for one
machine's minute a run at scale 1; --scale 10 makes everything ten times smaller.
"""

import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

RULE = "alerts:\n  - {match: '{entity=~\".+\"}', entity: '{entity}'}\n"
ONSET = "2026-07-01T19:22:00Z"


def topology(entities) -> str:
    return "version: 1\n" + RULE + "entities:\n" + "".join(entities)


def chain(count):
    return topology([f"  svc/s{i}: {{needs: [svc/s{i + 1}]}}\n" for i in range(count - 1)] + [f"  svc/s{count - 1}: {{}}\n"])


def cycle(count):
    return topology(f"  svc/s{i}: {{needs: [svc/s{(i + 1) % count}]}}\n" for i in range(count))


def star(count):
    return topology(["  svc/hub: {}\n"] + [f"  svc/s{i}: {{needs: [svc/hub]}}\n" for i in range(count)])


def group(count):
    members = ", ".join(f"svc/s{i}" for i in range(count))
    return topology([f"  svc/hub: {{needs: [any: [{members}]]}}\n"] + [f"  svc/s{i}: {{}}\n" for i in range(count)])


def long_names(count):
    name = "x" * 10_240
    return topology(f"  ? svc/{name}{i}\n  : {{needs: [svc/{name}{i + 1}]}}\n" if i < count - 1 else f"  ? svc/{name}{i}\n  : {{}}\n"
                    for i in range(count))


def alert(name, entity, starts=ONSET, **labels):
    result = {"labels": {"alertname": name, "entity": entity, **labels}, "annotations": {},
              "status": {"state": "active", "silencedBy": [], "inhibitedBy": []}}
    return result if starts is None else result | {"startsAt": starts}


TIMES = ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "1969-07-20T20:17:00Z", "2126-01-01T00:00:00Z", None, "1900-01-01T00:00:00Z",
         "2026-07-01T19:22:00+14:00", "9999-12-31T23:59:59-23:59", "0000-01-01T00:00:00Z"]


def cases(scale):
    """Name, topology, alerts, command, seconds, MiB, exit code."""
    def n(count):
        return max(10, count // scale)

    two = [alert("Down", "svc/s0"), alert("Down", f"svc/s{n(1_000_000) // 2}")]
    middle = [alert("Down", "svc/s0"), alert("Down", f"svc/s{n(100_000) // 2}")]
    small = star(n(10_000))
    yield "chain", chain(n(1_000_000)), two, ["ALERTS"], 60, 4096, 0
    yield "chain-json", chain(n(1_000_000)), two, ["ALERTS", "--format", "json"], 60, 4096, 0
    yield "chain-explain", chain(n(1_000_000)), two, ["explain", "svc/s0", "ALERTS"], 60, 4096, 0
    yield "chain-match", chain(n(1_000_000)), two, ["match", "ALERTS"], 60, 4096, 0
    yield "chain-check", chain(n(1_000_000)), None, ["check"], 60, 4096, 0
    yield "chain-what-if", chain(n(1_000_000)), None, ["what-if", f"svc/s{n(1_000_000) - 1}"], 60, 4096, 0
    yield "chain-rank", chain(n(10_000)), None, ["rank", "--top", "10"], 60, 2048, 0
    yield "chain-cut-sets", chain(n(100_000)), None, ["cut-sets", "svc/s0", "--order", "2"], 60, 2048, 0
    yield "chain-picture", chain(n(100_000)), middle, ["ALERTS", "-o", "out.svg", "-o", "out.md", "-o", "out.html"], 60, 2048, 0
    yield "cycle", cycle(n(100_000)), middle, ["ALERTS"], 60, 2048, 0
    yield "cycle-check", cycle(n(100_000)), None, ["check"], 60, 2048, 0
    yield "cycle-what-if", cycle(n(100_000)), None, ["what-if", "svc/s0", "--format", "json"], 60, 2048, 0
    yield "star", star(n(1_000_000)), [alert("Down", f"svc/s{i}") for i in range(20)], ["ALERTS"], 90, 4096, 0
    yield "star-check", star(n(1_000_000)), None, ["check"], 90, 4096, 0
    yield "star-what-if", star(n(1_000_000)), None, ["what-if", "svc/hub"], 90, 4096, 0
    yield "star-rank", star(n(1_000_000)), None, ["rank", "--top", "10"], 90, 4096, 0
    yield "star-cut-sets", star(n(1_000_000)), None, ["cut-sets", "svc/s0"], 90, 4096, 0
    yield "group-check", group(n(100_000)), None, ["check"], 60, 2048, 0
    yield "group-what-if", group(n(100_000)), None, ["what-if", "svc/s0"], 60, 2048, 0
    yield "same", small, [alert("Down", "svc/s7")] * n(100_000), ["ALERTS"], 60, 2048, 0
    yield "one-entity", small, [alert("Down", "svc/s7", n=str(i)) for i in range(n(100_000))], ["ALERTS"], 60, 2048, 0
    yield "unmatched", small, [alert(f"A{i}", f"svc/z{i}") for i in range(n(100_000))], ["ALERTS"], 60, 2048, 0
    yield "unmatched-match", small, [alert(f"A{i}", f"svc/z{i}") for i in range(n(100_000))], ["match", "ALERTS"], 60, 2048, 0
    yield "storm", small, [alert("Down", f"svc/s{i % n(10_000)}", n=str(i)) for i in range(n(100_000))], ["ALERTS"], 60, 2048, 0
    yield "storm-html", small, [alert("Down", f"svc/s{i % n(10_000)}", n=str(i)) for i in range(n(20_000))], ["ALERTS", "-o", "out.html"], 60, 2048, 0
    yield "apart", topology(f"  svc/s{i}: {{}}\n" for i in range(n(10_000))), [alert("Down", f"svc/s{i}") for i in range(n(10_000))], ["ALERTS"], 60, 2048, 0
    yield "none", small, [], ["ALERTS"], 20, 1024, 0
    yield "times", small, [alert(f"A{i}", f"svc/s{i % 10}", t) for i, t in enumerate(TIMES)], ["ALERTS", "-o", "out.html"], 20, 1024, 0
    yield "skew", small, [alert("Down", f"svc/s{i % 10}", f"2026-07-0{1 + i % 9}T19:22:00Z", n=str(i)) for i in range(100)], ["ALERTS"], 20, 1024, 0
    yield "labels", small, [alert("Down", "svc/s3", **{f"l{i}": "v" for i in range(n(100_000))})], ["ALERTS"], 20, 1024, 0
    yield "long-label", small, [alert("Down", "svc/s3", blob="y" * 10_000_000), alert("Down", "svc/s4")], ["ALERTS"], 20, 1024, 0
    yield "long-names", long_names(200), [alert("Down", f"svc/{'x' * 10_240}{i}") for i in range(0, 200, 10)], ["ALERTS", "-o", "out.svg"], 60, 1024, 0


def run(binary, folder, name, text, alerts, arguments, seconds, mebibytes, code):
    (folder / "topology.yaml").write_text(text)
    if alerts is not None:
        (folder / "alerts.json").write_text(json.dumps(alerts))
    arguments = [a.replace("ALERTS", "alerts.json") for a in arguments]
    arguments += ["topology.yaml"] if arguments == ["check"] else ["-t", "topology.yaml"]

    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (2 * mebibytes << 20, 2 * mebibytes << 20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    start = time.monotonic()
    with open(folder / "stdout", "wb") as output, open(folder / "stderr", "wb") as errors:
        child = subprocess.Popen([binary] + arguments, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                                 env={"PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"}, preexec_fn=limit)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    elapsed = time.monotonic() - start
    resident = usage.ru_maxrss >> 10
    good = child.returncode == code and resident <= mebibytes
    written = sum(file.stat().st_size for file in folder.iterdir() if file.name.startswith("out") or file.name == "stdout")
    print(f"{'ok  ' if good else 'FAIL'} {name:16} exit {child.returncode:3}  {usage.ru_utime + usage.ru_stime:6.1f} s of processor "
          f"{elapsed:6.1f} s  {resident:5} MiB  {written:10} bytes out", flush=True)
    if not good:
        print("     ", (folder / "stderr").read_bytes()[:300].decode(errors="replace"))
    return good


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    good = True
    for case in cases(options.scale):
        if options.only in case[0]:
            with tempfile.TemporaryDirectory() as folder:
                good = run(os.path.abspath(options.binary), pathlib.Path(folder), *case) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
