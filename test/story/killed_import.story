# An import killed at any moment, then the same import again: no row lost, none doubled, nothing damaged.

$ awk 'BEGIN { print "date,symbol,open,high,low,close,volume"; \
    for (d = 1; d <= 28; d++) for (m = 1; m <= 12; m++) for (s = 1; s <= 300; s++) \
      printf "2019-%02d-%02d,S%03d,10,12,9,%.2f,%d\n", m, d, s, 10 + (d * m * s) % 100 / 100, 1000 + s }' > prices.csv

$ for after in 0.02 0.05 0.08 0.12 0.16 0.2 0.3; do \
    timeout -s KILL $after lode data import prices.csv --table bars --mic XNYS --quiet > killed.txt 2>&1; done; true

$ lode data import prices.csv --table bars --mic XNYS --json > answer.json 2> words.txt; lode data verify
4 parts and 1 raw file read: all good

$ lode data sql 'select count(*) n, count(distinct instrument_id) instruments, count(distinct (instrument_id, session)) apart from bars'
    n  instruments  apart
69300          300  69300

$ lode data import prices.csv --table bars --mic XNYS
Nothing to do: this file was imported before, as commit 1. What it stored:

  kept         69,300   300 symbols, 2019-01-02 .. 2019-12-27, daily, XNYS
  dropped           0   duplicates with equal values
  set aside    31,500   in the table quarantine, one reason each
  repaired          0   Lode repairs nothing unless told: --repair

  reason                                            rows  first seen
  E2011 not a session of XNYS (weekend, holiday)  31,500  prices.csv:2  2019-01-01

  flagged   8,100 rows out of order: lode data check
            daily bars have no time zone: taken as XNYS sessions
            no actions imported: prices are used as delivered
  sorted    1 file shuffled (8,100 of 100,800 rows out of order)
  raw       1 file copied into the lake
2> error[E3001]: 31,500 of 100,800 rows set aside (31.2 %), the rest is stored
2> help: lode data show quarantine, or accept them with --allow-rejects 40%
exit 3
