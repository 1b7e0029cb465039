#!/usr/bin/env python3
"""Writes rule-shapes.tsv: which labels the alerts of public rule collections carry, worked out from their expressions.

    python3 -m venv env && env/bin/pip install promql-parser PyYAML
    env/bin/python Tests/RuleShapes/rule_shapes.py FOLDER > Tests/AlertsTests/Samples/rule-shapes.tsv

FOLDER holds clones, each named owner+name: prometheus-operator+kube-prometheus, samber+awesome-prometheus-alerts,
longhorn+website, cloudnative-pg+cloudnative-pg. Nothing of them is copied but names: alerts, labels, metrics' families.
What Prometheus does to labels is in `Labels`: aggregation, vector matching, label_replace, absent, and the collision of a
metric's own labels with those of the scrape target (`honor_labels`).
"""
import re
import subprocess
import sys

import promql_parser as promql
import yaml

TARGET = ["namespace", "pod", "container", "service", "endpoint", "job", "instance"]

# Who is scraped: the labels that the target gives its series, and whether the metric's own labels win over them.
SCRAPERS = {
    "ksm": (TARGET, False),
    "ksm-honored": (["container", "job", "instance"], True),
    "node-exporter-pod": (TARGET, False),
    "node-exporter": (["job", "instance"], False),
    "kubelet": (["namespace", "service", "endpoint", "job", "instance", "node", "metrics_path"], True),
    "prober": (["job", "instance"], False),
    "prober-pod": (TARGET, False),
    "smokeping": (TARGET, False),
    "smokeping-unbound": (TARGET, False),
    "longhorn": (TARGET, False),
    "postgres-pod": (["namespace", "pod", "container", "endpoint", "job", "instance"], False),
    "cilium": (TARGET, False),
    "prometheus": (TARGET, False),
    "control-plane": (["namespace", "service", "endpoint", "job", "instance"], False),
    "app-pod": (TARGET, False),
    "exporter-pod": (TARGET, False),
    "exporter-host": (["job", "instance"], False),
    "rules": ([], True),
}

# A metric's family: its own labels, and the kind of thing that it tells something of. The first that matches counts.
FAMILIES = [
    (r"kube_node_", ["node"], "node"),
    (r"kube_pod_container_|namespace_(cpu|memory):", ["namespace", "pod", "container", "uid", "reason"], "pod"),
    (r"kube_pod_", ["namespace", "pod", "uid"], "pod"),
    (r"kube_deployment_", ["namespace", "deployment"], "deployment"),
    (r"kube_statefulset_", ["namespace", "statefulset"], "statefulset"),
    (r"kube_daemonset_", ["namespace", "daemonset"], "daemonset"),
    (r"kube_replicaset_", ["namespace", "replicaset"], "replicaset"),
    (r"kube_job_", ["namespace", "job_name"], "job"),
    (r"kube_cronjob_", ["namespace", "cronjob"], "cronjob"),
    (r"kube_horizontalpodautoscaler_", ["namespace", "horizontalpodautoscaler"], "horizontalpodautoscaler"),
    (r"kube_poddisruptionbudget_", ["namespace", "poddisruptionbudget"], "poddisruptionbudget"),
    (r"kube_persistentvolumeclaim_", ["namespace", "persistentvolumeclaim"], "persistentvolumeclaim"),
    (r"kube_persistentvolume_", ["persistentvolume", "phase"], "persistentvolume"),
    (r"kube_resourcequota", ["namespace", "resourcequota", "resource"], "namespace"),
    (r"kube_state_metrics_", [], "self"),
    (r"kubelet_volume_stats_", ["namespace", "persistentvolumeclaim"], "persistentvolumeclaim"),
    (r"container_", ["namespace", "pod", "container", "id", "image", "name"], "pod"),
    (r"kubelet_|node_quantile:kubelet|storage_operation|volume_manager", [], "node"),
    (r"node_filesystem|node_disk|node_md|node_network", ["device"], "machine"),
    (r"node_systemd", ["name", "state", "type"], "machine"),
    (r"node_|instance:node", [], "machine"),
    (r"probe_", [], "website"),
    (r"smokeping_|instance:smokeping", ["host", "ip", "source"], "measured"),
    (r"elasticsearch_(filesystem|jvm|indices|os|process)", ["cluster", "host", "name"], "measured"),
    (r"certmanager_certificate_", ["name", "namespace", "issuer_name"], "certificate"),
    (r"argocd_app_", ["name", "namespace", "project", "dest_namespace"], None),
    (r"ALERTS", ["namespace"], None),
    (r"longhorn_volume_", ["node", "volume", "pvc", "pvc_namespace"], "volume"),
    (r"longhorn_(node|disk|instance_manager|manager)_", ["node", "disk", "instance_manager"], "node"),
    (r"gotk_", ["customresource_kind", "name", "exported_namespace", "ready"], "custom"),
    (r"cnpg_", ["datname"], "database"),
    (r"cilium_clustermesh_|cilium_kvstoremesh", ["source_cluster", "target_cluster"], "cluster"),
    (r"aggregator_unavailable_apiservice", ["name", "reason"], None),
    (r"cilium_unreachable", [], None),
    (r"cilium_|hubble_", [], "self"),
    (r"pg_exporter_", [], "self"),
    (r"up$|scrape_", [], "self"),
]


def show(folder, repository, path):
    command = ["git", "-C", f"{folder}/{repository}", "show", f"HEAD:{path}"]
    for suffix in ("", "/repo"):
        command[2] = f"{folder}/{repository}{suffix}"
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode == 0:
            return result.stdout
    raise SystemExit(f"no {path} in {folder}/{repository}")


class Labels:
    """The labels that an expression's series carry: name -> "own", "target" or a fixed value."""

    def __init__(self, scraper):
        self.scraper = scraper
        self.target, self.honors = SCRAPERS[scraper]
        self.families = []

    def series(self, selector):
        name = selector.name or next((m.value for m in selector.matchers.matchers if m.name == "__name__"), "")
        own, family = [], ""
        for pattern, labels, kind in FAMILIES:
            if re.match(pattern, name):
                own, family = labels, kind
                break
        self.families.append((name, family))
        found = {label: "target" for label in self.target}
        for label in own:
            # A prober that binds to no address says none.
            if label == "source" and self.scraper == "smokeping-unbound":
                continue
            if label not in found or self.honors:
                found[label] = "own"
            else:
                found["exported_" + label] = "own"
        for matcher in selector.matchers.matchers:
            if matcher.name not in found and matcher.op == promql.MatchOp.Equal and matcher.name != "__name__":
                found[matcher.name] = matcher.value or None
        return {name: origin for name, origin in found.items() if origin}

    def of(self, node):
        """None for a scalar."""
        kind = type(node).__name__
        if kind in ("NumberLiteral", "StringLiteral"):
            return None
        if kind in ("ParenExpr", "UnaryExpr", "SubqueryExpr"):
            return self.of(node.expr)
        if kind == "MatrixSelector":
            return self.series(node.vector_selector)
        if kind == "VectorSelector":
            return self.series(node)
        if kind == "AggregateExpr":
            return self.aggregate(node)
        if kind == "Call":
            return self.call(node)
        return self.binary(node)

    def aggregate(self, node):
        inner = self.of(node.expr) or {}
        if str(node.op) in ("topk", "bottomk"):
            return inner
        if node.modifier is None:
            return {}
        if node.modifier.type == promql.AggModifierType.By:
            return {name: inner[name] for name in node.modifier.labels if name in inner}
        return {name: origin for name, origin in inner.items() if name not in node.modifier.labels}

    def call(self, node):
        vectors = [labels for labels in map(self.of, node.args) if labels is not None]
        if node.func.name in ("absent", "absent_over_time"):
            selector = node.args[0]
            selector = getattr(selector, "vector_selector", selector)
            matchers = selector.matchers.matchers if hasattr(selector, "matchers") else []
            return {m.name: m.value for m in matchers if m.op == promql.MatchOp.Equal and m.name != "__name__"}
        if node.func.name in ("vector", "time", "scalar"):
            return {} if node.func.name == "vector" else None
        labels = dict(vectors[0]) if vectors else None
        if labels is not None and node.func.name == "label_replace":
            source = node.args[3].val
            if source in labels:
                labels[node.args[1].val] = labels[source]
        if labels is not None and node.func.name == "histogram_quantile":
            labels.pop("le", None)
        return labels

    def binary(self, node):
        left, right = self.of(node.lhs), self.of(node.rhs)
        if left is None or right is None:
            return right if left is None else left
        if str(node.op) in ("and", "unless", "or"):
            return left
        modifier = node.modifier
        if modifier is None:
            return left
        if modifier.card in (promql.VectorMatchCardinality.ManyToOne, promql.VectorMatchCardinality.OneToMany):
            is_left = modifier.card == promql.VectorMatchCardinality.ManyToOne
            many, one = (left, right) if is_left else (right, left)
            return {**many, **{name: one[name] for name in modifier.group_labels or [] if name in one}}
        if modifier.matching is None:
            return left
        names = modifier.matching.labels
        if modifier.matching.type == promql.LabelModifierType.Include:
            return {name: origin for name, origin in left.items() if name in names}
        return {name: origin for name, origin in left.items() if name not in names}


# What must be left of a series for it to name a thing of a kind: the metric's own labels, by any of their names.
NAMED_BY = {
    "volume": ["volume"], "node": ["node"], "custom": ["name"], "measured": ["host"], "cluster": ["target_cluster"],
    "job": ["job_name"], "certificate": ["name"],
}
# Those that only the target names.
NAMED_BY_TARGET = {
    "machine": ["instance"], "website": ["instance"], "self": ["pod", "service", "job"], "database": ["pod"],
    "beside": ["instance"],
}


def expected(kind, labels, scraper):
    if not kind:
        return "none"
    if kind in ("node", "self") and scraper == "kubelet":
        return "node" if any(labels.get(name) == "target" for name in ("node", "instance")) else "none"
    if kind == "self" and scraper in ("control-plane", "exporter-host"):
        kind = "beside"
    if kind in NAMED_BY_TARGET:
        return kind if any(labels.get(name) == "target" for name in NAMED_BY_TARGET[kind]) else "none"
    names = NAMED_BY.get(kind, [kind])
    has = any(labels.get(prefix + name) == "own" for name in names for prefix in ("", "exported_"))
    return kind if has else "none"


def row(collection, alert, scraper, expression, subject=None):
    labels = Labels(scraper)
    found = labels.of(promql.parse(expression)) or {}
    known = [family for _, family in labels.families if family != ""]
    kind = known[0] if known else subject
    written = []
    whole = [name for name in SCRAPERS[scraper][0] if found.get(name) == "target"]
    if whole == SCRAPERS[scraper][0]:
        written.append("@")
    else:
        written += [f"{name}@" for name in whole]
    for name in sorted(found):
        if found[name] == "own":
            written.append(name)
        elif found[name] != "target" and re.fullmatch(r"[\w.:/-]+", found[name]):
            written.append(f"{name}={found[name]}")
    return [collection, alert, scraper, ",".join(written) or "-", expected(kind, found, scraper)]


def rules(text):
    for document in yaml.safe_load_all(text):
        document = document or {}
        for group in (document.get("spec") or document).get("groups", []):
            for rule in group["rules"] or []:
                if "alert" in rule:
                    yield rule["alert"], re.sub(r"^\s*#.*$", "", str(rule["expr"]), flags=re.M)


def collections(folder):
    """Yields collection, scrapers and the subject where the metric's family does not say it, with a file's text."""
    operator = "prometheus-operator+kube-prometheus"
    for name, scrapers in [
        ("alertmanager", {"": "app-pod"}), ("grafana", {"": "app-pod"}), ("kubeStateMetrics", {"": "ksm-honored"}),
        ("kubePrometheus", {"node_": "node-exporter-pod", "ALERTS": "rules", "": "app-pod"}),
        ("kubernetesControlPlane", {
            "kube_": "ksm-honored", "namespace_": "ksm-honored", "kubelet_": "kubelet", "node_quantile": "kubelet",
            "container_": "kubelet", "": "control-plane"}),
        ("nodeExporter", {"": "node-exporter-pod"}), ("prometheus", {"": "prometheus"}),
        ("prometheusOperator", {"": "app-pod"}),
    ]:
        subject = {"control-plane": "beside", "prometheus": "self", "app-pod": "self"}
        yield "kube-prometheus", scrapers, subject, show(folder, operator, f"manifests/{name}-prometheusRule.yaml")
    samber = "samber+awesome-prometheus-alerts"
    own = {"": "app-pod"}
    both = {"": "exporter-pod", " ": "exporter-host"}
    subject = {"app-pod": "self", "exporter-pod": None, "exporter-host": "beside", "prometheus": "self",
               "control-plane": "beside"}
    for path, scrapers in [
        ("kubernetes/kubestate-exporter", {"kube_": "ksm", "kubelet_": "kubelet", "": "control-plane"}),
        ("host-and-hardware/node-exporter", {"": "node-exporter", " ": "node-exporter-pod"}),
        ("blackbox/blackbox-exporter", {"probe_": "prober", "": "app-pod"}),
        ("blackbox/blackbox-exporter", {"probe_": "prober-pod", "": "app-pod"}),
        ("fluxcd/embedded-exporter", {"": "ksm"}),
        ("cilium/embedded-exporter", {"": "cilium"}),
        ("prometheus-self-monitoring/embedded-exporter", {"": "prometheus"}),
        ("etcd/embedded-exporter", {"": "control-plane"}),
        ("coredns/embedded-exporter", own), ("cert-manager/embedded-exporter", own), ("argocd/embedded-exporter", own),
        ("traefik/embedded-exporter-v2", own), ("loki/embedded-exporter", own), ("minio/embedded-exporter", own),
        ("redis/oliver006-redis-exporter", both), ("postgresql/postgres-exporter", both),
        ("mysql/mysqld-exporter", both), ("rabbitmq/rabbitmq-exporter", {"": "app-pod"}),
        ("elasticsearch/prometheus-community-elasticsearch-exporter", both), ("mongodb/percona-mongodb-exporter", both),
        ("memcached/memcached-exporter", both), ("systemd/systemd-exporter", {"": "exporter-host"}),
        ("s.m.a.r.t-device-monitoring/smartctl-exporter", {"": "exporter-host"}),
    ]:
        name = "flux" if "flux" in path else "blackbox" if "blackbox" in path else "awesome-prometheus-alerts"
        yield name, scrapers, subject, show(folder, samber, f"dist/rules/{path}.yml")
    text = show(folder, "longhorn+website", "content/docs/1.13.0/monitoring/alert-rules-example.md")
    text = re.search(r"```yaml\n(.*?)```", text, re.S).group(1)
    yield "longhorn", {"": "longhorn"}, {}, text
    path = "docs/src/samples/monitoring/prometheusrule.yaml"
    yield "cloudnative-pg", {"": "postgres-pod"}, {}, show(folder, "cloudnative-pg+cloudnative-pg", path)


# The smokeping prober publishes recording rules and no alerts: these are what people make of its metrics.
SMOKEPING = [
    ("SmokepingPacketLoss", "1 - rate(smokeping_response_duration_seconds_count[5m]) / rate(smokeping_requests_total[5m])"),
    ("SmokepingTargetDown", "rate(smokeping_response_duration_seconds_count[5m]) == 0"),
    ("SmokepingLossByHost", "sum by (host) (rate(smokeping_requests_total[5m])) > 0"),
    ("SmokepingLossByPair", "sum by (source, host) (rate(smokeping_requests_total[5m])) > 0"),
    ("SmokepingLatencyHigh", "instance:smokeping_response_duration_seconds:q90 > 0.2"),
    ("SmokepingLossTotal", "sum(rate(smokeping_requests_total[5m])) > 0"),
]


def main():
    rows = []
    for collection, scrapers, subjects, text in collections(sys.argv[1]):
        for alert, expression in rules(text):
            chosen = choose(scrapers, expression)
            for scraper in chosen:
                rows.append(row(collection, alert, scraper, expression, subjects.get(scraper)))
    for scraper in ("smokeping", "smokeping-unbound"):
        rows += [row("smokeping", alert, scraper, expression) for alert, expression in SMOKEPING]
    written = set()
    print("collection\talert\tscraper\tlabels\texpected")
    for columns in rows:
        line = "\t".join(columns)
        if line not in written:
            print(line)
        written.add(line)


def choose(scrapers, expression):
    """Who is scraped for an expression: by its first metric, or else everyone without a prefix of their own."""
    if 'job="kubelet"' in expression and "kubelet_" in scrapers:
        return ["kubelet"]
    labels = Labels("app-pod")
    labels.of(promql.parse(expression))
    first = labels.families[0][0] if labels.families else ""
    chosen = [scraper for prefix, scraper in scrapers.items() if prefix.strip() and first.startswith(prefix)]
    return chosen[:1] or [scraper for prefix, scraper in scrapers.items() if not prefix.strip()]


if __name__ == "__main__":
    main()
