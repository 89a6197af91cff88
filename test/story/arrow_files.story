# Arrow files out and in: what one lake writes another reads, with the same rows; a cut one is named and nothing is stored.

file one.csv <<END
date,symbol,open,high,low,close,volume
2024-01-02,AAA,10,12,9,11,1000
2024-01-03,AAA,11,12,10,11.5,
END

$ lode data import one.csv --table bars --mic XNYS --lake kept --quiet > answer.txt; \
    lode data sql 'select session as date, symbol, open, high, low, close, volume from bars join symbols using (instrument_id)' \
      --lake kept -o bars.feather
2 rows to bars.feather

$ lode data import bars.feather --table bars --mic XNYS --lake other --quiet > answer.txt; \
    lode data sql 'select session, open, high, low, close, volume, raw_line from bars' --lake other --format csv
session,open,high,low,close,volume,raw_line
2024-01-02,10,12,9,11,1000,1
2024-01-03,11,12,10,11.5,,2

$ lode data tables --lake other --format arrow | head -c 6
ARROW1
$ lode data tables --lake other --format parquet | head -c 4
PAR1
$ lode factor compute close --data bars.feather
date,symbol,factor,value
2024-01-02,AAA,close,11
2024-01-03,AAA,close,11.5

$ head -c 900 bars.feather > cut.arrow; lode data import cut.arrow --table bars --mic XNYS --lake none
2> error[E2015]: cut.arrow is not a whole Arrow file: its end is missing
2> help: ask for the file again, or name another one
exit 65

$ cp bars.feather bars.csv; lode data import bars.csv --table bars --mic XNYS --lake none
2> error[E2003]: bars.csv is an Arrow file, not a table in text
2> help: give it a name that ends in .arrow
exit 65
