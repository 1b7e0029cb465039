"""A server on a free port of 127.0.0.1 that misbehaves as its paths say; it prints the port and ends with its input.

usage: server.py [CERTIFICATE-AND-KEY]
"""
import datetime
import gzip
import http.server
import json
import ssl
import sys
import threading
import time


NOW = "2026-03-01T10:30:00Z"


def alert(service, fingerprint, start):
    return {
        "labels": {"alertname": "ServiceDown", "service": service}, "annotations": {}, "fingerprint": fingerprint,
        "startsAt": start, "updatedAt": NOW, "endsAt": "2026-03-01T12:00:00Z",
        "receivers": [{"name": "ops"}], "status": {"state": "active", "silencedBy": [], "inhibitedBy": []},
    }


DATABASE, WEB = alert("db", "00000000000000b2", "2026-03-01T10:07:00Z"), alert("web", "00000000000000c3", "2026-03-01T10:09:00Z")
QUERY = "?active=true&silenced=true&inhibited=true&unprocessed=true"
SILENCE = {
    "id": "s1", "status": {"state": "active"}, "comment": "planned", "createdBy": "ops", "matchers": [],
    "startsAt": NOW, "updatedAt": NOW, "endsAt": "2026-03-01T12:00:00Z",
}
RULES = {"status": "success", "data": {"groups": [{
    "name": "services", "file": "rules.yml", "interval": 30, "lastEvaluation": NOW, "rules": [{
        "type": "alerting", "name": "ServiceDown", "query": "up == 0", "duration": 300, "labels": {}, "health": "ok",
        "annotations": {"summary": "{{ $labels.service }} is down"}, "alerts": [{
            "labels": {"alertname": "ServiceDown", "service": "db"}, "annotations": {}, "state": "firing",
            "activeAt": "2026-03-01T10:02:00Z", "value": "0",
        }],
    }],
}]}}
VECTOR = {"status": "success", "data": {"resultType": "vector", "result": [
    {"metric": {"__name__": "kube_node_info", "node": "worker-1", "internal_ip": "10.0.0.1"}, "value": [1772361000, "1"]},
]}}
MATRIX = {"status": "success", "data": {"resultType": "matrix", "result": []}}
TARGETS = {"status": "success", "data": {"activeTargets": []}}
start = None


def restart():
    """Another beginning, a moment ago."""
    global start
    start = datetime.datetime.now(datetime.timezone.utc).isoformat()
    return start


restart()
# Servers by the prefix of their paths, and what they answer to each path.
SERVERS = {
    "db": {"/api/v2/alerts" + QUERY: [DATABASE], "/api/v2/silences": [SILENCE]},
    "web": {"/api/v2/alerts" + QUERY: [WEB], "/api/v2/silences": [SILENCE]},
    "quiet": {"/api/v2/alerts" + QUERY: [], "/api/v2/silences": []},
    "half": {"/api/v2/alerts" + QUERY: [WEB]},
    "cut": {"/api/v2/alerts" + QUERY: '[{"labels": {"alertname": "Serv', "/api/v2/silences": []},
    "login": {"/api/v2/alerts" + QUERY: "<!doctype html><title>Log in</title>", "/api/v2/silences": []},
    "prometheus": {
        "/api/v1/rules": RULES, "/api/v1/query": VECTOR, "/api/v1/query_range": MATRIX, "/api/v1/targets": TARGETS,
        "/api/v1/status/buildinfo": {"status": "success", "data": {"version": "2.42.0"}},
    },
    "restarts": {"/api/v2/alerts" + QUERY: [], "/api/v2/silences": [], "/restart": lambda _: restart(), "/api/v2/status": lambda _: {
        "uptime": start, "versionInfo": {"version": "0.25.0"},
        "cluster": {"status": "ready", "peers": [{}, {}]}, "config": {"original": "smtp_auth_password: hunter2"},
    }},
    "echo": {"/api/v1/rules": RULES, "/api/v1/query_range": lambda path: path},
    "limited": {"/api/v1/rules": RULES, "/api/v1/status/buildinfo": {}},
}


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def stream(self, chunk, pause):
        """An answer without an end."""
        self.send_response(200)
        self.end_headers()
        while True:
            self.wfile.write(chunk)
            self.wfile.flush()
            time.sleep(pause)

    def do_GET(self):
        port = self.server.server_address[1]
        path = self.path.split("?")[0]
        name, _, rest = self.path[1:].partition("/")
        try:
            if name in SERVERS:
                answers = SERVERS[name]
                answer = answers.get("/" + rest, answers.get("/" + rest.split("?")[0]))
                if callable(answer):
                    answer = answer(self.path)
                if answer is None:
                    self.answer(404)
                else:
                    self.answer(200, (answer if isinstance(answer, str) else json.dumps(answer)).encode())
            elif path == "/who":
                self.answer(200, (self.headers.get("Authorization") or "nobody").encode())
            elif path == "/query":
                self.answer(200, self.path.encode())
            elif path == "/here":
                self.answer(302, Location="/who")
            elif path == "/elsewhere":
                self.answer(302, Location=f"http://localhost:{port}/who?token=hunter2")
            elif path == "/other-port":
                self.answer(302, Location=f"http://127.0.0.1:{port + 1 if port < 65535 else 1}/who")
            elif path == "/other-scheme":
                self.answer(302, Location="file:///etc/passwd")
            elif path == "/circle":
                self.answer(302, Location="/circle")
            elif path == "/nowhere":
                self.answer(302)
            elif path == "/trickle":
                self.stream(b"[", 0.05)
            elif path == "/endless":
                self.stream(b"[" * 65536, 0)
            elif path == "/bomb":
                self.answer(200, gzip.compress(b"[" * (1 << 22)), Content_Encoding="gzip")
            elif path == "/packed":
                self.answer(200, gzip.compress(b"[]"), Content_Encoding="gzip")
            elif path == "/headers":
                self.send_response(200)
                while True:
                    self.send_header("X-More", "x" * 1000)
                    self.flush_headers()
            elif path == "/silent":
                time.sleep(60)
            elif path == "/short":
                self.send_response(200)
                self.send_header("Content-Length", "100")
                self.end_headers()
                self.wfile.write(b"[")
            elif path == "/secret":
                self.answer(401, b"hunter2")
            elif path == "/broken":
                self.answer(500, b"disk full\n" + (self.headers.get("Authorization") or "").encode())
            else:
                self.answer(404)
        except OSError:
            pass


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        """Clients that hang up are what the tests are about."""


server = Server(("127.0.0.1", 0), Handler)
if len(sys.argv) > 1:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1])
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps(server.server_address[1]), flush=True)
sys.stdin.read()
