# Several files of groups: the one imported last is read and named, another can be asked, a list without dates is marked.

$ awk 'BEGIN { print "date,symbol,open,high,low,close,volume"; for (m = 1; m <= 6; m++) for (d = 1; d <= 28; d++) \
    for (s = 0; s < 12; s++) { c = 50 + s + (d * (s + 3) * 7919 + m * 31) % 97 / 10; \
      printf "2019-%02d-%02d,S%02d,%.2f,%.2f,%.2f,%.2f,100\n", m, d, s, c, c + 1, c - 1, c } }' > bars.csv
$ awk 'BEGIN { print "symbol,sector"; for (s = 0; s < 12; s++) printf "S%02d,%s\n", s, s % 2 ? "Odd" : "Even" }' > today.csv
$ awk 'BEGIN { print "symbol,sector,valid_from"; for (s = 0; s < 12; s++) printf "S%02d,G%d,2019-01-01\n", s, s % 3 }' > dated.csv

$ lode data import bars.csv --quiet; lode data import dated.csv --table groups --quiet; \
    lode data import today.csv --table groups
Read 1 file, 2,016 rows in <number> s

  kept          2,016   12 symbols, 2019-01-01 .. 2019-06-28, daily
  dropped           0   duplicates with equal values
  set aside         0
  repaired          0   Lode repairs nothing unless told: --repair

  flagged   nothing
            no calendar: sessions not checked
            no actions imported: prices are used as delivered
  raw       1 file copied into the lake
Read 1 file, 12 rows in <number> s

  kept             12   12 symbols
  dropped           0   duplicates with equal values
  set aside         0

  raw       1 file copied into the lake
Read 1 file, 12 rows in <number> s

  kept             12   12 symbols
  dropped           0   duplicates with equal values
  set aside         0

            no dates: taken to hold always, which looks ahead
  raw       1 file copied into the lake

$ lode factor fields | tail -1
sector: of user:today (12 names, undated), imported last; --scheme also knows user:dated (12 names)

$ lode factor compute 'group_count(close, sector)' --universe all --from 2019-06-28 | tail -1
2019-06-28,S11,"group_count(close, sector)",6

$ lode factor compute 'group_count(close, sector)' --universe all --from 2019-06-28 --scheme dated | tail -1
2019-06-28,S11,"group_count(close, sector)",4

$ lode factor check 'rank(indneutralize(returns, sector))' | grep -i 'look-ahead\|groups'
Look-ahead check: groups without dates look ahead.
  warning   Look-ahead check              groups without dates look ahead
  warning   Dates of groups               undated: as known today
Groups: sector of user:today, imported last of 2 (--scheme names another).
2> warning[W2108]: sector of user:today has no dates: one list stands on every past day, which looks ahead; import it with valid_from
2> error[E3002]: 1 check failed: One session of delay
2> help: lode docs verdict says what each looks for and what passes it
exit 3

$ lode factor eval 'rank(indneutralize(returns, sector))' --scheme dated | grep -i 'look-ahead\|groups'
2 trials on this universe so far: judge the t by the best of 2. Look-ahead check: passed.
Groups: sector of user:dated, asked of 2.

$ lode why last.rank_ic.5d.mean | grep -A 1 sector
+- factor                         rank(indneutralize(returns, sector))
| |  +- universe all                12 names, 2019-01-01 .. 2019-06-28
--
| |  +- sector                      lake commit 3 (...), scheme user:dated
| |  |  +- dated.csv                sha256 fd7d...  rows 12   set aside 0

$ lode factor eval 'rank(close)' --scheme dated
2> error[E0007]: --scheme dated was given, and nothing here reads groups
2> help: leave it out, or read groups: --group sector, indneutralize(x, sector)
exit 2
