# What an import meets beside good bars: bars after a delisting, names for symbols, bars within the day, odd files, a lost lake.

file bars.csv <<END
date,symbol,open,high,low,close,volume
2019-01-02,AAA,10,11,9,10,100
2019-01-03,AAA,10,11,9,10,100
2019-01-04,AAA,10,11,9,10,100
END

file gone.csv <<END
symbol,delisted_on,delisting_return
AAA,2019-01-03,-0.3
END

file in/prices.csv <<END
Date,Open,High,Low,Close,Volume
2019-01-02,20,21,19,20,100
END

file in/data_export_of_everything_2019.csv <<END
Date,Open,High,Low,Close,Volume
2019-01-02,20,21,19,20,100
END

file in/minutes.csv <<END
Datetime,symbol,Open,High,Low,Close,Volume
2019-01-02 09:30,CCC,20,21,19,20,100
2019-01-02 09:45,CCC,20,21,19,20.5,100
END

$ lode data import bars.csv --mic XNYS --quiet; lode data import gone.csv --table instruments --mic XNYS
Read 1 file, 3 rows in <number> s

  kept              3   1 symbol, 2019-01-02 .. 2019-01-04, daily, XNYS
  dropped           0   duplicates with equal values
  set aside         0
  repaired          0   Lode repairs nothing unless told: --repair

  flagged   nothing
            daily bars have no time zone: taken as XNYS sessions
            no actions imported: prices are used as delivered
  raw       1 file copied into the lake
Read 1 file, 1 row in <number> s

  kept              1   1 symbol, XNYS; 1 corrected
  dropped           0   duplicates with equal values
  set aside         0

            1 name has bars after its delisting, first AAA (2019-01-03, bars to 2019-01-04): lode data check
  raw       1 file copied into the lake

$ lode data check
Checked 3 bars of 1 instrument, 2019-01-02 .. 2019-01-04

  measure          value   wanted
  completeness  100.00 %   > 99 %  ok
  set aside       0.00 %  < 0.1 %  ok
  anomalies       0.00 %    < 1 %  ok
  duplicates      0.00 %      0 %  ok

  delistings with bars after them  delisted on  bars after it  from        to
  AAA                              2019-01-03               1  2019-01-04  2019-01-04
2> error[E3002]: 1 delisting with bars after it
2> help: lode data check --json lists the rows; lode data show bars --symbol S shows them
exit 3

$ ln -s nowhere in/broken.csv; mkfifo in/pipe.csv; lode data import in --mic XNYS
Read 1 file, 1 row in <number> s

  kept              1   1 symbol, 2019-01-02 .. 2019-01-02, daily, XNYS
  dropped           0   duplicates with equal values
  set aside         0
  repaired          0   Lode repairs nothing unless told: --repair

  flagged   nothing
            daily bars have no time zone: taken as XNYS sessions
            no column for the symbol: taken from the file's name, prices.csv as PRICES
            no actions imported: prices are used as delivered
  skipped   in/broken.csv: a link to nowhere, which is not there
            in/pipe.csv: a pipe
            in/data_export_of_everything_2019.csv: has no column for 'symbol', and the file's name can be none: up to 24 of A-Z 0-9 . - _ ^ = / & + $ #
            in/minutes.csv: intraday bars, which are not stored yet: CCC on 2019-01-02 at 09:30 and at 09:45
  raw       1 file copied into the lake

$ lode data import in/minutes.csv --mic XNYS
2> error[E2012]: in/minutes.csv has intraday bars, which are not stored yet: CCC on 2019-01-02 at 09:30 and at 09:45
2> help: make one bar a day of them first: first open, highest high, lowest low, last close, sum of volume
exit 65

$ rm lake/manifest.sqlite*; lode data tables; lode data import bars.csv --mic XNYS
2> error[E8007]: the manifest of the lake ... is lost: ... is missing, and the lake's parts are there (tables/bars/year=2019/part-<number>.parquet)
2> help: bring a backup back as a new folder with `lode data restore BACKUP --lake OTHER`, or import into another folder with --lake; nothing here was touched
2> error[E8007]: the manifest of the lake ... is lost: ... is missing, and the lake's parts are there (tables/bars/year=2019/part-<number>.parquet)
2> help: bring a backup back as a new folder with `lode data restore BACKUP --lake OTHER`, or import into another folder with --lake; nothing here was touched
exit 1
