"""COINr's sensitivity analysis of its ASEM example with its formulae in numpy, 600 runs, timed: what chargegap is put beside where R and
COINr are not at hand. Usage: python3 benches/coinr_formulae.py FOLDER_WITH_ASEM_CSVS [RUNS]

Each run makes the index anew from the imputed data, as COINr's Regen() does: outliers treated or not, min-max or z-score, weights
moved by a quarter, arithmetic or geometric means, then ranks. Plain numpy, column by column; needs numpy and scipy.
"""
import csv, sys, time
import numpy as np
from scipy import stats

folder, runs = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 600
meta = list(csv.DictReader(open(f"{folder}/ASEM_iMeta.csv", encoding="utf-8")))
rows = list(csv.DictReader(open(f"{folder}/ASEM_iData.csv", encoding="utf-8")))
num = lambda t: float(t) if t not in ("", "NA") else np.nan
leaves = [m for m in meta if m["Type"] == "Indicator"]
groups = {m["iCode"]: m for m in meta if m["Type"] in ("Aggregate",)}
x = np.array([[num(r[m["iCode"]]) for m in leaves] for r in rows])
for j, m in enumerate(leaves):
    if m["Denominator"] not in ("", "NA"):
        x[:, j] /= np.array([num(r[m["Denominator"]]) for r in rows])
eurasia = np.array([r["EurAsia_group"] for r in rows])
for j in range(x.shape[1]):
    for g in set(eurasia):
        here = (eurasia == g) & np.isnan(x[:, j])
        x[here, j] = np.nanmean(x[eurasia == g, j])
direction = np.array([float(m["Direction"]) for m in leaves])
tree = {}
for m in leaves + list(groups.values()):
    if m["Parent"] not in ("", "NA"):
        tree.setdefault(m["Parent"], []).append(m["iCode"])
order = [g for level in (2, 3, 4) for g, m in groups.items() if float(m["Level"]) == level]
weights = {m["iCode"]: float(m["Weight"]) for m in leaves + list(groups.values())}


def bent(v):
    return abs(stats.skew(v, bias=False)) >= 2 and stats.kurtosis(v, bias=False) >= 3.5


def treated(v):
    v, n = v.copy(), 0
    while bent(v) and n < 5:
        high = stats.skew(v, bias=False) > 0
        end = v.max() if high else v.min()
        rest = v[v < end] if high else v[v > end]
        v[v == end] = rest.max() if high else rest.min()
        n += 1
    return v


def run(rng):
    data = x * direction
    if rng.random() < 0.5:
        data = np.column_stack([treated(c) if bent(c) else c for c in data.T])
    if rng.random() < 0.5:
        data = (data - data.min(0)) / (data.max(0) - data.min(0)) * 99 + 1
    else:
        data = (data - data.mean(0)) / data.std(0, ddof=1) * 10 + 50
    w = {k: v * (1 + 0.25 * (2 * rng.random() - 1)) for k, v in weights.items()}
    geometric = rng.random() < 0.5
    column = {m["iCode"]: data[:, j] for j, m in enumerate(leaves)}
    for g in order:
        ws = np.array([w[c] for c in tree[g]])
        parts = np.column_stack([column[c] for c in tree[g]])
        column[g] = np.exp((np.log(np.maximum(parts, 1)) * ws).sum(1) / ws.sum()) if geometric else (parts * ws).sum(1) / ws.sum()
    return stats.rankdata(-column[order[-1]], method="min")


rng = np.random.default_rng(1)
start = time.process_time()
ranks = np.array([run(rng) for _ in range(runs)])
cpu = time.process_time() - start
print(f"{runs} runs of {len(rows)} units x {len(leaves)} indicators: {cpu:.3f} CPU s; mean rank of {rows[0]['uCode']} {ranks[:, 0].mean():.2f}")
