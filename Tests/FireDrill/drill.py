"""A fire drill: real servers on 127.0.0.1, a real process killed, real alerts, and the command must name what died.

usage: drill.py BLAST-RADIUS

An edge (nginx) needs an app, which needs redis. Prometheus probes all three through the blackbox exporter and tells a
cluster of three Alertmanagers. Everything that is started ends with this script, however it ends, and by itself after LIMIT seconds.
Limits are there to end what hangs; none is a measurement, so that a slow machine passes too.
"""
import ctypes
import datetime
import http.server
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

LIMIT = 240
PATIENCE = 30  # seconds for anything that should happen at once
SCRAPE = 1.0  # seconds between scrapes, and between evaluations
command = os.path.abspath(sys.argv[1])
folder = tempfile.TemporaryDirectory(prefix="fire-drill-")
started = []
reserved = []


def port():
    """A port that is free, and given to nobody else here."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number = probe.getsockname()[1]
    if number in reserved:
        return port()
    reserved.append(number)
    return number


def write(name, text):
    path = os.path.join(folder.name, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def start(name, *arguments, **options):
    log = open(os.path.join(folder.name, f"{name}.log"), "a")
    process = subprocess.Popen(
        arguments, cwd=folder.name, stdin=subprocess.DEVNULL,
        **{"stdout": log, "stderr": log, "preexec_fn": die_with_parent, **options},
    )
    process.name = name
    started.append(process)
    return process


def end(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def get(url):
    with urllib.request.urlopen(url, timeout=2) as answer:
        return json.load(answer)


def wait(what, condition):
    """Waits until the condition holds, and returns what it gave."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            value = condition()
            if value:
                return value
        except OSError:
            pass
        time.sleep(0.1)
    fail(f"not within {PATIENCE} s: {what}")


def fail(text):
    for name in sorted(os.listdir(folder.name)):
        if name.endswith(".log"):
            with open(os.path.join(folder.name, name)) as file:
                print(f"--- {name}\n" + "".join(file.readlines()[-5:]), file=sys.stderr)
    sys.exit(f"fire drill: {text}")


def say(text):
    print(f"{time.monotonic() - beginning:5.1f} s  {text}", flush=True)


class App(http.server.BaseHTTPRequestHandler):
    """Serves as long as redis answers."""

    def do_GET(self):
        try:
            with socket.create_connection(("127.0.0.1", redis_port), 1) as redis:
                redis.sendall(b"PING\r\n")
                serves = redis.recv(16).startswith(b"+PONG")
        except OSError:
            serves = False
        self.send_response(200 if serves else 503)
        self.end_headers()

    def log_message(self, *_):
        pass


def analyze(*arguments):
    """What the command says of the servers, as JSON, with what it says besides."""
    run = subprocess.run(
        [command, "analyze", *sources, "--format", "json", *arguments],
        cwd=folder.name, capture_output=True, text=True, timeout=PATIENCE,
    )
    return json.loads(run.stdout) if run.stdout else None, run.stderr, run.returncode


class Watch:
    """A watch that runs beside: the lines of both of its streams, and the file that it writes.

    A look may tell several things at once, so `wait` takes what has been said since `mark`, in any order.
    """

    def __init__(self):
        self.lines = []
        self.marked = 0
        self.file = os.path.join(folder.name, "watch.json")
        self.process = start(
            "watch", command, "watch", "--interval", "1s", *sources, "-o", self.file,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        threading.Thread(target=self.read, daemon=True).start()

    def read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip())

    def mark(self):
        """From here on what is said counts; returns what was said since the last mark."""
        last, self.marked = self.marked, len(self.lines)
        return self.lines[last:self.marked]

    def wait(self, text):
        """Waits for a line since the mark that holds the text."""
        deadline = time.monotonic() + PATIENCE
        while not any(text in line for line in self.lines[self.marked:]):
            if time.monotonic() > deadline:
                fail(f"watch did not say {text!r} within {PATIENCE} s but {self.lines[self.marked:]}")
            time.sleep(0.05)

    def roots(self):
        with open(self.file) as file:
            return [root["entity"] for root in json.load(file)["rootCauses"]]


def complains(said):
    """Whether there is a warning or an error; that peers differ for a moment is only a note."""
    return "warning:" in said or "error:" in said


def expect(condition, text):
    if not condition:
        fail(text)


signal.signal(signal.SIGALRM, lambda *_: fail(f"not done within {LIMIT} s"))
signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
signal.alarm(LIMIT)
beginning = time.monotonic()
redis_port, app_port, edge_port, blackbox_port, prometheus_port = (port() for _ in range(5))
peers = [port() for _ in range(3)]
gossip = [port() for _ in range(3)]
prometheus_url = f"http://127.0.0.1:{prometheus_port}"
peer_urls = [f"http://127.0.0.1:{peer}" for peer in peers]

write("blackbox.yml", """
modules:
  tcp: {prober: tcp, timeout: 1s}
  http: {prober: http, timeout: 1s}
""")
write("alertmanager.yml", "route: {receiver: nobody, group_wait: 1s}\nreceivers: [{name: nobody}]\n")
write("rules.yml", """
groups:
- name: probes
  rules:
  - {alert: ProbeFailing, expr: probe_success == 0, for: 2s, labels: {severity: critical}}
""")
write("prometheus.yml", f"""
global: {{scrape_interval: 1s, evaluation_interval: 1s, external_labels: {{cluster: drill}}}}
rule_files: [rules.yml]
alerting: {{alertmanagers: [{{static_configs: [{{targets: {json.dumps([url[7:] for url in peer_urls])}}}]}}]}}
scrape_configs:
- job_name: tcp
  metrics_path: /probe
  params: {{module: [tcp]}}
  static_configs: [{{targets: ['127.0.0.1:{redis_port}'], labels: {{service: redis}}}}]
  relabel_configs: &prober
  - {{source_labels: [__address__], target_label: __param_target}}
  - {{source_labels: [__param_target], target_label: instance}}
  - {{target_label: __address__, replacement: '127.0.0.1:{blackbox_port}'}}
- job_name: http
  metrics_path: /probe
  params: {{module: [http]}}
  static_configs:
  - {{targets: ['http://127.0.0.1:{app_port}/'], labels: {{service: app}}}}
  - {{targets: ['http://127.0.0.1:{edge_port}/'], labels: {{service: edge}}}}
  relabel_configs: *prober
""")
temporary = "".join(f"{kind}_temp_path {kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
write("nginx.conf", f"""
daemon off; master_process off; pid nginx.pid; error_log stderr;
events {{}}
http {{
  access_log off; {temporary}
  server {{ listen 127.0.0.1:{edge_port}; location / {{ proxy_pass http://127.0.0.1:{app_port}; }} }}
}}
""")
topology = write("topology.yaml", """
version: 1
entities:
  service/redis: {}
  service/app: {needs: [service/redis]}
  service/edge: {needs: [service/app]}
alerts:
  - match: '{alertname="ProbeFailing"}'
    entity: 'service/{service}'
""")
sources = ["--topology", topology, "--prometheus", prometheus_url, "--timeout", "2s"]
for url in peer_urls:
    sources += ["--alertmanager", url]


def start_redis():
    return start("redis", "redis-server", "--port", str(redis_port), "--bind", "127.0.0.1", "--save", "")


def start_peer(index):
    others = [f"--cluster.peer=127.0.0.1:{other}" for other in gossip if other != gossip[index]]
    return start(
        f"alertmanager-{index}", "prometheus-alertmanager", "--config.file=alertmanager.yml",
        f"--storage.path=alertmanager-{index}", f"--web.listen-address=127.0.0.1:{peers[index]}",
        f"--cluster.listen-address=127.0.0.1:{gossip[index]}", "--cluster.settle-timeout=2s", *others,
    )


def firing():
    return {alert["labels"]["service"] for alert in get(f"{peer_urls[0]}/api/v2/alerts")}


try:
    app = http.server.ThreadingHTTPServer(("127.0.0.1", app_port), App)
    threading.Thread(target=app.serve_forever, daemon=True).start()
    redis = start_redis()
    start("nginx", "nginx", "-e", "stderr", "-p", folder.name, "-c", os.path.join(folder.name, "nginx.conf"))
    start(
        "blackbox", "prometheus-blackbox-exporter", "--config.file=blackbox.yml",
        f"--web.listen-address=127.0.0.1:{blackbox_port}",
    )
    alertmanagers = [start_peer(index) for index in range(3)]
    start(
        "prometheus", "prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data",
        "--rules.alert.resend-delay=5s",
        f"--web.listen-address=127.0.0.1:{prometheus_port}",
    )
    wait("a cluster of three", lambda: all(
        len(get(f"{url}/api/v2/status")["cluster"]["peers"]) == 3 for url in peer_urls
    ))
    wait("three probes that succeed", lambda: len(
        get(f"{prometheus_url}/api/v1/query?query=probe_success==1")["data"]["result"]
    ) == 3)
    say("all runs")

    answer, said, code = analyze()
    expect(code == 0 and answer["rootCauses"] == [] and not complains(said), f"a quiet day: {code} {said} {answer}")

    run = subprocess.run([command, "doctor", *sources, "--format", "json"], capture_output=True, text=True, timeout=PATIENCE)
    health = json.loads(run.stdout)
    expect(run.returncode == 0 and health["broken"] == 0, f"doctor: {run.stdout}")
    expect([server["product"] for server in health["servers"]] == ["Alertmanager"] * 3 + ["Prometheus"], run.stdout)
    expect([server["peers"] for server in health["servers"]] == [3, 3, 3, None], run.stdout)
    expect(health["coverage"] == [{"kind": "service", "entities": 3, "covered": 3, "uncovered": []}], run.stdout)
    run = subprocess.run([command, "import", "prometheus", prometheus_url], capture_output=True, text=True, timeout=PATIENCE)
    expect(run.returncode == 0 and f"endpoint/127.0.0.1:{redis_port}" in run.stdout, f"import: {run}")
    say("doctor and import have asked the servers")
    watch = Watch()
    wait("the first line of watch", lambda: watch.lines)

    # The fire.
    killed_at = time.time()
    redis.kill()
    redis.wait()
    say("redis is killed")
    wait("an alert of redis", lambda: "redis" in firing())
    answer, said, code = analyze()
    roots = [root["entity"] for root in answer["rootCauses"]]
    say(f"{answer['alerts']['total']} alerts fire; root causes: {roots}")
    expect(code == 0 and not complains(said) and roots == ["service/redis"], f"{code} {said} {answer}")
    root = answer["rootCauses"][0]
    onset = datetime.datetime.fromisoformat(root["onset"].replace("Z", "+00:00")).timestamp()
    say(f"onset {onset - killed_at:+.1f} s, {root['onsetSource']}")
    expect("activeAt" in root["onsetSource"], f"the onset is not Prometheus' own: {root}")
    expect(0 <= onset - killed_at <= 5 * SCRAPE, f"the onset is wrong by {onset - killed_at} s")

    wait("alerts of all three", lambda: firing() == {"redis", "app", "edge"})
    answer, said, code = analyze()
    expect([root["entity"] for root in answer["rootCauses"]] == ["service/redis"], f"with all alerts: {answer}")
    expect(answer["alerts"]["root"] == 1 and answer["alerts"]["explained"] == 2, f"all are accounted for: {answer}")

    # One peer of three is lost: a warning, and the same answer.
    end(alertmanagers[2])
    answer, said, code = analyze()
    expect(code == 0 and [root["entity"] for root in answer["rootCauses"]] == ["service/redis"], f"{code} {said}")
    expect(said.count("[unreachable]") == 1 and f"{peer_urls[2]}/api/v2/alerts: warning:" in said, said)
    say("one Alertmanager of three is lost: a warning")

    # The watch has seen it too. It keeps its answer while nobody can be asked, and sees the recovery.
    watch.wait("service/redis down since ")
    watch.wait(f"{peer_urls[2]}/api/v2/alerts: warning:")
    expect(watch.roots() == ["service/redis"], "the file of watch")
    say("watch has said so")
    servers = [process for process in started if process.name.startswith(("prometheus", "alertmanager-"))]
    for process in servers:
        process.send_signal(signal.SIGSTOP)
    watch.mark()
    watch.wait(f"{peer_urls[0]}/api/v2/alerts: error:")
    for process in servers:
        process.send_signal(signal.SIGCONT)
    watch.wait(f"{peer_urls[0]}/api/v2/alerts: well again")
    seen = watch.mark()
    expect(not any("no root cause" in line for line in seen) and watch.roots() == ["service/redis"], f"{seen}")
    say("watch has kept its answer while nobody could be asked")
    begun_before = [get(f"{url}/api/v2/status")["uptime"] for url in peer_urls[:2]]
    for index in range(2):
        alertmanagers[index].kill()
        alertmanagers[index].wait()
        alertmanagers[index] = start_peer(index)
    wait("Alertmanagers that have begun anew", lambda: all(
        get(f"{url}/api/v2/status")["uptime"] > before for url, before in zip(peer_urls, begun_before)
    ))
    say("the Alertmanagers have begun anew, without alerts")
    wait("Prometheus to send the alerts again", lambda: firing() == {"redis", "app", "edge"})
    time.sleep(2)
    seen = watch.mark()
    expect(not any("no root cause" in line for line in seen) and watch.roots() == ["service/redis"], f"{seen}")
    say("watch has not taken that for a recovery")
    redis = start_redis()
    watch.wait("no root cause · no alerts")
    expect(watch.roots() == [], "the file of watch")
    say("redis is back, and watch has noticed")
    answer, said, code = analyze()
    expect(answer["rootCauses"] == [] and answer["alerts"]["total"] == 0, f"after the fire: {answer}")
    answer, said, code = analyze("--resolved", "1m")
    expect([root["entity"] for root in answer["rootCauses"]] == ["service/redis"], f"with what has ended: {answer}")
    say("what has ended is told when it is asked for")
    watch.process.send_signal(signal.SIGINT)
    expect(watch.process.wait(PATIENCE) == 0, "watch ends well when it is told to end")
finally:
    for process in reversed(started):
        end(process)
    folder.cleanup()
say("done")
