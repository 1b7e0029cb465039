#!/usr/bin/env python3
"""Times and memory of each stage at several sizes, beside other programs for the same work.

    Benchmarks/stages.py [--oracle FOLDER] [--sizes 1e3,1e4,…,1e6:1e5] [--work FOLDER] [--limit CPU-SECONDS]

Builds what it needs, generates the platforms once, and prints a table in Markdown: CPU seconds, peak memory, and the growth
exponent between the two largest sizes (1 is linear); each figure goes to standard error as soon as it is known. A size is a number of entities, and behind a colon a number of alerts where
it is not the usual one; then only what alerts go through is measured. FOLDER of --oracle holds bfs.c. CPU time, so that what else
the machine does counts less; what shares the caches with it still does, so that rows are best compared with their neighbours.
"""
import argparse, math, os, re, shutil, subprocess, sys, time

options = argparse.ArgumentParser()
options.add_argument("--oracle")
options.add_argument("--sizes", default="1e3,1e4,1e5,1e6,1e6:1e5")
options.add_argument("--work", default="/tmp/blast-radius-stages")
options.add_argument("--limit", type=int, default=300)
options = options.parse_args()
here = os.path.dirname(os.path.abspath(__file__))
usual_alerts = {"1e3": "10", "1e4": "1e3"}


def build(package, product):
    command = ["swift", "build", "-c", "release", "--package-path", package, "--product", product]
    subprocess.run(command, check=True, stdout=sys.stderr)
    return os.path.join(package, ".build/release", product)


def compiled(name, *command):
    """A program of C or C++ in the work folder; nothing where it cannot be built."""
    program = os.path.join(options.work, name)
    try:
        subprocess.run([*command, "-o", program], check=True)
        return program
    except (OSError, subprocess.CalledProcessError):
        print(f"{name} cannot be built and is left out", file=sys.stderr)


def cpu_seconds(process):
    """What a process that has not been waited for has taken so far."""
    fields = open(f"/proc/{process}/stat").read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def run(*command):
    """The output of a command, the CPU seconds and the MiB that it took with its children, and what went wrong, if anything."""
    with open(f"{options.work}/output", "w+") as output:
        process = subprocess.Popen(command, stdout=output)
        # A limit of the system's own would make its clocks as coarse as its ticks.
        ended, is_over = 0, False
        while not ended:
            time.sleep(0.02)
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if not ended and not is_over and cpu_seconds(process.pid) > options.limit:
                is_over = True
                process.kill()
        output.seek(0)
        code = os.waitstatus_to_exitcode(status)
        problem = f"over {options.limit} s" if is_over else f"ended with {code}" if code else ""
        return output.read(), usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024, problem


os.makedirs(options.work, exist_ok=True)
generate, stages = build(here, "generate-platform"), build(here, "stages")
command = build(os.path.dirname(here), "blast-radius")
bfs = None
if options.oracle:
    source = open(os.path.join(options.oracle, "bfs.c")).read().replace("CLOCK_MONOTONIC", "CLOCK_PROCESS_CPUTIME_ID")
    open(f"{options.work}/bfs.c", "w").write(source)
    bfs = compiled("bfs", "gcc", "-O3", "-march=native", "-w", f"{options.work}/bfs.c")
simdjson = shutil.which("g++") and compiled(
    "rival-json", "g++", "-O3", "-march=native", f"{here}/rival-json.cpp", "-lsimdjson"
)

table, sizes = {}, options.sizes.split(",")


def note(name, size, seconds, memory=""):
    table.setdefault(name, {})[size] = (seconds, memory)
    print(f"{size}: {name} {memory if math.isnan(seconds) else seconds}", file=sys.stderr)


def note_lines(size, output):
    for line in output.splitlines():
        if "\t" in line:
            name, seconds, *memory = line.split("\t")
            note(name, size, float(seconds), *memory)
        elif line.startswith("#"):
            print(line, file=sys.stderr)


def measure(size, folder, alerts):
    def stage(*arguments, stops=None):
        output, _, _, problem = run(*arguments)
        note_lines(size, output)
        if problem:
            print(f"{size}: {' '.join(arguments[1:])} {problem}", file=sys.stderr)
            if stops:
                note(stops, size, math.nan, problem)

    is_storm = ":" in size
    if not is_storm:
        stage(stages, folder)
    stage(stages, folder, "--alerts", "--repeat", "9")
    stage(sys.executable, f"{here}/rivals.py", folder, *(["--alerts"] if is_storm else []))
    if simdjson and not is_storm:
        stage(simdjson, f"{folder}/topology.json")
    stage(stages, folder, "--analysis", stops="infer")
    # What a picture takes is what the command takes more for it; the proof, which is above, is cut short here.
    with open(f"{options.work}/none.json", "w") as file:
        file.write("[]")
    whole = [command, "-q", "-t", f"{folder}/topology.brt", "--budget", "1"]
    took = {}
    for name, files in [
        ("whole command, no alert", [f"{options.work}/none.json"]),
        ("whole command, a million steps", [f"{folder}/alerts.json", "-o", f"{options.work}/x.dot"]),
        ("", [f"{folder}/alerts.json", "-o", f"{options.work}/x.svg"]),
    ]:
        _, took[name], memory, problem = run(*whole, *files)
        if name:
            note(name, size, math.nan if problem else took[name], problem or memory)
    if table["whole command, a million steps"][size][1] and not problem:
        note("draw (60 boxes)", size, max(0, took[""] - took["whole command, a million steps"]))
    if bfs and not is_storm:
        output, _, _, _ = run(bfs, folder, "5")
        for pattern, name in [
            ("read\\(\\) CSR file", "C read graph"), ("BFS upstream closure", "C upstream closure"),
            ("what-if LFP: 1 site", "C simulate one site"), ("SCC", "C components"),
        ]:
            found = re.search(pattern + r".*?min\s+(\S+)", output)
            if found:
                note(name, size, float(found[1]) / 1000)


for size in sizes:
    entities, _, alerts = size.partition(":")
    folder = os.path.join(options.work, size.replace(":", "-"))
    if not os.path.exists(f"{folder}/alerts10k.bin"):
        count = str(int(float(alerts or usual_alerts.get(size, "1e4"))))
        subprocess.run([generate, entities, folder, "--alerts", count], check=True, stdout=sys.stderr)
    subprocess.run([command, "compile", "-q", f"{folder}/topology.yaml", "-o", f"{folder}/topology.brt"], check=True)
    measure(size, folder, alerts)

print("| stage | " + " | ".join(sizes) + " | MiB at the last | growth |")
print("|---" * (len(sizes) + 3) + "|")
plain = [size for size in sizes if ":" not in size]
for name, row in table.items():
    cells = []
    for size in sizes:
        seconds, memory = row.get(size, (math.nan, "–"))
        cells.append(memory if math.isnan(seconds) else f"{seconds:.4f}")
    growth = ""
    if len(plain) > 1 and all(row.get(size, (math.nan,))[0] > 1e-4 for size in plain[-2:]):
        (one, _), (two, _) = row[plain[-2]], row[plain[-1]]
        growth = f"{math.log(two / one) / math.log(float(plain[-1]) / float(plain[-2])):.2f}"
    memory = next((row[size][1] for size in reversed(sizes) if size in row), "")
    print(f"| {name} | " + " | ".join(cells) + f" | {memory if str(memory).isdigit() else ''} | {growth} |")
