# A file of formulas, most of them bad: each says why by its number, the good ones are computed, the exit code tells.

file panel.csv <<END
date,symbol,open,close,sector
2024-01-02,AAA,10,11,tech
2024-01-02,BBB,20,19,bank
2024-01-03,AAA,11,12,tech
2024-01-03,BBB,19,21,bank
END

file mixed.tsv <<END
id	formula
good	rank(-close)
group	rank(sector)
window	ts_mean(close, open)
zero	close / 0
none	indneutralize(close, galaxy)
past	delay(close, -1) / close
deep	close < open < 5
also	close / open
END

$ lode factor compute @mixed.tsv --data panel.csv
date,symbol,factor,value
2024-01-02,AAA,good,1
2024-01-02,AAA,also,1.1
2024-01-02,BBB,good,0.5
2024-01-02,BBB,also,0.95
2024-01-03,AAA,good,1
2024-01-03,AAA,also,1.0909090909090908
2024-01-03,BBB,good,0.5
2024-01-03,BBB,also,1.105263157894737
2> error[E3005]: 6 of 8 formulas failed, the other 2 were computed
2> note: E1109 rank needs a number as argument 1, got the group sector: group (mixed.tsv:3)
2>         3 | rank(sector)
2>           |      ^^^^^^
2>         help: rank(x)
2>       E1104 the window of ts_mean must be a literal number of days, got an expression: window (mixed.tsv:4)
2>         4 | ts_mean(close, open)
2>           |                ^^^^
2>         help: ts_mean(x, days)
2>       E1114 a division by 0 has no value on any day: zero (mixed.tsv:5)
2>         5 | close / 0
2>           |         ^
2>         help: is a field or a digit missing here?
2>       E1106 no field called 'galaxy': none (mixed.tsv:6)
2>         6 | indneutralize(close, galaxy)
2>           |                      ^^^^^^
2>         help: lode factor fields lists them
2>       E1107 this formula looks 1 session into the future: past (mixed.tsv:7)
2>         7 | delay(close, -1) / close
2>           |              ^^ a negative delay reads tomorrow's close
2>         help: use delay(close, 1). To study a leak on purpose: --allow-lookahead (marks every result)
2>       E1108 close < open < 5 is ambiguous; write (close < open) && (open < 5): deep (mixed.tsv:8)
2>         8 | close < open < 5
2>           |              ^
2>         help: write each comparison in parentheses and join them with &&
2> help: lode explain with the number of an error has its page; --json has them all as data
exit 3

# Alone, a formula shows where.
$ lode factor compute 'rank(close / (2 - 2))' --data panel.csv
2> error[E1114]: a division by 0 has no value on any day
2>   1 | rank(close / (2 - 2))
2>     |              ^^^^^^^
2> help: is a field or a digit missing here?
exit 65

$ lode factor compute 'ts_mean(close, 5, min_periods=9)' --data panel.csv
2> error[E1105]: min_periods of ts_mean must be a whole number from 1 to 5, got 9
2>   1 | ts_mean(close, 5, min_periods=9)
2>     |                               ^
2> help: ts_mean(x, days)
exit 65

# Windows longer than the history are told, and are no error: other data may have it.
$ lode factor compute 'ts_mean(close, 20) / close' --data panel.csv -o out.csv
4 rows of 1 factor under profile lode to out.csv
2> warning[E1105]: every cell of ts_mean(close, 20) / close is missing: the window of ts_mean is 20 sessions, the history has 2 sessions

# Other numbers of a call have a range too; what constants give no value is told before any data are read.
file numbers.tsv <<END
weight = sma(close, 3, 5)
bucket = quantile(close, 1.5)
turned = clip(close, 5, 1)
none   = log(0) + close
END

$ lode factor compute @numbers.tsv --data panel.csv
2> error[E1105]: numbers.tsv:1: sma takes m up to n = 3, got 5
2>   1 | sma(close, 3, 5)
2>     |               ^
2> note: all 4 formulas failed, nothing was computed
2>       E1105 quantile takes q as a whole number from 1 to 1000, got 1.5: bucket (numbers.tsv:2)
2>         2 | quantile(close, 1.5)
2>           |                 ^^^
2>         help: quantile(x, q)
2>       E1105 clip takes low up to high = 1, got 5: turned (numbers.tsv:3)
2>         3 | clip(close, 5, 1)
2>           |             ^
2>         help: clip(x, low, high)
2>       E1114 log(0) has no value on any day: none (numbers.tsv:4)
2>         4 | log(0) + close
2>           | ^^^^^^
2>         help: is a field or a digit missing here?
2> help: sma(x, n, m)
exit 65
$ lode factor compute 'ts_mean(close, d=2) - ts_mean(x=close, days=2)' --data panel.csv --format csv
date,symbol,factor,value
2024-01-02,AAA,"ts_mean(close, d=2) - ts_mean(x=close, days=2)",
2024-01-02,BBB,"ts_mean(close, d=2) - ts_mean(x=close, days=2)",
2024-01-03,AAA,"ts_mean(close, d=2) - ts_mean(x=close, days=2)",0
2024-01-03,BBB,"ts_mean(close, d=2) - ts_mean(x=close, days=2)",0
