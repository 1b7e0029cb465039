#!/usr/bin/env python3
"""Imports what kubectl prints: the real kubectl, asking an API server of our own on loopback.

    Tests/Kubectl/check.py .build/release/blast-radius

The server knows discovery and lists, in pages of two, so that kubectl has to put lists together. Ends within a minute.
"""
import http.server
import json
import os
import subprocess
import sys
import tempfile
import threading
import urllib.parse

PAGE = 2


def entry(name, namespace=None, owner=None, labels=None, **parts):
    metadata = {"name": name, "uid": f"uid-{name}", "resourceVersion": "1", "creationTimestamp": "2026-06-01T00:00:00Z"}
    if namespace:
        metadata["namespace"] = namespace
    if labels:
        metadata["labels"] = labels
    if owner:
        kind, owner_name = owner
        metadata["ownerReferences"] = [
            {"apiVersion": "apps/v1", "kind": kind, "name": owner_name, "uid": f"uid-{owner_name}", "controller": True}
        ]
    return {"metadata": metadata, **parts}


def pod(name, node, owner, memory, namespace="shop", labels=None):
    requests = {"resources": {"requests": {"cpu": "100m", "memory": memory}}}
    spec = {"nodeName": node, "containers": [{"name": "main", "image": "x", **requests}]}
    return entry(name, namespace, owner, labels or {"app": "web"}, spec=spec, status={"phase": "Running"})


NODES = [
    entry(
        name,
        labels={"kubernetes.io/hostname": name, "topology.kubernetes.io/zone": zone},
        spec={},
        status={
            "addresses": [{"type": "InternalIP", "address": f"192.0.2.{number}"}, {"type": "Hostname", "address": name}],
            "allocatable": {"cpu": "4", "memory": "4Gi", "pods": "110"},
        },
    )
    for number, (name, zone) in enumerate([("a", "sto1"), ("b", "hel1"), ("c", "hel1")], start=1)
]

# Group, version, kind, plural, whether it has a namespace, and the objects.
RESOURCES = [
    ("", "v1", "Node", "nodes", False, NODES),
    ("", "v1", "Pod", "pods", True, [
        pod("web-6d5f8b7c9d-x2x4z", "a", ("ReplicaSet", "web-6d5f8b7c9d"), "1Gi"),
        pod("web-6d5f8b7c9d-k8s2p", "b", ("ReplicaSet", "web-6d5f8b7c9d"), "1Gi"),
        pod("web-6d5f8b7c9d-zz7qv", "c", ("ReplicaSet", "web-6d5f8b7c9d"), "1Gi"),
        pod("db-0", "b", ("StatefulSet", "db"), "3Gi", labels={"app": "db"}),
    ]),
    ("", "v1", "Service", "services", True, [
        entry("web", "shop", spec={"selector": {"app": "web"}, "clusterIP": "10.43.0.9"}, status={"loadBalancer": {}}),
        entry("kubernetes", "default", spec={"clusterIP": "10.43.0.1"}, status={"loadBalancer": {}}),
    ]),
    ("apps", "v1", "Deployment", "deployments", True, [entry("web", "shop", spec={"replicas": 3})]),
    ("apps", "v1", "ReplicaSet", "replicasets", True, [
        entry("web-6d5f8b7c9d", "shop", ("Deployment", "web"), spec={"replicas": 3})
    ]),
    ("apps", "v1", "StatefulSet", "statefulsets", True, [entry("db", "shop", spec={"replicas": 1})]),
    ("policy", "v1", "PodDisruptionBudget", "poddisruptionbudgets", True, [
        entry("web", "shop", spec={"minAvailable": 2, "selector": {"matchLabels": {"app": "web"}}})
    ]),
    ("discovery.k8s.io", "v1", "EndpointSlice", "endpointslices", True, [
        entry("kubernetes", "default", labels={"kubernetes.io/service-name": "kubernetes"}, addressType="IPv4",
               endpoints=[{"addresses": ["192.0.2.1"]}, {"addresses": ["192.0.2.2"]}], ports=[])
    ]),
]


def version(group, number):
    return f"{group}/{number}" if group else number


class Server(http.server.BaseHTTPRequestHandler):
    """Discovery as every version of kubectl knows it, and lists."""

    def do_GET(self):
        url = urllib.parse.urlsplit(self.path)
        body = self.answer(url.path.rstrip("/"), urllib.parse.parse_qs(url.query))
        self.send_response(200 if body.get("status") != "Failure" else 404)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def answer(self, path, query):
        if path == "/api":
            return {"kind": "APIVersions", "versions": ["v1"]}
        groups = sorted({(group, number) for group, number, *_ in RESOURCES if group})
        if path == "/apis":
            return {"kind": "APIGroupList", "apiVersion": "v1", "groups": [
                {"name": group, "versions": [{"groupVersion": version(group, number), "version": number}],
                 "preferredVersion": {"groupVersion": version(group, number), "version": number}}
                for group, number in groups]}
        for group, number in [("", "v1")] + groups:
            root = f"/apis/{group}/{number}" if group else f"/api/{number}"
            own = [row for row in RESOURCES if row[:2] == (group, number)]
            if path == root:
                return {"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version(group, number),
                        "resources": [{"name": plural, "singularName": "", "namespaced": is_namespaced, "kind": kind,
                                       "verbs": ["get", "list"]} for _, _, kind, plural, is_namespaced, _ in own]}
            for _, _, kind, plural, _, objects in own:
                if path == f"{root}/{plural}":
                    return self.page(version(group, number), kind, objects, int(query.get("continue", ["0"])[0]))
        return {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}

    @staticmethod
    def page(api, kind, objects, start):
        end = start + PAGE
        metadata = {"resourceVersion": "1"} | ({"continue": str(end)} if end < len(objects) else {})
        # The items of a list do not say what they are; kubectl adds it.
        return {"kind": f"{kind}List", "apiVersion": api, "metadata": metadata, "items": objects[start:end]}

    def log_message(self, *_):
        pass


EXPECTED = """\
  deployment/shop/web:
    needs:
      - at_least: 2
        of: [pod/shop/web-6d5f8b7c9d-k8s2p, pod/shop/web-6d5f8b7c9d-x2x4z, pod/shop/web-6d5f8b7c9d-zz7qv]
  node/a: {on: site/sto1, aliases: [192.0.2.1], capacity: 4096}
  node/b: {on: site/hel1, aliases: [192.0.2.2], capacity: 4096}
  node/c: {on: site/hel1, aliases: [192.0.2.3], capacity: 4096}
  pod/shop/db-0: {on: node/b, uses: 3072}
  pod/shop/web-6d5f8b7c9d-k8s2p:
    on: node/b
    can_run_on: [node]
    uses: 1024
    needs:
      - replicaset/shop/web-6d5f8b7c9d
  pod/shop/web-6d5f8b7c9d-x2x4z:
    on: node/a
    can_run_on: [node]
    uses: 1024
    needs:
      - replicaset/shop/web-6d5f8b7c9d
  pod/shop/web-6d5f8b7c9d-zz7qv:
    on: node/c
    can_run_on: [node]
    uses: 1024
    needs:
      - replicaset/shop/web-6d5f8b7c9d
  poddisruptionbudget/shop/web: {needs: [deployment/shop/web]}
  replicaset/shop/web-6d5f8b7c9d: {}
  service/default/kubernetes:
    aliases: [10.43.0.1]
    needs:
      - any: [node/a, node/b]
  service/shop/web: {aliases: [10.43.0.9], needs: [deployment/shop/web]}
  site/hel1: {}
  site/sto1: {}
  statefulset/shop/db: {needs: [pod/shop/db-0]}
"""


def run(command, text=None, status=0):
    result = subprocess.run(command, input=text, capture_output=True, text=True, timeout=20)
    if result.returncode != status:
        sys.exit(f"{' '.join(command)}: status {result.returncode}\n{result.stdout}{result.stderr}")
    return result


def main():
    blast_radius = os.path.abspath(sys.argv[1])
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        kubectl = ["kubectl", f"--server=http://127.0.0.1:{server.server_port}", "--kubeconfig=/dev/null",
                   f"--cache-dir={folder}/cache", "--request-timeout=10s"]
        kinds = ",".join(plural for _, _, _, plural, _, _ in RESOURCES)
        importing = [blast_radius, "import", "kubernetes", "-"]
        for form in ("json", "yaml"):
            printed = run(kubectl + ["get", kinds, "-A", "-o", form]).stdout
            imported = run(importing, printed).stdout
            body = "".join(line + "\n" for line in imported.split("\n") if line.startswith("  ") and "#" not in line)
            body = body.split("  deployment/", 1)
            if "  deployment/" + body[1] != EXPECTED:
                sys.exit(f"{form}: unexpected\n{imported}")
        # A second update of the same cluster changes nothing.
        first = run(importing + ["--update", "topology.yaml", "--quiet"], printed).stdout
        second = run(importing + ["--update", "topology.yaml", "--quiet"], printed).stdout
        if not first.startswith("--- ") or second:
            sys.exit(f"updates:\n{first}\n{second}")
        # The pod of node a moves to c: db-0 and a replica fill b.
        answer = json.loads(run([blast_radius, "what-if", "node/a", "--format", "json"]).stdout)
        moves = [(move["entity"], move["to"]) for move in answer["rescheduling"]["moves"]]
        if moves != [("pod/shop/web-6d5f8b7c9d-x2x4z", "node/c")]:
            sys.exit(f"what-if: {moves}")
        # What kubectl says of a server that does not have a kind is no cluster.
        missing = subprocess.run(kubectl + ["get", "helmreleases", "-A", "-o", "json"], capture_output=True, text=True)
        run(importing, missing.stdout, status=1)
    server.shutdown()
    release = json.loads(run(["kubectl", "version", "--client", "-o", "json"]).stdout)["clientVersion"]["gitVersion"]
    print(f"kubectl {release} and the import agree on {len(EXPECTED.splitlines())} lines")


main()
