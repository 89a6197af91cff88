# A panel of more than the memory it may take, in any order of rows, gives the bytes of one that fits; and what is piped in is answered at once.

$ awk 'BEGIN { print "date,symbol,close,volume"; \
    for (y = 1990; y <= 2009; y++) for (m = 1; m <= 12; m++) for (d = 1; d <= 28; d++) for (s = 1; s <= 30; s++) \
      printf "%d-%02d-%02d,S%02d,%.2f,%d\n", y, m, d, s, 50 + s + (d * m * s) % 17 / 4, 1000 + (d * s * y) % 977 }' > by_date.csv

$ (head -1 by_date.csv; tail -n +2 by_date.csv | sort -t, -k2,2 -k1,1r) > by_symbol.csv

$ lode factor compute 'rank(ts_corr(close, volume, 10))' 'ts_mean(close, 60) / close' --data by_date.csv -o held.csv --memory 4000
403,200 rows of 2 factors under profile lode to held.csv

$ lode factor compute 'rank(ts_corr(close, volume, 10))' 'ts_mean(close, 60) / close' --data by_symbol.csv -o streamed.csv --memory 16 && cmp held.csv streamed.csv && echo same
403,200 rows of 2 factors under profile lode to streamed.csv
same

$ lode factor compute 'rank(ts_corr(close, volume, 10))' 'ts_mean(close, 60) / close' --data - < by_symbol.csv | cmp held.csv && echo same
same

# Each session is answered before the next is sent: the second is only written once the first was read.
$ mkfifo in out; (lode factor stream 'rank(close)' --data - < in > out &) ; exec 3> in 4< out; \
    printf 'date,symbol,close\n2024-01-02,A,1\n2024-01-02,B,2\n\n' >&3; for i in 1 2 3; do read line <&4; echo "$line"; done; \
    printf '2024-01-03,A,3\n' >&3; exec 3>&-; cat <&4
date,symbol,factor,value
2024-01-02,A,rank(close),0.5
2024-01-02,B,rank(close),1
2024-01-03,A,rank(close),1
2024-01-03,B,rank(close),

# What cannot be is told with where it stands.
$ printf 'date,symbol,close\n2024-01-03,A,1\n2024-01-02,A,2\n' | lode factor stream 'rank(close)' --data - > /dev/null
2> error[E2027]: a row of 2024-01-02 comes after 2024-01-03 was finished
2>   stdin:3 | 2024-01-02,A,2
2> help: send sessions oldest first; lode factor compute takes files in any order
exit 65

$ printf 'date,symbol,close\n2024-01-03,A,1\n2024-01-02,A,2\n2024-01-03,A,5\n' | lode factor compute 'rank(close)' --data -
2> error[E2012]: stdin has two rows for A on 2024-01-03 with different values: lines 2 and 4
2> help: keep the right one; Lode does not choose
exit 65

$ printf 'date,symbol,close\n2024-01-02,A,1\n' | lode factor compute 'rank(close)' --data -
date,symbol,factor,value
2024-01-02,A,rank(close),1
2> warning[W2110]: one instrument: what compares names on a date (rank, zscore, scale) has nothing to compare

$ printf 'profile nope\na\trank(close)\n' > nope.tsv; head -3 by_date.csv > three.csv; lode factor compute @nope.tsv --data three.csv
2> error[E0004]: nope.tsv:1: no profile called 'nope', expected one of: lode, paper, street, qlib, brain
2> help: mend the line, or leave it out: --profile names one
exit 2

$ printf '# none yet\n' > none.tsv; lode factor compute @none.tsv --data three.csv
2> error[E2014]: none.tsv holds no formula
2> help: a file holds lines of `id<TAB>formula` or `name = formula`
exit 65

$ printf 'a\trank(close)\nb\trank(clsoe)\nc\tts_mean(close, 5)\n' > mixed.tsv; lode factor compute @mixed.tsv --data three.csv
date,symbol,factor,value
1990-01-01,S01,a,0.5
1990-01-01,S01,c,
1990-01-01,S02,a,1
1990-01-01,S02,c,
2> warning[W1302]: the result is a level in price: it moves with the adjustment of prices and shares; a ratio, as in close / delay(close, 5), does not (in c)
2> warning[E1105]: every cell of c is missing: the window of ts_mean is 5 sessions, the history has 1 session
2> error[E3005]: 1 of 3 formulas failed, the other 2 were computed
2> note: E1106 no field called 'clsoe': b (mixed.tsv:2)
2>         2 | rank(clsoe)
2>           |      ^^^^^
2>         help: did you mean 'close'? (lode factor fields)
2> help: lode explain with the number of an error has its page; --json has them all as data
exit 3
