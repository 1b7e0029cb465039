#!/usr/bin/env bash
# The simulation against a plain C program on the same graphs, by turns, in CPU time.
#
#     Benchmarks/compare-simulation.sh ORACLE DATA [SIZE…]
#
# ORACLE is the folder of bfs.c; DATA/SIZE/graph.bin and alerts10k.bin come from gen.py beside it. Prints, for each
# size and question, the least time of either over the rounds and their quotient, and checks that both say the same.
set -euo pipefail
oracle=$1 data=$2
shift 2
sizes=("${@:-1e4 1e5 1e6}")
cd "$(dirname "$0")"
swift build -c release --product simulate-graph >&2
ours=.build/release/simulate-graph
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# The same program, reading CPU time.
sed 's/CLOCK_MONOTONIC/CLOCK_PROCESS_CPUTIME_ID/' "$oracle/bfs.c" >"$work/bfs.c"
gcc -O3 -march=native -o "$work/bfs" "$work/bfs.c"
for size in ${sizes[*]}; do
    for round in 1 2 3; do
        "$work/bfs" "$data/$size" 7 >>"$work/c-$size"
        "$ours" "$data/$size/graph.bin" --repeat 7 >>"$work/ours-$size"
    done
    python3 - "$size" "$work/c-$size" "$work/ours-$size" <<'PYTHON'
import re, sys

size, theirs, ours = sys.argv[1], open(sys.argv[2]).read(), open(sys.argv[3]).read()
questions = [
    ("one site", r"what-if LFP: 1 site fails\s+median\s+\S+ ms\s+min\s+(\S+).*?down (\d+)", r"one site:.*?min (\S+) ms, down (\d+)"),
    ("all sites", r"what-if LFP: all sites fail\s+median\s+\S+ ms\s+min\s+(\S+).*?down (\d+)", r"all sites:.*?min (\S+) ms, down (\d+)"),
    ("N-1", r"full N-1: LFP from every node\s+median\s+\S+ ms\s+min\s+(\S+).*?sum impact (\d+)", r"N-1:.*?min (\S+) ms, sum (\d+)"),
]
for name, pattern, own in questions:
    c, mine = re.findall(pattern, theirs), re.findall(own, ours)
    assert {count for _, count in c} == {count for _, count in mine}, f"{size} {name}: {c} and {mine} differ"
    one, other = min(float(t) for t, _ in c), min(float(t) for t, _ in mine)
    quotient = f"{other / one:.2f}" if one > 0 else "-"
    print(f"{size:>4} {name:<10} C {one:9.3f} ms   ours {other:9.3f} ms   x {quotient}")
PYTHON
done
