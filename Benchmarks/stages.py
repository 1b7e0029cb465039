#!/usr/bin/env python3
"""Times and memory of each stage at several sizes, beside other programs for the same work.

    Benchmarks/stages.py [--oracle FOLDER] [--sizes 1e3,1e4,…] [--work FOLDER] [--limit SECONDS]

Builds what it needs, generates the platforms once, and prints a table in Markdown: CPU seconds, peak memory, and the growth
exponent between the two largest sizes (1 is linear). FOLDER of --oracle holds bfs.c. CPU time, so that what else the machine does
counts less.
"""
import argparse, math, os, re, subprocess, sys

options = argparse.ArgumentParser()
options.add_argument("--oracle")
options.add_argument("--sizes", default="1e3,1e4,1e5,1e6")
options.add_argument("--work", default="/tmp/blast-radius-stages")
options.add_argument("--limit", type=int, default=300)
options = options.parse_args()
here = os.path.dirname(os.path.abspath(__file__))
alerts = {"1e3": 10, "1e4": 1000, "1e5": 10000, "1e6": 10000}


def build(package, product):
    command = ["swift", "build", "-c", "release", "--package-path", package, "--product", product]
    subprocess.run(command, check=True, stdout=sys.stderr)
    return os.path.join(package, ".build/release", product)


def run(*command, limit=options.limit):
    """The output of a command, and how it ended: nothing, or why not well."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=limit)
        return done.stdout, "" if done.returncode == 0 else f"ended with {done.returncode}"
    except subprocess.TimeoutExpired as expired:
        return (expired.stdout or b"").decode(), f"stopped after {limit} s"


generate, stages = build(here, "generate-platform"), build(here, "stages")
command = build(os.path.dirname(here), "blast-radius")
bfs = None
if options.oracle:
    os.makedirs(options.work, exist_ok=True)
    source = open(os.path.join(options.oracle, "bfs.c")).read().replace("CLOCK_MONOTONIC", "CLOCK_PROCESS_CPUTIME_ID")
    open(f"{options.work}/bfs.c", "w").write(source)
    bfs = f"{options.work}/bfs"
    subprocess.run(["gcc", "-O3", "-march=native", "-w", "-o", bfs, bfs + ".c"], check=True)

table, sizes = {}, options.sizes.split(",")
for size in sizes:
    folder = os.path.join(options.work, size)
    if not os.path.exists(f"{folder}/alerts10k.bin"):
        subprocess.run([generate, size, folder, "--alerts", str(alerts.get(size, 10000))], check=True, stdout=sys.stderr)
    compiled = f"{folder}/topology.brt"
    subprocess.run([command, "compile", "-q", f"{folder}/topology.yaml", "-o", compiled], check=True)

    def note(output):
        for line in output.splitlines():
            if "\t" in line:
                name, seconds, *memory = line.split("\t")
                table.setdefault(name, {})[size] = (float(seconds), memory[0] if memory else "")
            elif line.startswith("#"):
                print(line, file=sys.stderr)

    for arguments in ([stages, folder], [stages, folder, "--analysis"], [sys.executable, f"{here}/rivals.py", folder]):
        output, problem = run(*arguments)
        note(output)
        if problem:
            print(f"{' '.join(arguments[1:])} {problem}", file=sys.stderr)
            if "--analysis" in arguments:
                table.setdefault("infer", {})[size] = (math.nan, problem)
    if bfs:
        output, _ = run(bfs, folder, "5")
        for pattern, name in [
            ("read\\(\\) CSR file", "C read graph"), ("BFS upstream closure", "C upstream closure"),
            ("what-if LFP: 1 site", "C simulate one site"), ("SCC", "C components"),
        ]:
            found = re.search(pattern + r".*?min\s+(\S+) ms", output)
            if found:
                table.setdefault(name, {})[size] = (float(found[1]) / 1000, "")

print("| stage | " + " | ".join(sizes) + " | MiB at " + sizes[-1] + " | growth |")
print("|---" * (len(sizes) + 3) + "|")
for name, row in table.items():
    cells = []
    for size in sizes:
        seconds, memory = row.get(size, (math.nan, "–"))
        cells.append(memory if math.isnan(seconds) else f"{seconds:.4f}")
    growth = ""
    if len(sizes) > 1 and all(row.get(size, (math.nan,))[0] > 1e-4 for size in sizes[-2:]):
        (one, _), (two, _) = row[sizes[-2]], row[sizes[-1]]
        growth = f"{math.log(two / one) / math.log(float(sizes[-1]) / float(sizes[-2])):.2f}"
    memory = row.get(sizes[-1], (0, ""))[1]
    print(f"| {name} | " + " | ".join(cells) + f" | {memory if memory.isdigit() else ''} | {growth} |")
