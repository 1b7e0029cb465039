#!/usr/bin/env python3
"""Scores a binary on folders of cases with one mechanism of the model switched off at a time.

    ablation.py SCORE BINARY FOLDER [FOLDER ...] [--history FOLDER ...]

SCORE is the scoring script, FOLDER holds cases (topology.yaml, alerts.json, truth.json); folders after --history are
scored with the other cases as history. A mechanism is switched off through `weights:` and `kinds:`, appended to copies of
the topologies. Prints one row of Markdown for each variant: top-1 / top-3 / F1 for each folder.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

VARIANTS = {
    "all of it": {},
    "all kinds fail alike": {"kinds": 3.6},
    "failures pass through silent things free of charge": {"silent_relay": 0},
    "silence of a root is free": {"own_silence": 0},
    "silence downstream is free": {"downstream_silence": 0},
    "alerts that others of a kind have are not missed": {"missing_alert": 0, "missing_symptom": 0},
    "silence of unheard kinds is free": {"unheard_kind": 0},
    "what measures itself may be dead": {"sign_of_life": 0},
    "effects may come at any time": {"usual_delay": 1000000},
    "states weigh no more than measures": {"state_alert": 0},
    "an anomaly weighs like an alert": {"anomaly_alert": 2},
    "signs of own trouble count as any": {"own_share": 0},
    "no diminishing returns": {"repetition": 1, "own_repetition": 1},
    "no preference for the first to alert": {"first_alert": 0},
    "doubting a witness is free": {"witness_doubt": 0},
}


def overlay(topology, settings):
    text = topology
    if "kinds" in settings:
        kinds = sorted(set(re.findall(r'^  "([^/"]+)/', topology, re.M)))
        text += "\nkinds:\n" + "".join(f'  "{kind}": {{faults_per_year: {settings["kinds"]}}}\n' for kind in kinds)
    weights = {name: value for name, value in settings.items() if name != "kinds"}
    if weights:
        text += "\nweights:\n" + "".join(f"  {name}: {value}\n" for name, value in weights.items())
    return text


def score(script, binary, folder, settings, history):
    with tempfile.TemporaryDirectory() as scratch:
        copy = pathlib.Path(scratch, folder.name)
        for truth in folder.glob("*/truth.json"):
            case = copy / truth.parent.name
            case.mkdir(parents=True)
            for name in ("alerts.json", "truth.json"):
                (case / name).symlink_to(truth.parent.resolve() / name)
            (case / "topology.yaml").write_text(overlay((truth.parent / "topology.yaml").read_text(), settings))
        command = [sys.executable, script, binary, str(copy)] + (["--history"] if history else [])
        line = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    values = dict(re.findall(r"(\w+)=([\d.]+)", line))
    return " / ".join(values[name] for name in ("top1", "top3", "F1"))


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    script, binary, *folders = sys.argv[1:]
    split = folders.index("--history") if "--history" in folders else len(folders)
    jobs = [(pathlib.Path(f), False) for f in folders[:split]] + [(pathlib.Path(f), True) for f in folders[split + 1:]]
    print("| Without | " + " | ".join(f.name + (", history" if h else "") for f, h in jobs) + " |")
    print("|---" * (len(jobs) + 1) + "|")
    for name, settings in VARIANTS.items():
        print(f"| {name} | " + " | ".join(score(script, binary, f, settings, h) for f, h in jobs) + " |", flush=True)


main()
