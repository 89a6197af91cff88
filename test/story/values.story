# Values of a library go into the lake once, come out as they went in, and each walks back to the lines it was made of.

$ awk 'BEGIN { print "date,symbol,open,high,low,close,volume"; srand(1); \
    for (d = 1; d <= 28; d++) for (s = 1; s <= 3; s++) \
      printf "2019-02-%02d,S%d,%d,%d,%d,%.2f,%d\n", d, s, 10 + s, 14 + s, 8 + s, 10 + s + (d * s) % 3, 1000 + d * s }' > prices.csv

$ lode data import prices.csv --table bars --mic XNYS --allow-rejects 50% > told.txt

$ lode factor compute --library alpha158 --universe all --quiet 2> words.txt; head -2 words.txt
error[E3005]: 1 of 158 formulas failed, the other 157 were computed
note: E1113 needs field vwap, absent in this data: alpha158/VWAP0

$ lode factor compute alpha158/KMID alpha158/STD5 --universe all
2 factors are in the lake already, of the same formulas and data: r1

$ lode factor values alpha158/KMID --symbol S1 --from 2019-02-25 --to 2019-02-26
date,symbol,factor,value
2019-02-25,S1,alpha158/KMID,0.09090909090909091
2019-02-26,S1,alpha158/KMID,0.18181818181818182

$ lode factor compute alpha158/KMID --universe all -o direct.csv --quiet; lode factor values alpha158/KMID -o stored.csv --quiet; cmp direct.csv stored.csv && echo same
same

$ lode data sql "select factor, count(*) n, count(value) present from factor_values where factor in ('alpha158/KMID', 'alpha158/STD5') group by 1 order by 1"
factor          n  present
alpha158/KMID  57       57
alpha158/STD5  57       54

$ lode why r1.alpha158/ROC5.S2.2019-02-11 | sed 's/sha256 .*/sha256 .../; s/lode@[^,]*/lode@.../; s/hash .*/hash .../'
r1.alpha158/ROC5.S2.2019-02-11 = 1.0769230769230769
+- formula              delay(close, 5) / close
+- profile              qlib, f64, formula hash ...
+- known                at the close of 2019-02-11
+- universe all         2019-02-01 .. 2019-02-28
+- close                lake commit 1, 1 part
+- bars                 6 rows, 2019-02-04 .. 2019-02-11
| |  +- 2019-02-11        prices.csv:33  sha256 ...
| |  +- 2019-02-08        prices.csv:24  sha256 ...
| |  +- 2019-02-07        prices.csv:21  sha256 ...
| |  +- 2019-02-06        prices.csv:18  sha256 ...
| |  +- 2019-02-05        prices.csv:15  sha256 ...
| |  +- 2019-02-04        prices.csv:12  sha256 ...
+- run r1               factor compute, lode@..., lake commit 1
Same inputs again: lode runs verify r1   (bit-identical expected)

$ lode runs verify r1
r1  values of 157 factors computed again at lake commit 1: bit-identical

# Values are found by formula too, and where several runs hold them they say whose they are.
$ lode factor values 'std(close, 5) / close' --symbol S1 --from 2019-02-26 --to 2019-02-26 2>&1
date,symbol,factor,value
2019-02-26,S1,alpha158/STD5,0.06435846357954428
note: r1: universe all, profile qlib, f64, 2019-02-01 .. 2019-02-28, lake commit 1
note: std(close, 5) / close is stored as alpha158/STD5: the same formula

# New data are another run; the old one stays. What was computed of the same inputs is kept.
$ printf 'date,symbol,open,high,low,close,volume\n2019-03-01,S1,11,15,9,12,900\n' > more.csv; lode data import more.csv --table bars --mic XNYS > told.txt

$ lode factor compute alpha158/KMID --universe all --quiet; lode factor values alpha158/KMID --from 2019-03-01
date,symbol,factor,value
2019-03-01,S1,alpha158/KMID,0.09090909090909091

$ lode factor compute --library alpha158 --universe all 2> words.txt | grep -E 'continues|sessions'
  sessions                 20   2019-02-01 .. 2019-03-01
  continues                r1   1 session new, 0 computed again, 19 kept
exit 3

$ lode factor values --library alpha158 --from 2019-03-01 -o stored.csv --quiet; lode factor compute --library alpha158 --universe all --from 2019-03-01 -o direct.csv --quiet 2> words.txt; cmp direct.csv stored.csv && echo same
same

$ lode runs verify last
r3  values of 157 factors computed again at lake commit 3: bit-identical

$ lode why last.alpha158/ROC5.S2.2019-02-11 | grep -E 'kept|run ' | sed 's/lode@[^,]*/lode@.../'
+- kept from r1         computed there of lake commit 1; r3 found the same inputs and took it over
+- run r3               factor compute, lode@..., lake commit 3

# Old values can be dropped; what a later run reads of them stays.
$ lode factor values --drop r1
  r1    157 factors, universe all, 2019-02-01 .. 2019-02-28: 2 files, 8 KB; what r3 reads of it stays
would be removed; add --yes to do it

$ lode factor values --drop r1 --yes; lode factor values --library alpha158 --to 2019-02-28 -o old.csv --quiet && wc -l < old.csv
  r1    157 factors, universe all, 2019-02-01 .. 2019-02-28: 2 files, 8 KB; what r3 reads of it stays
removed; the runs and their numbers stay
8950

# A process killed while it stores leaves nothing that is seen.
$ for after in 0.01 0.02 0.04 0.06 0.1; do timeout -s KILL $after lode factor compute --library alpha101 --universe all --quiet > killed.txt 2>&1; done; true

$ lode factor compute --library alpha101 --universe all --quiet > answer.txt 2>&1; lode data verify | sed 's/[0-9]* parts/N parts/'; lode data sql "select count(distinct run) runs, count(distinct factor) factors from factor_values where factor like 'alpha101/%'"
N parts and 2 raw files read: all good
runs  factors
   1       39
