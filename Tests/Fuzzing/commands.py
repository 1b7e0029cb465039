#!/usr/bin/env python3
"""Runs the built command on damaged files and random options: commands.py BINARY [--seconds N] [--seed N] [--keep FOLDER].

Whatever the input, a run ends within its limits of time and memory with 0 and a result, with 1 and an error, or with 64
and how it is used; with 2 only where --detailed-exitcode asks for it; never by a signal. What it writes is well-formed: JSON
parses, SVG is XML, and no text has a control character but the line end. Every run can be made again from its seed.
"""

import argparse
import json
import os
import pathlib
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import seeds  # noqa: E402

SECONDS = 40
MEMORY = 3 << 30
# The largest input that is read has 1 GiB; a device such as /dev/full gives as much.
LARGEST_RESIDENT = 5 << 28

KINDS = {"alerts": "json", "rules": "json", "silences": "json", "history": "json", "topology": "yaml", "context": "yaml",
         "test": "yaml", "template": "mustache", "update": "yaml"}
IMPORTS = ["kubernetes", "flux", "otel", "backstage", "compose", "prometheus", "hubble", "netbox"]
FORMATS = ["summary", "json", "svg", "png", "pdf", "dot", "mmd", "md", "html", "text", "slack", "grafana", "metrics"]
NAMES = ["host/h1", "service/s", "h1", "site/a", "nothing/x", "", "/", "a/b/c", "é/é", "-x", "*", "host/cc-se-sto-core-01", "link/l"]
EXTENSIONS = ["json", "svg", "png", "pdf", "dot", "mmd", "md", "html", "txt", "prom", "xyz"]
TELLING = {"json", "svg", "png", "pdf", "dot", "mmd", "md", "html", "txt"}  # of every command
NUMBERS = ["1", "2", "3", "4", "5", "60"] * 4 + ["0", "-1", "999999999999999999999", "1e9", "x", "", "9223372036854775807", "4h", "1y", "300"]
TOKENS = [b'"', b"{", b"}", b"[", b"]", b":", b",", b"\n", b"- ", b"&a ", b"*a", b"!!x ", b"? ", b"|\n", b"{{", b"}}", b"\0",
          b"\xff\xfe", b"\xef\xbb\xbf", b"\r\n", b"1e999", b"-0", b"99999999999999999999", b"null", b"true", b"~", b"\\u0000",
          b"\\ud800", b"\xe2\x80\xae", b"\x1b]0;x\x07", b"9999-12-31T23:59:59Z", b"0001-01-01T00:00:00Z", b"(a*)*", b"[^", b"{2,1000}",
          b"<<: *a", b"%YAML 9.9\n", b"---\n", b"...\n", b"\t", b"\xc3", b"javascript:alert(1)", b"]]>", b"|", b"`"]


def damage(content: bytes, other: bytes, dice: random.Random) -> bytes:
    """One to four things that storage, networks, editors and enemies do."""
    data = bytearray(content)
    for _ in range(dice.randint(1, 4)):
        at = dice.randint(0, len(data))
        end = min(len(data), at + int(dice.expovariate(1 / 40)) + 1)
        match dice.randrange(16):
            case 0: del data[at:]
            case 1: del data[at:end]
            case 2: data[at:end] = bytes(dice.randrange(256) for _ in range(end - at))
            case 3: data[at:at] = dice.choice(TOKENS)
            case 4: data[at:end] = dice.choice(TOKENS)
            case 5: data[at:at] = data[at:end] * dice.choice([1, 2, 50])
            case 6:
                start = dice.randint(0, len(other))
                data[at:end] = other[start:start + dice.randint(1, 400)]
            case 7:
                lines = data.split(b"\n")
                line = dice.choice(lines)
                lines.insert(dice.randint(0, len(lines)), line)
                data = bytearray(b"\n".join(lines))
            case 8:
                lines = data.split(b"\n")
                dice.shuffle(lines) if len(lines) < 50 else lines.reverse()
                data = bytearray(b"\n".join(lines))
            case 9: data = bytearray(bytes(data).replace(b"\n", b"\r\n"))
            case 10: data[:0] = b"\xef\xbb\xbf"
            case 11: data[at:at] = dice.choice([b"[", b"{", b"- ", b'{"a":', b"(", b"{{#a}}"]) * dice.choice([10, 600, 20_000])
            case 12:
                digits = [i for i, byte in enumerate(data) if 48 <= byte <= 57]
                if digits:
                    at = dice.choice(digits)
                    data[at:at + 1] = dice.choice([b"-1", b"9" * 40, b"1e400", b"0x7f", b"NaN", b"00"])
            case 13: data[at:at] = b"a" * dice.choice([300, 70_000, 1_100_000])
            case 14 if dice.random() < 0.2: data = bytearray(bytes(data).decode("utf-8", "replace").encode("utf-16"))
            case _:
                if data:
                    data[at % len(data)] ^= 1 << dice.randrange(8)
    return bytes(data)


class Fuzzer:
    def __init__(self, binary: str, corpus: pathlib.Path):
        self.binary = os.path.abspath(binary)
        self.corpus = {kind: [file.read_bytes() for file in sorted((corpus / kind).glob("*"))]
                       for kind in list(KINDS) + IMPORTS if (corpus / kind).exists()}

    def file(self, kind: str, folder: pathlib.Path, dice: random.Random) -> str:
        samples = self.corpus[kind]
        content = dice.choice(samples)
        # A damaged topology ends most runs at once.
        if dice.random() < (0.2 if kind == "topology" else 0.5):
            other = dice.choice(self.corpus[dice.choice(sorted(self.corpus))] if dice.random() < 0.3 else samples)
            content = damage(content, other, dice)
        name = f"{kind}-{len(list(folder.iterdir()))}.{KINDS.get(kind, 'txt')}"
        (folder / name).write_bytes(content)
        if dice.random() < 0.02:
            return dice.choice(["missing.json", "/", "/dev/null", "-", str(folder)])
        return name

    def topology(self, folder, dice):
        return ["-t", self.file("topology", folder, dice)] if dice.random() < 0.9 else []

    def name(self, folder, dice):
        """Mostly a name that some input has."""
        texts = [file.read_bytes() for file in sorted(folder.glob("topology-*"))]
        found = [name.decode() for text in texts for name in re.findall(rb"[a-z]{1,30}/[a-z0-9-]{1,60}", text[:1 << 16])]
        return dice.choice(found) if found and dice.random() < 0.8 else dice.choice(NAMES)

    def inputs(self, folder, dice):
        arguments = self.topology(folder, dice)
        for kind in ["rules", "context", "history", "silences"]:
            if dice.random() < 0.25:
                arguments += [f"--{kind}", self.file(kind, folder, dice)]
        if dice.random() < 0.1:
            arguments += ["--changes", self.file("context", folder, dice)]
        arguments += ["--budget", dice.choice(["1", "2"] + NUMBERS) if dice.random() < 0.3 else "5"]
        return arguments

    def outputs(self, dice):
        arguments = []
        for number in range(dice.choice([0, 0, 1, 1, 2])):
            arguments += ["-o", dice.choice([f"out{number}.{name}" for name in EXTENSIONS] * 3 + ["-", "/dev/full"])]
        if dice.random() < 0.4:
            arguments += ["--format", dice.choice(FORMATS)]
        for option in ["--max-boxes", "--radius", "--draw-timeout"]:
            if dice.random() < 0.15:
                arguments += [option, dice.choice(NUMBERS)]
        if dice.random() < 0.1:
            arguments += ["--focus", dice.choice(NAMES)]
        if dice.random() < 0.1:
            arguments += ["--all"]
        return arguments

    def command(self, folder, dice):
        """A command line, most of them sound."""
        name = dice.choice(["analyze"] * 4 + ["explain", "match", "check", "test", "what-if", "rank", "cut-sets", "import",
                                                  "compile", "doctor"])
        arguments = [name]
        alerts = lambda: [self.file("alerts", folder, dice) for _ in range(dice.choice([1, 1, 1, 2]))]  # noqa: E731
        if name == "analyze":
            arguments += alerts() + self.inputs(folder, dice) + self.outputs(dice)
            if dice.random() < 0.2:
                arguments += ["--detailed-exitcode"]
            if dice.random() < 0.1:
                arguments += ["--ndjson"]
            if dice.random() < 0.3:
                arguments += ["--template", dice.choice(["sre", "incident", self.file("template", folder, dice)])]
        elif name == "explain":
            rest = alerts() + self.inputs(folder, dice)
            arguments += [self.name(folder, dice)] + rest
        elif name == "match":
            arguments += alerts() + self.inputs(folder, dice) + dice.choice([[], ["--format", "json"]])
        elif name == "check":
            arguments += [self.file("topology", folder, dice) for _ in range(dice.randint(1, 2))] + dice.choice([[], ["--kinds"]])
        elif name == "test":
            arguments += [self.file("test", folder, dice)]
            for kind in ["topology", "alerts", "context"]:
                (folder / f"{kind}.{KINDS[kind]}").write_bytes(dice.choice(self.corpus[kind]))
        elif name == "what-if":
            rest = self.topology(folder, dice) + self.outputs(dice)
            arguments += [self.name(folder, dice) for _ in range(dice.randint(1, 2))] + rest
            if dice.random() < 0.4:
                arguments += ["--during", self.file("alerts", folder, dice)]
            if dice.random() < 0.2:
                arguments += [dice.choice(["--degrade", "--restore"]), self.name(folder, dice)]
        elif name == "rank":
            arguments += self.topology(folder, dice) + self.outputs(dice) + dice.choice([[], ["--top", dice.choice(NUMBERS)], ["--kind", "host"]])
        elif name == "cut-sets":
            rest = self.topology(folder, dice) + self.outputs(dice)
            arguments += [self.name(folder, dice)] + rest
            arguments += dice.choice([[], ["--order", dice.choice(NUMBERS)], ["--repair", dice.choice(NUMBERS)]])
        elif name == "compile":
            arguments += [self.file("topology", folder, dice) for _ in range(dice.randint(1, 2))]
            arguments += ["-o", dice.choice(["out.brt", "out.brt", "-", "/dev/full", "missing/out.brt"])]
        elif name == "doctor":
            arguments += self.topology(folder, dice) + dice.choice([[], ["--rules", self.file("rules", folder, dice)]])
        else:
            source = dice.choice(IMPORTS)
            arguments += [source, self.file(source, folder, dice)] + dice.choice([[], ["--update", self.file("update", folder, dice)]])
        if dice.random() < 0.1:
            arguments.insert(dice.randint(0, len(arguments)), dice.choice(["--quiet", "--no-color", "--", "--bogus", "-", "", "--help"]))
        if dice.random() < 0.03 and len(arguments) > 1:
            del arguments[dice.randrange(len(arguments))]
        return arguments

    def run(self, seed: int, folder: pathlib.Path):
        """What one run did wrong, nil if nothing, and how long and large it was."""
        dice = random.Random(seed)
        (folder / "in").mkdir()
        arguments = self.command(folder / "in", dice)
        before = {file.name for file in (folder / "in").iterdir()}

        def limit():
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

        environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "SWIFT_BACKTRACE": "enable=no"}
        with open(folder / "stdout", "wb") as output, open(folder / "stderr", "wb") as errors:
            start = time.monotonic()
            child = subprocess.Popen([self.binary] + arguments, cwd=folder / "in", stdin=subprocess.DEVNULL, stdout=output,
                                     stderr=errors, env=environment, preexec_fn=limit)
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.monotonic() - start
        return arguments, child.returncode, self.judge(arguments, child.returncode, usage, folder, before), seconds, usage.ru_maxrss

    def judge(self, arguments, code, usage, folder, before):
        if code < 0:
            return f"ended by signal {-code}"
        if code not in {0, 1, 64} and not (code == 2 and "--detailed-exitcode" in arguments):
            return f"exit {code}"
        if usage.ru_maxrss << 10 > LARGEST_RESIDENT:
            return f"{usage.ru_maxrss >> 10} MiB"
        errors = (folder / "stderr").read_bytes()
        output = (folder / "stdout").read_bytes()
        # These two say on standard output what is wrong.
        is_error = b"error:" in errors.lower() or "test" in arguments or "doctor" in arguments
        if code == 1 and not is_error:
            return "exit 1 without an error"
        if code == 0 and b": error: " in errors:
            return "exit 0 with an error"
        texts = {"stderr": errors, "stdout": output}
        texts |= {file.name: file.read_bytes() for file in (folder / "in").iterdir() if file.name not in before}
        for name, text in texts.items():
            if name.endswith(".tmp"):
                return f"{name} left behind"
            format = name.rsplit(".", 1)[-1]
            if "--format" in arguments[:-1] and name != "stderr" and "--help" not in arguments:
                # It is for names that tell no form.
                if format not in TELLING:
                    format = arguments[arguments.index("--format") + 1]
                if name == "stdout" and code != 0:
                    continue
            if "--update" in arguments:
                # It is a topology, whatever its name.
                format = "yaml"
            if format in {"png", "pdf"} or text[:4] in {b"\x89PNG", b"%PDF", b"\x89BRT"} or not text:
                continue
            bad = [byte for byte in text if byte < 0x20 and byte not in b"\n\t"]
            if bad:
                return f"control character {bad[0]} in {name}"
            try:
                text.decode()
                if format in {"json", "grafana"} and name != "stdout":
                    json.loads(text)
                if format == "svg" and name != "stdout":
                    xml.etree.ElementTree.fromstring(text)
            except (ValueError, xml.etree.ElementTree.ParseError) as error:
                return f"{name}: {error}"
        return None


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--runs", type=int, default=1 << 60)
    parser.add_argument("--keep", type=pathlib.Path, default=pathlib.Path("build/fuzzing/failures"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as corpus:
        seeds.main(pathlib.Path(corpus))
        fuzzer = Fuzzer(options.binary, pathlib.Path(corpus))
    end = time.monotonic() + options.seconds
    runs = failures = 0
    slowest, largest = (0.0, 0), (0, 0)
    codes: dict[int, int] = {}
    while time.monotonic() < end and runs < options.runs:
        seed = options.seed + runs
        runs += 1
        with tempfile.TemporaryDirectory() as folder:
            arguments, code, problem, seconds, resident = fuzzer.run(seed, pathlib.Path(folder))
            codes[code] = codes.get(code, 0) + 1
            slowest, largest = max(slowest, (seconds, seed)), max(largest, (resident, seed))
            if problem:
                failures += 1
                print(f"seed {seed}: {problem}: {' '.join(arguments)}", flush=True)
                kept = options.keep / str(seed)
                kept.mkdir(parents=True, exist_ok=True)
                subprocess.run(["cp", "-r", "--no-target-directory", folder, kept], check=True)
    ends = ", ".join(f"{count} with {code}" for code, count in sorted(codes.items()))
    print(f"{runs} runs, {ends}; {failures} failures; slowest {slowest[0]:.1f} s (seed {slowest[1]}), "
          f"largest {largest[0] >> 10} MiB (seed {largest[1]})")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
