#!/usr/bin/env python3
"""Runs the built command on platforms and incidents of extreme shapes: extremes.py BINARY [--scale N] [--only WORD].

Each run has a limit of processor time and memory, and must end with 0, every output that was asked for, and no error. --scale 10 makes everything ten times smaller.
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


LONG, DEEP = 100_000, 1_000_000
ALL = ["-o", "out.json", "-o", "out.svg", "-o", "out.png", "-o", "out.pdf", "-o", "out.dot", "-o", "out.mmd", "-o", "out.md", "-o", "out.html"]
# For each size the limits, in seconds of processor time and MiB.
LIMITS = {LONG: (60, 2048), DEEP: (120, 4096)}


def group(count, least):
    """A service that needs so many of its members, each on a host of its own."""
    members = ", ".join(f"svc/s{i}" for i in range(count))
    return topology([f"  svc/hub: {{needs: [{{at_least: {least}, of: [{members}]}}]}}\n"] + [f"  svc/s{i}: {{}}\n" for i in range(count)])


SHAPES = {
    "chain": chain,
    "cycle": cycle,
    "star": star,
    "any": lambda count: group(count, 1),
    "quorum": lambda count: group(count, count // 2 + 1),
    "strict": lambda count: group(count, count - 1),
}


def shaped(scale):
    """Every command on every shape: name, shape, size, alerts, command, size that sets the limits."""
    for shape in SHAPES:
        for size in [LONG, DEEP]:
            count = max(10, size // scale)
            first, last = ("svc/s0", f"svc/s{count - 1}") if shape in {"chain", "cycle"} else ("svc/hub", "svc/s0")
            two = [alert("Down", first), alert("Down", f"svc/s{count // 2}")]
            for name, alerts, command in [
                ("analyze", two, ["ALERTS"]),
                ("outputs", two, ["ALERTS", *ALL]),
                *((format, two, ["ALERTS", "--format", format]) for format in ["text", "slack", "grafana", "metrics"] if size == LONG),
                ("explain", two, ["explain", first, "ALERTS"]),
                ("match", two, ["match", "ALERTS"]),
                ("check", None, ["check", "TOPOLOGY"]),
                ("what-if", None, ["what-if", last]),
                ("what-if-outputs", None, ["what-if", last, *ALL]),
                ("during", two, ["what-if", last, "--during", "ALERTS"]),
                ("rank", None, ["rank", "--top", "10"]),
                ("rank-outputs", None, ["rank", "--top", "10", *ALL]),
                *([("rank-all", None, ["rank", "--format", "json"])] if size == LONG else []),
                ("compile", None, ["compile", "TOPOLOGY", "-o", "out.brt"]),
                ("ndjson", [two] * 5, ["--ndjson", "ALERTS"]),
                ("questions", [{"lost": [name]} for name in [first, last] * (10 if size == LONG else 1)], ["what-if", "--ndjson", "ALERTS"]),
                ("cut-sets", None, ["cut-sets", first]),
                ("cut-sets-outputs", None, ["cut-sets", first, "--order", "1", *ALL]),
            ]:
                seconds, mebibytes = LIMITS[size]
                # Five incidents, one after another.
                seconds *= 2 if name == "ndjson" else 1
                yield f"{shape}-{size}-{name}", (shape, count), alerts, command, seconds, mebibytes


def odd(scale):
    """Incidents and texts of odd shapes: name, topology, alerts, command, seconds, MiB."""
    def n(count):
        return max(10, count // scale)

    small = star(n(10_000))
    seconds, mebibytes = LIMITS[LONG]
    storm = [alert("Down", f"svc/s{i % n(10_000)}", n=str(i)) for i in range(n(LONG))]
    for name, alerts in [
        ("same", [alert("Down", "svc/s7")] * n(LONG)),
        ("one-entity", [alert("Down", "svc/s7", n=str(i)) for i in range(n(LONG))]),
        ("unmatched", [alert(f"A{i}", f"svc/z{i}") for i in range(n(LONG))]),
        ("storm", storm),
        ("none", []),
        ("times", [alert(f"A{i}", f"svc/s{i % 10}", t) for i, t in enumerate(TIMES)]),
        ("skew", [alert("Down", f"svc/s{i % 10}", f"2026-07-0{1 + i % 9}T19:22:00Z", n=str(i)) for i in range(100)]),
        ("labels", [alert("Down", "svc/s3", **{f"l{i}": "v" for i in range(n(LONG))})]),
        ("long-label", [alert("Down", "svc/s3", blob="y" * 10_000_000), alert("Down", "svc/s4")]),
    ]:
        yield f"{name}-analyze", small, alerts, ["ALERTS"], seconds, mebibytes
        yield f"{name}-outputs", small, alerts, ["ALERTS", *ALL], seconds, mebibytes
        yield f"{name}-match", small, alerts, ["match", "ALERTS"], seconds, mebibytes
        yield f"{name}-explain", small, alerts, ["explain", "svc/hub", "ALERTS"], seconds, mebibytes
        yield f"{name}-during", small, alerts, ["what-if", "svc/s1", "--during", "ALERTS"], seconds, mebibytes
    apart = topology(f"  svc/s{i}: {{}}\n" for i in range(n(10_000)))
    yield "apart", apart, [alert("Down", f"svc/s{i}") for i in range(n(10_000))], ["ALERTS"], seconds, mebibytes
    yield "star-storm", star(n(DEEP)), storm, ["ALERTS"], *LIMITS[DEEP]
    names = [alert("Down", f"svc/{'x' * 10_240}{i}") for i in range(0, 200, 10)]
    yield "long-names", long_names(200), names, ["ALERTS", *ALL], seconds, mebibytes


def kubernetes(count):
    """Pods in one namespace, on a node each, all behind one service."""
    def item(kind, name, **rest):
        return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "n", "labels": {"app": "a"}}, **rest}

    pods = [item("Pod", f"p{i}", spec={"nodeName": f"h{i}"}) for i in range(count)]
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": [item("Service", "s", spec={"selector": {"app": "a"}})] + pods})


def prometheus(count):
    """The pods that kube-state-metrics tells of, all of one replica set."""
    metrics = [{"__name__": "kube_pod_info", "pod": f"p{i}", "namespace": "n", "node": f"h{i}", "created_by_kind": "ReplicaSet",
                "created_by_name": "r"} for i in range(count)]
    result = [{"metric": metric, "value": [1, "1"]} for metric in metrics]
    return json.dumps({"status": "success", "data": {"resultType": "vector", "result": result}})


def hubble(count):
    """A workload that talks to all others, a flow on each line."""
    def end(name):
        return {"namespace": "n", "pod_name": f"{name}-0", "workloads": [{"name": name, "kind": "Deployment"}]}

    flows = [{"source": end("hub"), "destination": end(f"w{i}"), "verdict": "FORWARDED", "is_reply": False} for i in range(count)]
    return "\n".join(json.dumps({"flow": flow, "node_name": "x"}) for flow in flows)


def netbox(count):
    """Devices of one site, each cabled to the next."""
    site = {"id": 1, "name": "s", "slug": "s"}
    devices = [{"id": i, "url": f"https://n/api/dcim/devices/{i}/", "name": f"d{i}", "role": {"id": 1, "name": "Server", "slug": "server"},
                "site": site, "status": {"value": "active"}} for i in range(count)]

    def plug(i):
        return [{"object_type": "dcim.interface", "object_id": i, "object": {"id": i, "device": {"id": i, "name": f"d{i}"}}}]

    cables = [{"id": i, "url": f"https://n/api/dcim/cables/{i}/", "a_terminations": plug(i), "b_terminations": plug(i + 1),
               "status": {"value": "connected"}} for i in range(count - 1)]
    return json.dumps([{"url": "https://n/api/dcim/sites/1/", "status": {"value": "active"}, **site}] + devices + cables)


# What each importer is given, for a number of things; chains where what it reads can say so.
IMPORTS = {
    "kubernetes": kubernetes,
    "flux": lambda count: "---\n".join(
        f"apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {{name: r{i}, namespace: n}}\n"
        f"spec: {{dependsOn: [{{name: r{i + 1}}}]}}\n" for i in range(count)),
    "otel": lambda count: json.dumps([{"parent": f"s{i}", "child": f"s{i + 1}", "callCount": 1} for i in range(count)]),
    "backstage": lambda count: "---\n".join(
        f"apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {{name: c{i}}}\nspec: {{dependsOn: ['component:c{i + 1}']}}\n"
        for i in range(count)),
    "compose": lambda count: "services:\n" + "".join(f"  s{i}: {{depends_on: [s{(i + 1) % count}]}}\n" for i in range(count)),
    "prometheus": prometheus,
    "hubble": hubble,
    "netbox": netbox,
}


def wrong(count):
    """Topologies of which everything is wrong: no entity that is needed exists, each is declared twice, no group can hold."""
    lists = "".join(f"  svc/s{i}: {{needs: [svc/t{i}]}}\n" for i in range(count))
    yield "unknown", topology([lists])
    yield "twice", topology([lists.replace("svc/t", "svc/s")] * 2)
    yield "impossible", topology(f"  svc/s{i}: {{needs: [{{at_least: 3, of: [svc/s{i + 1}]}}]}}\n" for i in range(count))
    yield "kinds", topology(f"  kind{i}/s: {{}}\n" for i in range(count))
    yield "unclosed", topology(["  svc/a: {needs: ["] + ["svc/b, "] * count)
    yield "nested", topology(["  svc/a: {needs: "] + ["["] * count)


def run(binary, folder, name, alerts, arguments, seconds, mebibytes, refused=False):
    for file in folder.glob("out*"):
        file.unlink()
    if alerts is not None:
        lines = "--ndjson" in arguments
        (folder / "alerts.json").write_text("\n".join(map(json.dumps, alerts)) if lines else json.dumps(alerts))
    names = {"ALERTS": "alerts.json", "TOPOLOGY": "topology.yaml", "INPUT": "input"}
    needs_none = not {"TOPOLOGY", "INPUT"}.isdisjoint(arguments)
    arguments = [names.get(a, a) for a in arguments] + ([] if needs_none else ["-t", "topology.yaml"])

    def limit():
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (2 * mebibytes << 20, 2 * mebibytes << 20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    with open(folder / "stdout", "wb") as output, open(folder / "stderr", "wb") as errors:
        child = subprocess.Popen([binary] + arguments, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                                 env={"PATH": "/usr/bin:/bin", "SWIFT_BACKTRACE": "enable=no"}, preexec_fn=limit)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    resident = usage.ru_maxrss >> 10
    complaint = (folder / "stderr").read_bytes()
    missing = [a for a in arguments if a.startswith("out.") and not (folder / a).exists()]
    written = sum(file.stat().st_size for file in folder.iterdir() if file.name.startswith("out") or file.name == "stdout")
    # What is refused is an error with its place, and nothing is written.
    ended = child.returncode == 1 and b"error: " in complaint if refused else child.returncode == 0 and b"error:" not in complaint and written
    good = ended and resident <= mebibytes and not missing
    print(f"{'ok  ' if good else 'FAIL'} {name:30} exit {child.returncode:3}  {usage.ru_utime + usage.ru_stime:6.1f} s "
          f"{resident:5} MiB  {written:10} bytes out", flush=True)
    if not good:
        print("     ", complaint[:300].decode(errors="replace"), *missing)
    return good


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--scale", type=int, default=1)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    binary = os.path.abspath(options.binary)
    good = True
    written = None
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for name, shape, alerts, command, *limits in shaped(options.scale):
            if options.only in name:
                if shape != written:
                    (folder / "topology.yaml").write_text(SHAPES[shape[0]](shape[1]))
                    written = shape
                good = run(binary, folder, name, alerts, command, *limits) and good
        for name, text, alerts, command, *limits in odd(options.scale):
            if options.only in name:
                (folder / "topology.yaml").write_text(text)
                good = run(binary, folder, name, alerts, command, *limits) and good
        for source, text in IMPORTS.items():
            if options.only in f"import-{source}":
                (folder / "input").write_text(text(max(10, LONG // options.scale)))
                good = run(binary, folder, f"import-{source}", None, ["import", source, "INPUT"], *LIMITS[LONG]) and good
        for name, text in wrong(max(10, LONG // options.scale)):
            if options.only in f"wrong-{name}":
                (folder / "topology.yaml").write_text(text)
                good = run(binary, folder, f"wrong-{name}", None, ["rank", "--top", "10"], *LIMITS[LONG], refused=name != "kinds") and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
