# Formulas over a plain file, without a lake: values, and errors that point at the place.

file prices.csv <<END
date,symbol,close,volume
2024-01-02,AAA,10,100
2024-01-02,BBB,20,100
2024-01-03,AAA,11,200
2024-01-03,BBB,19,100
2024-01-04,AAA,12,300
2024-01-04,BBB,21,100
END

$ lode factor compute 'ts_mean(close, 2)' --data prices.csv
date,symbol,factor,value
2024-01-02,AAA,"ts_mean(close, 2)",
2024-01-02,BBB,"ts_mean(close, 2)",
2024-01-03,AAA,"ts_mean(close, 2)",10.5
2024-01-03,BBB,"ts_mean(close, 2)",19.5
2024-01-04,AAA,"ts_mean(close, 2)",11.5
2024-01-04,BBB,"ts_mean(close, 2)",20

$ lode factor compute 'rank(close)' --data prices.csv --format csv -o out.csv && cat out.csv
6 rows of 1 factor under profile lode to out.csv
date,symbol,factor,value
2024-01-02,AAA,rank(close),0.5
2024-01-02,BBB,rank(close),1
2024-01-03,AAA,rank(close),0.5
2024-01-03,BBB,rank(close),1
2024-01-04,AAA,rank(close),0.5
2024-01-04,BBB,rank(close),1

$ lode factor compute 'ts_meen(close, 2)' --data prices.csv
2> error[E1102]: no operator called 'ts_meen'
2>   1 | ts_meen(close, 2)
2>     | ^^^^^^^
2> help: did you mean 'ts_mean'?  ts_mean(x, days) mean over the last `days` sessions
2>       more: lode explain E1102
exit 65

$ lode factor compute 'rank(ts_corrl(close, volume, 10))' --data prices.csv
2> error[E1102]: no operator called 'ts_corrl'
2>   1 | rank(ts_corrl(close, volume, 10))
2>     |      ^^^^^^^^
2> help: did you mean 'ts_corr'?  ts_corr(x, y, days) correlation over the last `days` sessions
2>       more: lode explain E1102
exit 65

$ lode factor compute 'ts_mean(close, 0)' --data prices.csv
2> error[E1105]: ts_mean needs at least 1 day, got 0
2>   1 | ts_mean(close, 0)
2>     |                ^
2> help: ts_mean(x, days)
exit 65

$ lode factor compute 'ts_mean(close, 99)' --data prices.csv
date,symbol,factor,value
2024-01-02,AAA,"ts_mean(close, 99)",
2024-01-02,BBB,"ts_mean(close, 99)",
2024-01-03,AAA,"ts_mean(close, 99)",
2024-01-03,BBB,"ts_mean(close, 99)",
2024-01-04,AAA,"ts_mean(close, 99)",
2024-01-04,BBB,"ts_mean(close, 99)",
2> warning[W1302]: ...
2> warning[E1105]: every cell of ts_mean(close, 99) is missing: the window of ts_mean is 99 sessions, the history has 3 sessions

$ lode factor compute 'rank(clsoe)' --data prices.csv
2> error[E1106]: no field called 'clsoe'
2>   1 | rank(clsoe)
2>     |      ^^^^^
2> help: did you mean 'close'? (lode factor fields)
exit 65

$ lode factor compute 'rank(close' --data prices.csv
2> error[E1101]: expected ")" to close "(" at 1:5, found end of formula
2>   1 | rank(close
2>     |           ^
2> help: lode explain E1101
exit 65

$ lode factor compute 'delay(close, -1)' --data prices.csv
2> error[E1107]: this formula looks 1 session into the future
2>   1 | delay(close, -1)
2>     |              ^^ a negative delay reads tomorrow's close
2> help: use delay(close, 1). To study a leak on purpose: --allow-lookahead (marks every result)
exit 65

$ lode factor compute 'rank(close)' --data prices.txt
2> error[E0008]: no file or folder prices.txt
2> help: did you mean 'prices.csv'?
exit 5

$ lode factor compute 'rank(close)' --data prices.csv --precision f16
2> error[E0004]: --precision is 'f16', expected one of f64, f32
2> help: lode factor compute --help shows what each option takes
exit 2

$ lode factor compute 'rank(close)' --data prices.csv -o ''
2> error[E0004]: ...
2> ...
exit 2

$ lode factor compute 'rank(close)' --data prices.csv -o no/such/values.csv
2> error[E0008]: no folder no/such to write values.csv in
2> help: mkdir -p no/such, then the same command again
exit 5

$ lode factor compute 'rank(close)' 'ts_mean(close, 2)' --data prices.csv --json > document.json

$ python3 -c 'import json; d = json.load(open("document.json")); print(*d); print(*d["data"]); print(len(d["data"]["rows"]), *d["data"]["rows"][1].values())'
schema data warnings
profile output rows sessions instruments factors failed
12 2024-01-02 AAA ts_mean(close, 2) None

# vwap times volume is the money traded; what the data has not is told for every formula of a file.
file traded.csv <<END
date,symbol,close,vwap,volume
2024-01-02,AAA,10,10.5,100
2024-01-03,AAA,11,11.5,200
END

file library.tsv <<END
a1	adv2
a2	rank(close / open)
a3	close / vwap
a4	cap
a5	amount / open
END

$ lode factor compute @library.tsv --data traded.csv
date,symbol,factor,value
2024-01-02,AAA,a1,
2024-01-02,AAA,a3,0.9523809523809523
2024-01-03,AAA,a1,1675
2024-01-03,AAA,a3,0.9565217391304348
2> note: traded.csv has no amount, taken as vwap * volume
2> error[E3005]: 3 of 5 formulas failed, the other 2 were computed
2> note: E1113 needs field open, absent in this data: a2 (library.tsv:2), a5
2>         2 | rank(close / open)
2>           |              ^^^^
2>         help: add the column, leave the formula out, or say with --define what to take for it
2>       E1113 needs field cap, absent in this data: a4 (library.tsv:4)
2>         4 | cap
2>           | ^^^
2>         help: add the column, leave the formula out, or say with --define what to take for it
2> help: lode explain with the number of an error has its page; --json has them all as data
exit 3

$ ls -A
document.json
library.tsv
out.csv
prices.csv
traded.csv
