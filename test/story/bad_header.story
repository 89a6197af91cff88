# A header without a needed column: the nearest one, and the command that takes the file as it is.

file bars.csv <<END
Date,Ticker,Open,High,Low,Last,Vol
2024-01-02,AAA,10,11,9,10,100
2024-01-03,AAA,10,11,9,10.5,120
END

$ lode data import bars.csv --table bars
2> error[E2001]: bars.csv has no column for 'close'
2>   1 | Date,Ticker,Open,High,Low,Last,Vol
2>     |                           ^^^^ closest
2> help: lode data import bars.csv --table bars --map close=Last,volume=Vol,symbol=Ticker
2>       found: Date, Ticker, Open, High, Low, Last, Vol    needed: date, symbol, close
exit 65

$ ls
bars.csv

$ lode data import bars.csv --table bars --map close=Last,volume=Vol,symbol=Ticker --mic XNYS
Read 1 file, 2 rows in <number> s

  kept              2   1 symbol, 2024-01-02 .. 2024-01-03, daily, XNYS
  dropped           0   duplicates with equal values
  set aside         0
  repaired          0   Lode repairs nothing unless told: --repair

  flagged   nothing
            daily bars have no time zone: taken as XNYS sessions
...

$ lode data show bars
symbol  interval_seconds  session     start                 open  high  low  close  volume  provisional  flags  known_time
AAA                    0  2024-01-02  2024-01-02T14:30:00Z    10    11    9     10     100  false        -      2024-01-02T21:00:00Z
AAA                    0  2024-01-03  2024-01-03T14:30:00Z    10    11    9   10.5     120  false        -      2024-01-03T21:00:00Z
