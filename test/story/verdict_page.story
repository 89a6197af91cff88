# The t of docs/verdict.md, computed by the code on that page from what Lode prints, is the t that Lode prints.

file market.py <<END
import datetime, random
random.seed(11)
day, close = datetime.date(2021, 3, 1), [30.0 + i for i in range(14)]
print("date,symbol,open,high,low,close,volume")
for t in range(150):
    for i in range(14):
        start = close[i] * (1 + random.gauss(0, 0.004))
        close[i] = start * (1 + random.gauss(0, 0.02))
        if t % 29 == i or (i == 3 and 60 <= t < 75) or (i == 9 and t < 40) or (i > 4 and t < 30) or (i > 2 and t == 99):
            continue  # No bar: halted, suspended, not yet listed; few names until day 30, and on day 99.
        volume = 0 if (t + 3 * i) % 37 == 0 else random.randint(1000, 9999)
        print(f"{day + datetime.timedelta(days=t)},N{i:02d},{start:.2f},{max(start, close[i]) * 1.01:.2f},"
              f"{min(start, close[i]) * 0.99:.2f},{close[i]:.2f},{volume}")
END

file check.py <<END
import csv, json, math, os, re
page = open(os.environ["ROOT"] + "/docs/verdict.md").read()
exec(re.search(r"```python\n(.*?)```", page, re.S).group(1))
bars = {(r["date"], r["symbol"]): r for r in csv.DictReader(open("bars.csv"))}
days, names = sorted({k[0] for k in bars}), sorted({k[1] for k in bars})
value = {(r["date"], r["symbol"]): float(r["value"]) for r in csv.DictReader(open("factor.csv")) if r["value"]}
factor = [[value.get((d, n)) for n in names] for d in days]
def tradable(t, n):
    bar = bars.get((days[t], n))
    return bar is not None and float(bar["volume"]) > 0
def label(t, n):
    if (days[t], n) not in bars or t + 2 >= len(days) or not tradable(t + 1, n):
        return None
    out = next((u for u in range(t + 2, len(days)) if tradable(u, n)), None)
    price = lambda u: float(bars[days[u], n]["open"])
    last = float(bars[max(d for d in days if (d, n) in bars), n]["close"])
    return (last if out is None else price(out)) / price(t + 1) - 1
returns = [[label(t, n) for n in names] for t in range(len(days))]
for file, asked in ("eval.json", 0), ("every.json", 1), ("strict.json", 11):
    numbers = json.load(open(file))["data"]["numbers"]["rank_ic"]
    for h in (1, 5, 10):
        theirs, ours = no_overlap_t(factor, returns, h, asked), numbers[f"{h}d"]["t_no_overlap"]["value"]
        print(asked, h, "equal" if math.isclose(theirs, ours, rel_tol=1e-9) else f"page {theirs} lode {ours}")
END

$ python3 market.py > bars.csv && lode data import bars.csv > import.txt 2> /dev/null; tail -1 import.txt > /dev/null

$ lode factor compute 'rank(-ts_delta(close, 3))' --universe all -o factor.csv 2> /dev/null
<number> rows of 1 factor under profile lode to factor.csv

$ lode factor eval 'rank(-ts_delta(close, 3))' --horizons 1,5,10 --json > eval.json

$ lode factor eval 'rank(-ts_delta(close, 3))' --horizons 1,5,10 --min-names 1 --json > every.json

$ lode factor eval 'rank(-ts_delta(close, 3))' --horizons 1,5,10 --min-names 11 --json > strict.json

$ python3 check.py
0 1 equal
0 5 equal
0 10 equal
1 1 equal
1 5 equal
1 10 equal
11 1 equal
11 5 equal
11 10 equal
