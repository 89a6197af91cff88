# A number and its run: listed, shown, compared, asked why down to the bytes of the source files, computed again.

$ LODE_DATA_RAW=reference lode demo > answer.txt 2> words.txt; lode factor eval 'rank(-ts_mean(returns,5))' --horizons 1,5 --cost-bps 5 > answer.txt

$ lode runs list --limit 2
run  flow         what                  ...  universe  commit  finished              code
r5   factor eval  rank(-ts_mean(returns, 5)) ...  all            5  <word>  lode@<hex>
r4   factor eval  ...

$ lode runs show last | sed -n 1,3p
r5  factor eval  rank(-ts_mean(returns, 5))
  hash <hex>  code lode@<hex>  lake commit 5  seed 7
  request {"formula":"rank(-ts_mean(returns, 5))",..."horizons":[1,5],"quantiles":5,"min_names":0,"cost_bps":5.0,...}

# Two runs of one factor: what was asked differently, and only the numbers that follow from it.
$ lode runs diff r2 last
asked differently, r2 -> r5
  cost_bps: 10.0 -> 5.0
  group: sector -> -
  horizons: [1,5,21] -> [1,5]
  scheme: user:synthetic -> -

numbers that differ (<number> are equal)
  number                                         r2           r5
  spread.1d.net_annual                   <number>    <number>
  spread.5d.net_annual                   <number>    <number>
  path.net                               <number>      <number>
...
  and 60 of single months: add --json
only in r2: <number> numbers, such as rank_ic.21d.mean
only in r5: <number> numbers, such as fall.5.depth

$ lode runs diff last last
asked differently, r5 -> r5
  nothing

numbers that differ (<number> are equal)
  none

$ lode why r2.rank_ic.5d.mean
r2.rank_ic.5d.mean = <number> ratio (<number> .. <number>), n 1,249
  Mean over dates of the rank correlation of factor and forward return over h sessions.
+- factor                         rank(-ts_mean(returns, 5))
| |  +- universe all                500 names, 2020-01-02 .. 2025-01-03
| |  +- instruments                 delistings, kinds, names
| |  |  +- .../demo/instruments.csv  sha256 <hex>...  rows 500   set aside 0
| |  +- close                       lake commit 5 (<word> <word> UTC), 6 parts, <number> actions applied
| |  |  +- .../demo/bars/bars_2020.csv  sha256 <hex>...  rows <number>   set aside 1
...
| |  |  +- .../demo/bars/bars_2025.csv  sha256 <hex>...  rows <number>   set aside 0
| |  |  +- .../demo/actions.csv    sha256 <hex>...  rows <number>   set aside 0
...
+- run r2                        factor eval, lode@<hex>, lake commit 5 (<word> <word> UTC), seed 7
Same inputs again: lode runs verify r2   (bit-identical expected)

# A number after costs tells what was charged, and who said so.
$ lode why r5.spread.5d.net_annual | grep -A 9 'costs  '
| |  +- costs                       5 bp a side on all that is bought and sold, both legs (--cost-bps)
| |     +- commission, spread, slippage  one figure for the three: factor.cost_bps
| |     +- borrow, market impact    not charged
| |     +- turnover.5d              <number> % of the book a session; <number> %/yr gross, <number> net: costs take <number>
+- run r5                        factor eval, lode@<hex>, lake commit 5 (<word> <word> UTC), seed 7
Same inputs again: lode runs verify r5   (bit-identical expected)

$ LODE_FACTOR_COST_BPS=7 lode factor eval 'rank(-ts_mean(returns,5))' --horizons 5 > answer.txt; \
  lode why last.path.net | grep 'costs  '; lode why last.path.gross | grep -c 'costs  '
| |  +- costs                       7 bp a side on all that is bought and sold, both legs (LODE_FACTOR_COST_BPS)
0
exit 1

# Only the files of the sessions used: those asked for and the warm-up before them.
$ lode factor eval 'rank(-ts_mean(returns,5))' --horizons 5 --from 2022-01-03 --to 2022-12-30 > answer.txt; \
  lode why last.rank_ic.5d.mean | grep -E 'universe|bars_|close'
| |  +- universe all                <number> names, 2022-01-03 .. 2022-12-30
| |  +- close                       lake commit 5 (<word> <word> UTC), 2 parts, <number> actions applied
| |  |  +- .../demo/bars/bars_2021.csv  sha256 <hex>...  rows <number>   set aside <number>
| |  |  +- .../demo/bars/bars_2022.csv  sha256 <hex>...  rows <number>   set aside <number>

# The printed hash of a file is the file's own.
$ lode why r2.rank_ic.5d.mean --json > why.json; python3 -c 'import json, hashlib, os; \
  files = lambda node: ([node] if node.get("sha256") else []) + [f for child in node["children"] for f in files(child)]; \
  d = json.load(open("why.json"))["data"]; found = files(d["run"]["outcome"]["lineage"]); \
  parts = [p for child in d["run"]["outcome"]["lineage"]["children"] for p in child.get("parts", [])]; \
  print(len(found), "files,", len(set(parts)), "parts,", sum(os.path.exists("lake/" + p) for p in set(parts)), "of them there"); \
  print("all as they are" if found and all(hashlib.sha256(open(f["name"], "rb").read()).hexdigest() == f["sha256"] for f in found) else "differ")'
9 files, 6 parts, 6 of them there
all as they are

$ lode runs verify r2
r2  <number> numbers computed again at lake commit 5: bit-identical

# A byte of a part: found although the panels are cached. What can still be computed is not called verified.
$ part=$(ls lake/tables/bars/*/*.parquet | head -1); cp "$part" kept.parquet; \
  python3 -c 'import sys; f = open(sys.argv[1], "r+b"); f.seek(5000); b = f.read(1); f.seek(5000); f.write(bytes([b[0] ^ 1]))' "$part"; \
  lode runs verify r2; code=$?; cp kept.parquet "$part"; exit $code
r2  not computed again: what the lake stores is not what was imported
2> error[E3004]: r2 rests on 1 stored file that has changed
2> note: tables/bars/...: hash differs
2> help: restore a backup (lode data restore), or revert the commit and import its files again
exit 3

# A byte of a source file: the lake still holds what was imported, and the file is named.
$ cp lake/demo/bars/bars_2021.csv kept.csv; sed -i '2s/1/2/' lake/demo/bars/bars_2021.csv; lode runs verify r2; code=$?; \
  cp kept.csv lake/demo/bars/bars_2021.csv; exit $code
r2  <number> numbers computed again at lake commit 5: bit-identical
2> error[E3004]: r2 rests on 1 stored file that has changed
2> note: .../lake/demo/bars/bars_2021.csv: hash differs
2> help: put the source file back as it was imported, or import the new one: that is a new commit
exit 3

$ mv lake/demo/groups.csv kept.csv; lode runs verify r2; mv kept.csv lake/demo/groups.csv
r2  <number> numbers computed again at lake commit 5: bit-identical
2> .../lake/demo/groups.csv: the referenced file is missing

$ lode runs verify r2 && lode data verify
r2  <number> numbers computed again at lake commit 5: bit-identical
<number> parts and <number> raw files read: all good

# What is not there is told with what is near.
$ lode why r2.rank_ic.5d.maen
2> error[E0009]: run r2 has no number 'rank_ic.5d.maen' among its <number>
2> help: did you mean 'rank_ic.5d.mean'?
exit 5

$ lode why r2
2> error[E0004]: 'r2' is not the id of a number
2> help: a run and a path: r1.rank_ic.5d.mean; lode runs show r1 lists the paths
exit 2

$ lode runs show r77
2> error[E0009]: no run 'r77' among <number> of this lake
2> help: ...
exit 5
