# A full disk and sources that hold nothing: a message, and what was stored stays whole.
skip unless unshare -rm true

file one.csv <<END
date,symbol,open,high,low,close,volume
2019-01-02,AAA,10,12,9,11,1000
2019-01-03,AAA,11,12,10,11.5,1000
END

$ mkdir empty && lode data import empty --table bars --mic XNYS
2> error[E2014]: the folder empty is empty
2> help: expected .csv, .txt, .tsv (each also .gz or .zip), .parquet, .arrow or .feather files
exit 65

$ awk 'BEGIN { print "date,symbol,open,high,low,close,volume"; \
    for (d = 2; d <= 28; d++) for (s = 1; s <= 9000; s++) \
      printf "2019-02-%02d,S%d,10,12,9,%.4f,%d\n", d, s, 10 + (d * s * 7919) % 9973 / 9973, 1000 + (s * 31 * d) % 7907 }' > many.csv

$ unshare -rm sh -c 'mkdir small && mount -t tmpfs -o size=1500k none small && \
    lode data import one.csv --table bars --mic XNYS --lake small/lake --quiet && \
    lode data import many.csv --raw reference --table bars --mic XNYS --lake small/lake --quiet 2>&1; echo "exit $?"; \
    lode data verify --lake small/lake; \
    lode data sql "select count(*) n from bars" --lake small/lake --format csv'
Read 1 file, 2 rows in <number> s

  kept              2   1 symbol, 2019-01-02 .. 2019-01-03, daily, XNYS
  dropped           0   duplicates with equal values
  set aside         0
  repaired          0   Lode repairs nothing unless told: --repair

  flagged   nothing
            daily bars have no time zone: taken as XNYS sessions
            no actions imported: prices are used as delivered
  raw       1 file copied into the lake
error[E8006]: writing tables/quarantine/part-<number>.parquet: the disk is full: ...
help: free some space; nothing stored was harmed
| exit 75
3 parts and 2 raw files read: all good
n
2
