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
2> error[E3005]: 6 of 8 formulas failed, the rest is written
2> note: E1109 rank needs a number as argument 1, got the group sector: group
2>       E1104 the window of ts_mean must be a literal number of days, got an expression: window
2>       E1114 a division by 0 has no value on any day: zero
2>       E1106 no field called 'galaxy': none
2>       E1107 this formula looks 1 session into the future: past
2>       E1108 close < open < 5 is ambiguous; write (close < open) && (open < 5): deep
2> help: run a failing formula alone to see where: lode factor compute 'FORMULA' ...
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
4 rows of 1 factor to out.csv
2> warning[E1105]: every cell of ts_mean(close, 20) / close is missing: the window of ts_mean is 20 sessions, the history has 2 sessions
