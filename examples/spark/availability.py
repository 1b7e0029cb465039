#!/usr/bin/env python3
"""Monte Carlo availability on Apache Spark: how often is a service down?

Draws moments in which each thing is down with the chance that its faults a year and the time to repair give, sends them
as lines through `blast-radius what-if --ndjson` with `rdd.pipe`, and counts. The same lines through one process must give the same
answers, and the count must fit what `blast-radius cut-sets` works out without dice. Ends with 1 when either is not so.
"""
import argparse, json, math, os, random, subprocess, sys

from pyspark import SparkConf, SparkContext

HOURS_PER_YEAR = 8760.0  # as `cut-sets` counts

options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
options.add_argument("--command", default="blast-radius", help="the program")
options.add_argument("--topology", default=os.path.join(os.path.dirname(__file__), "topology.json"))
options.add_argument("--entity", default="service/shop", help="whose availability is asked for")
options.add_argument("--repair-hours", type=float, default=24)
options.add_argument("--scenarios", type=int, default=4000)
options.add_argument("--partitions", type=int, default=4)
options.add_argument("--seed", type=int, default=1)
options = options.parse_args()

with open(options.topology) as file:
    platform = json.load(file)


def chance(entity):
    load = platform["kinds"][entity.split("/")[0]]["faults_per_year"] * options.repair_hours
    return load / (HOURS_PER_YEAR + load)


CHANCES = {entity: chance(entity) for entity in platform["entities"]}
SEED = options.seed


def scenario(number):
    """One moment, the same for the same seed and number wherever it is drawn."""
    dice = random.Random(f"{SEED}/{number}")
    return json.dumps({"lost": [entity for entity, chance in CHANCES.items() if dice.random() < chance]})


def program(*arguments, text=None):
    command = [options.command, *arguments, "--quiet", "--topology", options.topology]
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True).stdout


os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
command = os.path.abspath(options.command) if os.path.sep in options.command else options.command
pipe = f"'{command}' what-if --ndjson --quiet --topology '{os.path.abspath(options.topology)}'"
settings = SparkConf().setMaster(f"local[{options.partitions}]").setAppName("availability")
settings.set("spark.ui.enabled", "false").set("spark.ui.showConsoleProgress", "false").set("spark.log.level", "ERROR")
spark = SparkContext(conf=settings)
numbers = spark.parallelize(range(options.scenarios), options.partitions)
answers = numbers.map(scenario).pipe(pipe, checkCode=True).collect()
spark.stop()

alone = program("what-if", "--ndjson", text="\n".join(map(scenario, range(options.scenarios))) + "\n").splitlines()
print(f"{len(answers)} answers of {options.partitions} partitions, the same as of one process: {answers == alone}")

down = sum(any(row["entity"] == options.entity for row in json.loads(answer)["down"]) for answer in answers)
share = down / len(answers)
spread = math.sqrt(max(share * (1 - share), 1 / len(answers)) / len(answers))
sets = json.loads(
    program("cut-sets", options.entity, "--order", "6", "--repair", f"{options.repair_hours:g}h", "--format", "json")
)
bound = sets["availability"]["unavailability"]
print(f"{options.entity} is down {share:.2%} ± {spread:.2%} of the time by dice, at most {bound:.2%} by {len(sets['cutSets'])} cut sets")

# The bound counts moments with several cut sets at once more than once, which here is a small share of them.
fits = share <= bound + 4 * spread and share >= 0.9 * bound - 4 * spread
if answers != alone or not fits or len(answers) != options.scenarios:
    sys.exit(1)
