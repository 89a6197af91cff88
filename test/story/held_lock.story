# Another process holds the lock of a lake: who waits says for whom, and goes on when it is free.

file one.csv <<END
date,symbol,open,high,low,close,volume
2019-01-02,AAA,10,12,9,11,1000
END

file two.csv <<END
date,symbol,open,high,low,close,volume
2019-01-03,AAA,10,12,9,11,1000
END

$ lode data import one.csv --mic XNYS --quiet | sed -n 3p
  kept              1   1 symbol, 2019-01-02 .. 2019-01-02, daily, XNYS

$ (flock 9; sleep 2) 9< lake/lock & sleep 0.5; lode data import two.csv --mic XNYS 2>&1 > answer.txt; sed -n 3p answer.txt; wait
waiting for process <number> on <word>, which is writing to the lake
  kept              1   1 symbol, 2019-01-03 .. 2019-01-03, daily, XNYS

# Reading waits for nobody.
$ (flock 9; sleep 1) 9< lake/lock & sleep 0.2; lode data sql 'select count(*) n from bars' --format csv; wait
n
2
