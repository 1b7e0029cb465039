#!/usr/bin/env python3
"""Writes the scenes of the gallery: a topology.yaml and an alerts.json each, under the folder given.

Everything is derived from fixed numbers, so that the same pictures come out every time.
"""
import json
import pathlib
import sys

ROOT = pathlib.Path(sys.argv[1])
PROMETHEUS = "https://prometheus.example/graph?g0.expr=up"


def alert(name, minute, severity="warning", summary=None, links=False, **labels):
    """An alert as Alertmanager's /api/v2/alerts gives it, firing since so many minutes after 02:00Z."""
    annotations = {"summary": summary} if summary else {}
    if links:
        annotations |= {"runbook_url": f"https://runbooks.example/{name}",
                        "dashboard_url": f"https://grafana.example/d/{name}?from=now-1h&to=now"}
    labels = {"alertname": name, "severity": severity, **labels}
    key = json.dumps(labels, sort_keys=True)
    value = 14695981039346656037
    for byte in key.encode():
        value = (value ^ byte) * 1099511628211 % 2**64
    return {
        "labels": labels,
        "annotations": annotations,
        "startsAt": f"2026-03-04T{2 + minute // 60:02}:{minute % 60:02}:00.000Z",
        "endsAt": "2026-03-04T06:00:00.000Z",
        "updatedAt": "2026-03-04T03:00:00.000Z",
        "generatorURL": PROMETHEUS,
        "fingerprint": f"{value:016x}",
        "receivers": [{"name": "on-call"}],
        "status": {"state": "active", "silencedBy": [], "inhibitedBy": [], "mutedBy": []},
    }


RULE = """
alerts:
  - match: '{entity!=""}'
    entity: '{entity}'
"""


def scene(name, topology, alerts, context=""):
    folder = ROOT / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "topology.yaml").write_text("version: 1\n" + topology + RULE)
    (folder / "alerts.json").write_text(json.dumps(alerts, ensure_ascii=False, indent=1))
    (folder / "context.yaml").write_text(context or "{}\n")


def quoted(text):
    return json.dumps(text, ensure_ascii=False)


def toy():
    """Two things."""
    topology = """
entities:
  database/orders: {}
  service/shop: {needs: [database/orders]}
"""
    scene("toy", topology, [
        alert("DatabaseDown", 1, "critical", "orders does not answer", entity="database/orders"),
        alert("ShopDown", 2, entity="service/shop"),
    ])


def unexplained():
    """Alerts that only inform, so that no failure is presumed behind them, and one about an unknown thing."""
    topology = """
entities:
  site/north: {}
  host/a: {on: site/north}
  host/b: {on: site/north}
  service/mail: {on: host/a}
  service/wiki: {on: host/b}
"""
    scene("unexplained", topology, [
        alert("CertificateExpiresSoon", 5, "info", "in 20 days", entity="service/mail"),
        alert("DiskFillsUp", 9, "info", "in 3 days", entity="host/b"),
        alert("PrinterOutOfPaper", 12, "info", printer="third floor"),
    ])


def mesh():
    """Eighteen services that all need one another, directly or not."""
    names = ["cart", "catalog", "checkout", "currency", "delivery", "email", "fraud", "invoice", "login", "media",
             "orders", "payment", "pricing", "profile", "reviews", "search", "stock", "tax"]
    lines = ["entities:", "  site/east: {}", "  node/n1: {on: site/east}", "  node/n2: {on: site/east}"]
    for index, name in enumerate(names):
        needs = [names[(index + step) % len(names)] for step in (1, 5)]
        lines.append(f"  service/{name}: {{on: node/n{index % 2 + 1}, needs: [{', '.join('service/' + n for n in needs)}]}}")
    alerts = [alert("ServiceDown", 10 + index // 3, "critical" if name == "payment" else "warning",
                    entity=f"service/{name}") for index, name in enumerate(names)]
    scene("mesh", "\n".join(lines) + "\n", alerts)


def blind():
    """A monitoring host that broke, and takes with it the sight of what it watches."""
    topology = """
entities:
  site/north: {label: Hamburg}
  site/south: {label: Munich}
  host/mon-1: {on: site/north}
  monitor/prometheus-north: {label: Prometheus north, on: host/mon-1}
  database/metrics: {on: host/mon-1, observed_by: [monitor/prometheus-north]}
  service/dashboards: {needs: [database/metrics]}
  monitor/probe-south: {label: probes from the south, on: site/south}
  host/web-1: {on: site/north, observed_by: [monitor/prometheus-north]}
  host/web-2: {on: site/north, observed_by: [monitor/prometheus-north]}
  host/web-3: {on: site/north, observed_by: [monitor/prometheus-north]}
  service/shop: {on: host/web-1, observed_by: [monitor/prometheus-north]}
  service/search: {on: host/web-2, observed_by: [monitor/prometheus-north]}
  queue/orders: {on: host/web-3, observed_by: [monitor/prometheus-north]}
  service/mail: {on: site/south, observed_by: [monitor/probe-south]}
"""
    scene("blind", topology, [
        alert("HostDown", 4, "critical", "mon-1 does not answer", links=True, entity="host/mon-1"),
        alert("PrometheusDown", 6, "critical", links=True, entity="monitor/prometheus-north"),
        alert("DashboardsDown", 9, links=True, entity="service/dashboards"),
    ], "blind:\n  - {entity: monitor/probe-south, source: probes from the south, reason: no answer since 02:00Z}\n")


def redundancy():
    """A platform of pairs and a quorum, of which one node is down: everything serves, and less stands behind it."""
    lines = ["entities:"]
    for site, label in (("east", "Warsaw"), ("west", "Porto"), ("mid", "Basel")):
        lines.append(f"  site/{site}: {{label: {label}}}")
    for number, site in enumerate(("east", "east", "west", "west", "mid")):
        lines += [f"  host/h{number}: {{on: site/{site}}}", f"  node/h{number}: {{on: host/h{number}}}"]
    for number in (0, 2, 4):
        lines.append(f"  database/etcd-{number}: {{on: node/h{number}}}")
    for app, pods in (("shop", (0, 2)), ("login", (0, 3)), ("search", (1, 3))):
        lines += [f"  pod/{app}/{app}-{pod}: {{on: node/h{pod}}}" for pod in pods]
    lines.append("""  queue/orders: {on: node/h1}
  service/etcd: {needs: [{at_least: 2, of: [database/etcd-0, database/etcd-2, database/etcd-4]}], criticality: critical}
  service/shop:
    needs: [{any: [pod/shop/shop-0, pod/shop/shop-2]}, service/login, {weak: service/search}]
    criticality: high
  service/login: {needs: [{any: [pod/login/login-0, pod/login/login-3]}, service/etcd], criticality: high}
  service/search: {needs: [{any: [pod/search/search-1, pod/search/search-3]}]}
  service/checkout: {needs: [service/shop, queue/orders], criticality: high}""")
    scene("redundancy", "\n".join(lines) + "\n", [
        alert("HostDown", 3, "critical", "h0 does not answer", links=True, entity="host/h0"),
        alert("KubernetesNodeNotReady", 8, "critical", links=True, entity="node/h0"),
        alert("EtcdMemberDown", 4, entity="database/etcd-0"),
        alert("PodNotReady", 9, entity="pod/shop/shop-0"),
        alert("PodNotReady", 9, entity="pod/login/login-0"),
    ])


def hostile():
    """Names and texts that break careless tools."""
    names = ["<script>alert(1)</script>", "\"quoted\"'and'&amp;", "a" * 300, "قاعدة-البيانات", "🔥🧯👩‍👩‍👧",
             "数据库主节点", "back\\slash\\N\\G", "`tick`|pipe|*star*", "{brace}#hash;percent%", "-->]]>"]
    names = [name.replace(" ", "-") for name in names]
    lines = ["entities:", "  site/s: {label: " + quoted("</text><script>alert(2)</script>") + "}",
             "  host/root: {on: site/s}"]
    lines += [f"  {quoted('service/' + name)}: {{needs: [host/root]}}" for name in names]
    alerts = [alert("HostDown", 1, "critical", "\u202egnp.exe javascript:alert(3)", entity="host/root")]
    alerts += [alert("Down <b>" + name[:40], 3, summary="]]> \" onload=alert(4) " + name, entity="service/" + name)
               for name in names]
    alerts[0]["generatorURL"] = "javascript:alert(5)"
    scene("hostile", "\n".join(lines) + "\n", alerts)


def storm():
    """Ten thousand entities in four sites; a switch, a database and a configuration broke, one of them silently."""
    lines = ["entities:", "  config/mesh: {label: mesh configuration}"]
    alerts = []
    count = 0
    for site in range(4):
        lines.append(f"  site/s{site}: {{}}")
        lines.append(f"  database/s{site}/ledger: {{on: host/s{site}-r1-h0, criticality: critical}}")
        for rack in range(10):
            lines.append(f"  tor/s{site}-r{rack}: {{on: site/s{site}}}")
            for host in range(10):
                name = f"s{site}-r{rack}-h{host}"
                lines.append(f"  host/{name}: {{on: site/s{site}, needs: [tor/s{site}-r{rack}]}}")
                lines.append(f"  node/{name}: {{on: host/{name}}}")
                for pod in range(24):
                    app = count % 60
                    lines.append(f"  pod/app-{app}/{name}-p{pod}: {{on: node/{name}}}")
                    count += 1
    for app in range(60):
        if app < 6:
            need = "database/s1/ledger"
        elif 30 <= app < 42:
            need = "config/mesh"
        else:
            need = f"any: [{', '.join(f'pod/app-{app}/' + pod for pod in pods(app))}]"
        lines += [f"  service/app-{app}:", "    needs:", f"      - {need}"]
    # A switch in s0, with every host and node below it and most pods.
    alerts.append(alert("SwitchDown", 10, "critical", entity="tor/s0-r3"))
    for host in range(10):
        alerts.append(alert("HostDown", 11, "critical", entity=f"host/s0-r3-h{host}"))
        alerts.append(alert("KubernetesNodeNotReady", 15, "critical", entity=f"node/s0-r3-h{host}"))
        base = (3 * 10 + host) * 24
        for pod in range(0, 24, 1 + host % 2):
            alerts.append(alert("PodNotReady", 16, entity=f"pod/app-{(base + pod) % 60}/s0-r3-h{host}-p{pod}"))
    # A database in s1, and the services on it.
    alerts.append(alert("DatabaseDown", 12, "critical", entity="database/s1/ledger"))
    alerts += [alert("ErrorBudgetBurn", 14, "critical", entity=f"service/app-{app}") for app in range(6)]
    # A configuration that says nothing itself.
    alerts += [alert("ErrorBudgetBurn", 20, "critical", entity=f"service/app-{app}") for app in range(30, 42)]
    # Chatter.
    alerts += [alert("DiskFillsUp", 30 + n, "info", entity=f"host/s3-r{n}-h4") for n in range(5)]
    alerts += [alert("PrinterOutOfPaper", 40, "info", printer="third floor")]
    scene("storm", "\n".join(lines) + "\n", alerts)


def pods(app, limit=4):
    found, count = [], 0
    for site in range(4):
        for rack in range(10):
            for host in range(10):
                for pod in range(24):
                    if count % 60 == app and rack != 3 and len(found) < limit:
                        found.append(f"s{site}-r{rack}-h{host}-p{pod}")
                    count += 1
    return found


for build in (toy, unexplained, mesh, blind, redundancy, hostile, storm):
    build()
