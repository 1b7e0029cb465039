"""A server on a free port of 127.0.0.1 that misbehaves as its paths say; it prints the port and ends with its input.

usage: server.py [CERTIFICATE-AND-KEY]
"""
import gzip
import http.server
import json
import ssl
import sys
import threading
import time


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
        try:
            if path == "/who":
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
