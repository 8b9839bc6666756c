#!/usr/bin/env python3
"""Measures `evenhand audit` on a large table of applications against other programs, in one run on one machine.

evenhand reads the CSV and makes every default comparison; polars and DuckDB only group and count the same CSV; Fairlearn
computes its metric frame of rows that are in memory already, fewer of them, because it takes minutes for a million.
What counts is the ratio.

    cargo build --release
    python3 benches/audit_against.py [--rows 10000000] [--folder FOLDER]

polars, duckdb and fairlearn (with pandas) are optional: what is not installed is said and left out.
"""

import argparse
import importlib.util
import os
import random
import resource
import subprocess
import sys
import time

COLUMNS = {
    "ethnic_group": ["White British", "White Irish", "Any other White background", "Indian", "Pakistani",
                     "Bangladeshi", "Chinese", "Black African", "Black Caribbean", "White and Black Caribbean",
                     "White and Asian", "Arab", "Prefer not to say"],
    "sex": ["Female", "Male", "Prefer not to say"],
    "gender_identity": ["Yes", "No", "Prefer not to say"],
    "age_band": ["16-24", "25-29", "30-34", "35-39", "40-44", "45-49", "50-54", "55-59", "60-64", "65+"],
    "disability": ["Yes", "No", "Prefer not to say", ""],
    "religion": ["Christian", "Muslim", "No religion", "Sikh", "Hindu", "Buddhist", "Jewish"],
    "sexual_orientation": ["Heterosexual", "Gay", "Bisexual", "Prefer not to say"],
    "marital_status": ["Single", "Married", "Divorced", "Widowed"],
    "caring_responsibilities": ["Yes", "No"],
}
STAGES = ["received", "received", "received", "received", "shortlisted", "shortlisted", "interviewed", "offered",
          "appointed"]


def generate(path, rows, vacancies):
    """Rows that look random and are the same every time, written in blocks that are put together from parts."""
    chance = random.Random(20260401)
    names = list(COLUMNS)
    # Tails of rows are drawn once and used again, which makes writing fast and the file no easier to read.
    tails = [
        ",".join([chance.choice(COLUMNS[name]) for name in names] + [chance.choice(STAGES), "no"])
        for _ in range(200_003)
    ]
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write("application_id,vacancy_id," + ",".join(names) + ",furthest_stage,withdrew\n")
        block = []
        for row in range(rows):
            block.append(f"A{row:08d},V{chance.randrange(vacancies):04d},{tails[row % len(tails)]}\n")
            if len(block) == 100_000:
                file.write("".join(block))
                block.clear()
        file.write("".join(block))


def child(arguments):
    """Runs a program; seconds, and the most memory it held in MiB."""
    start = time.perf_counter()
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    if status != 0:
        sys.exit(f"{arguments[0]} ended with status {status}")
    return seconds, usage.ru_maxrss / 1024


def processor_seconds():
    """What all children so far have used of the processors."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


POLARS = """
import sys, polars as pl
path, names = sys.argv[1], sys.argv[2].split(",")
table = pl.read_csv(path, columns=["vacancy_id", "furthest_stage"] + names)
rows = sum(table.group_by("vacancy_id", name, "furthest_stage").len().height for name in names)
"""
POLARS_LAZY = """
import sys, polars as pl
path, names = sys.argv[1], sys.argv[2].split(",")
table = pl.scan_csv(path)
counts = pl.collect_all([table.group_by("vacancy_id", n, "furthest_stage").len() for n in names])
"""
DUCKDB = """
import sys, duckdb
path, names = sys.argv[1], sys.argv[2].split(",")
sets = ",".join(f"(vacancy_id,{name},furthest_stage)" for name in names)
duckdb.sql(f"select vacancy_id,furthest_stage,{','.join(names)},count(*) from read_csv('{path}', all_varchar=true) "
           f"group by grouping sets ({sets})").fetchnumpy()
"""
FAIRLEARN = """
import sys, time, pandas as pd
from fairlearn.metrics import MetricFrame, count, selection_rate
path, names = sys.argv[1], sys.argv[2].split(",")
table = pd.read_csv(path, dtype=str, keep_default_na=False)
passed = (table["furthest_stage"] != "received").astype(int)
start = time.perf_counter()
for name in names:
    frame = MetricFrame(metrics={"rate": selection_rate, "count": count}, y_true=passed, y_pred=passed,
                        sensitive_features=table[[name]])
    frame.by_group, frame.ratio(), frame.difference()
print(time.perf_counter() - start, flush=True)
"""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--vacancies", type=int, default=2000)
    parser.add_argument("--folder", default="/tmp")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--fairlearn-rows", type=int, default=100_000)
    parser.add_argument("--evenhand", default=os.path.join(os.path.dirname(__file__), "../target/release/evenhand"))
    arguments = parser.parse_args()
    if not os.path.exists(arguments.evenhand):
        sys.exit(f"{arguments.evenhand} is not there; run: cargo build --release")
    path = os.path.join(arguments.folder, f"evenhand_{arguments.rows}_{arguments.vacancies}.csv")
    if not os.path.exists(path):
        print(f"writing {path} ...", flush=True)
        generate(path, arguments.rows, arguments.vacancies)
    print(f"{arguments.rows:,} rows, {arguments.vacancies:,} vacancies, {len(COLUMNS)} characteristics, "
          f"{os.path.getsize(path) / 2**20:,.0f} MiB, {os.cpu_count()} processors; best of {arguments.repeat}")
    names = ",".join(COLUMNS)
    contenders = [("evenhand audit", [arguments.evenhand, "audit", "--applications", path, "--format", "json"])]
    for package, name, program in [("polars", "polars, group and count", POLARS),
                                   ("polars", "polars, the same lazily", POLARS_LAZY),
                                   ("duckdb", "DuckDB, group and count", DUCKDB)]:
        if importlib.util.find_spec(package):
            contenders.append((name, [sys.executable, "-c", program, path, names]))
        else:
            print(f"{name}: not measured, {package} is not installed")
    best = {}
    # In turn, so that a slow minute of the machine is everybody's.
    for _ in range(arguments.repeat):
        for name, command in contenders:
            seconds, memory = child(command)
            known = best.get(name, (float("inf"), 0.0))
            best[name] = (min(known[0], seconds), max(known[1], memory))
    own = best["evenhand audit"][0]
    for name, (seconds, memory) in best.items():
        print(f"{name:28} {seconds:8.2f} s {memory:8.0f} MiB   {seconds / own:6.2f} times evenhand's time")
    if importlib.util.find_spec("fairlearn") and importlib.util.find_spec("pandas"):
        fewer = os.path.join(arguments.folder, f"evenhand_{arguments.fairlearn_rows}_{arguments.vacancies}.csv")
        if not os.path.exists(fewer):
            generate(fewer, arguments.fairlearn_rows, arguments.vacancies)
        own, other, own_processor, other_processor = (float("inf"),) * 4
        for _ in range(2):
            before = processor_seconds()
            seconds, _ = child([arguments.evenhand, "audit", "--applications", fewer, "--format", "json"])
            between = processor_seconds()
            frame = float(subprocess.run([sys.executable, "-c", FAIRLEARN, fewer, names], check=True,
                                         capture_output=True, text=True).stdout)
            own, other = min(own, seconds), min(other, frame)
            own_processor = min(own_processor, between - before)
            other_processor = min(other_processor, processor_seconds() - between)
        print(f"{arguments.fairlearn_rows:,} rows: evenhand with reading {own:.2f} s; Fairlearn's MetricFrame without "
              f"reading {other:.2f} s, {other / own:.1f} times evenhand's time; processor time of the programs "
              f"{own_processor:.2f} s and {other_processor:.2f} s")
    else:
        print("Fairlearn: not measured, fairlearn or pandas is not installed")


if __name__ == "__main__":
    main()
