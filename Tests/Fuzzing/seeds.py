#!/usr/bin/env python3
"""Writes the seed corpus of each parser: seeds.py FOLDER.

The seeds are the repository's own samples and examples, and a few lines for what those lack.
"""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "Tests/AlertsTests/Samples"
EXAMPLE = ROOT / "examples/2026-07-01-sto1"

SMALL_TOPOLOGY = """\
version: 1
name: small
kinds:
  link: {label: Link, faults_per_year: 2}
entities:
  site/a: {label: A}
  host/h1: {on: site/a, tags: [x], aliases: [10.0.0.1], criticality: high, owner: us}
  host/h2: {on: site/a}
  link/l: {}
  service/s:
    needs:
      - link/l
      - any: [host/h1, host/h2]
      - at_least: 1
        of: [host/h1, host/h2]
      - weak: site/a
for_each:
  - match: host[x]
    add: service/on-{name}
    needs: ['{id}', link/l]
alerts:
  - match: '{alertname="Canary"}'
    entity: host/{target}
    witness: host/{source}
    pending: 4m
    action: look at {target}
  - {match: '{alertname=~"No.*|x[0-9]+"}', entity: '{entity}', observes: starved}
known_issues:
  - {id: P1, match: '{alertname="Chronic"}', reason: r, settles_within: 40m, review_by: 2026-12-31}
weights: {loss_high: 3}
"""

SMALL_ALERTS = """\
[{"labels": {"alertname": "Canary", "source": "h2", "target": "h1"}, "startsAt": "2026-07-01T19:22:00Z",
  "endsAt": "0001-01-01T00:00:00Z", "status": {"state": "active", "silencedBy": [], "inhibitedBy": []}},
 {"labels": {"alertname": "No", "entity": "service/s"}, "startsAt": "2026-07-01T19:23:00+02:00"},
 {"labels": {"alertname": "Other"}, "annotations": {"summary": "x"}, "generatorURL": "https://example.org"}]
"""

TEXTS = {
    "topology": [SMALL_TOPOLOGY],
    "plain": [SMALL_TOPOLOGY, '{"entities": {"site/a": {}, "host/h": {"on": "site/a", "needs": [{"any": ["site/a"]}]}}, "name": "x"}'],
    # Places and bytes: an index that leads nowhere, a text that is cut.
    "compiled": ["\0\x10\x7f", "\0\x08\xff\1\0\0"],
    "analysis": [SMALL_TOPOLOGY + "\n--8<--\n" + SMALL_ALERTS],
    "context": [
        "title: t\nnumber: 1\nrelated: [a]\nobservations:\n  - {entity: host/h1, state: failed, at: 2026-07-01T19:00:00Z,"
        " source: ping}\nchanges:\n  - {id: c, at: 2026-07-01T19:00:00Z, touches: [host/h1]}\nblind:\n  - {entity: host/h1, observer: site/a}\nnotes: [n]\n"
    ],
    "matcher": [
        '{alertname="A"}\nA\nB', '{alertname=~"a.*|[b-d]{2,3}(?i:x)+?$", host!="x", a!~"^$"}\nabc\nbcx', "a=b, c=~d\nx"
    ],
    "template": [
        "# {{title}}\n{{#rootCauses}}{{entity}} {{/rootCauses}}{{^x}}no{{/x}}{{!c}}{{{sections.ledger}}}{{> p}}{{=<% %>=}}<%a%>",
        "{{#h1}}{{title}}{{/h1}}{{#sections.timeline}}{{{.}}}{{/sections.timeline}}{{< layout}}{{$a}}b{{/a}}{{/layout}}",
    ],
    "update": [
        "version: 1\n# a comment\nentities:\n  host/a: {}\n",
        "version: 1\nentities:\n  # begin import compose\n  service/web: {}\n  # end import compose\n",
    ],
    "kubernetes": [
        '{"apiVersion":"v1","kind":"List","items":[{"kind":"Pod","apiVersion":"v1","metadata":{"name":"p-0","namespace":"n",'
        '"labels":{"app":"p"},"ownerReferences":[{"kind":"StatefulSet","name":"p","controller":true}]},"spec":{"nodeName":"a",'
        '"volumes":[{"persistentVolumeClaim":{"claimName":"c"}}]}},{"kind":"Service","apiVersion":"v1","metadata":{"name":"s",'
        '"namespace":"n"},"spec":{"selector":{"app":"p"}}},{"kind":"StatefulSet","apiVersion":"apps/v1","metadata":{"name":"p",'
        '"namespace":"n"},"spec":{"replicas":2}},{"kind":"Node","apiVersion":"v1","metadata":{"name":"a","labels":'
        '{"topology.kubernetes.io/zone":"z"}}}]}'
    ],
    "flux": [
        "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: a, namespace: n}\nspec:\n  dependsOn:"
        " [{name: b}]\n  targetNamespace: t\n---\napiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata:"
        " {name: k, namespace: n}\nspec: {dependsOn: [{name: j}]}\n"
    ],
    "otel": [
        '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"traces_service_graph_request_total",'
        '"client":"a","server":"b","connection_type":"database"},"value":[1,"2"]}]}}',
        '{"data":[{"parent":"a","child":"b","callCount":3}]}', '[{"parent":"a","child":"b","callCount":3}]',
    ],
    "backstage": [
        "apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a, namespace: n}\nspec: {dependsOn: ['resource:n/b'],"
        " system: s, owner: o, consumesApis: [x]}\n---\napiVersion: backstage.io/v1alpha1\nkind: Resource\nmetadata: {name: b}\n"
    ],
    "compose": ["services:\n  web: {depends_on: {db: {condition: service_healthy}}}\n  db: {deploy: {replicas: 2}}\n"],
    "prometheus": [
        '{"status":"success","data":{"resultType":"vector","result":[{"metric":{"__name__":"kube_pod_info","pod":"p","namespace":'
        '"n","node":"a","created_by_kind":"ReplicaSet","created_by_name":"r"},"value":[1,"1"]},{"metric":{"__name__":'
        '"kube_replicaset_owner","replicaset":"r","namespace":"n","owner_kind":"Deployment","owner_name":"d"},"value":[1,"1"]}]}}'
    ],
    "hubble": [
        '{"flow":{"source":{"namespace":"n","pod_name":"a-0","workloads":[{"name":"a","kind":"Deployment"}]},"destination":'
        '{"namespace":"m","labels":["k8s:app=b"],"workloads":[{"name":"b","kind":"Deployment"}]},"verdict":"FORWARDED",'
        '"is_reply":false},"node_name":"x"}\n'
    ],
    "netbox": [
        '[{"id":1,"url":"https://n/api/dcim/sites/1/","name":"sto1","slug":"sto1","status":{"value":"active"}},{"id":2,"url":"https://n/api/'
        'dcim/devices/2/","name":"h1","role":{"id":1,"name":"Server","slug":"server"},"site":{"id":1,"name":"sto1","slug":"sto1"},"status":'
        '{"value":"active"},"primary_ip4":{"address":"10.0.0.1/24"}},{"id":3,"url":"https://n/api/dcim/cables/3/","a_terminations":[{'
        '"object_type":"dcim.interface","object_id":1,"object":{"id":1,"device":{"id":2,"name":"h1"}}}],"b_terminations":[{"object_type":'
        '"dcim.powerport","object_id":2,"object":{"id":2,"device":{"id":4,"name":"pdu"}}}],"status":{"value":"connected"}}]',
        '{"count":1,"next":null,"results":[{"id":5,"url":"https://n/api/virtualization/virtual-machines/5/","name":"vm","cluster":'
        '{"id":1,"name":"c"},"device":{"id":2,"name":"h1"},"status":{"value":"active"}}]}'
    ],
    "alerts": [SMALL_ALERTS, "[]", "{}"],
}

FILES = {
    "alerts": sorted(SAMPLES.glob("*alert*.json")) + sorted(SAMPLES.glob("webhook*")) + sorted(SAMPLES.glob("prom-query*"))
    + sorted(ROOT.glob("examples/incidents/*/alerts.json")),
    "rules": sorted(SAMPLES.glob("*rules*.json")) + sorted(SAMPLES.glob("prom-*.json")),
    "silences": sorted(SAMPLES.glob("*silences*.json")),
    "history": sorted(SAMPLES.glob("prom-query*.json")) + sorted(SAMPLES.glob("drill-alerts.json")),
    "plain": [ROOT / "topology.yaml"] + sorted(ROOT.glob("examples/incidents/*/topology.yaml")),
    "topology": [ROOT / "topology.yaml"] + sorted(ROOT.glob("examples/incidents/*/topology.yaml")),
    "context": [EXAMPLE / "context.yaml"] + sorted(ROOT.glob("examples/incidents/*/context.yaml")),
    "test": sorted(ROOT.glob("examples/incidents/*/incident.yaml")),
    "kubernetes": sorted(SAMPLES.glob("kubectl*.json")) + sorted(ROOT.glob("Tests/ImportersTests/Samples/kubectl*")),
    "prometheus": sorted(SAMPLES.glob("prom-api-v1-targets.json")),
}


def main(folder: pathlib.Path) -> None:
    for subject in sorted(set(TEXTS) | set(FILES)):
        corpus = folder / subject
        corpus.mkdir(parents=True, exist_ok=True)
        for number, text in enumerate(TEXTS.get(subject, [])):
            (corpus / f"text-{number}").write_text(text)
        for file in FILES.get(subject, []):
            content = file.read_bytes()
            if len(content) <= 65_536:
                (corpus / f"{file.parent.name}-{file.name}").write_bytes(content)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
