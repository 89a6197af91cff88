# A day is appended to a history without computing the history again, and the rows are those of one computation.

file history.csv <<END
date,symbol,close
2024-01-02,AAA,10
2024-01-02,BBB,20
2024-01-03,AAA,11
2024-01-03,BBB,19
2024-01-04,AAA,12
2024-01-04,BBB,25
END

file today.csv <<END
date,symbol,close
2024-01-04,AAA,12
2024-01-04,BBB,25
2024-01-05,AAA,9
2024-01-05,CCC,50
END

$ lode factor stream 'ema(close, 2)' 'rank(close)' --data history.csv --state mean.state -o history_values.csv
12 rows of 2 factors under profile lode to history_values.csv

# A state fits the formulas it was made with.
$ lode factor stream 'ema(close, 3)' --data today.csv --state mean.state -o today_values.csv
2> error[E1115]: mean.state: the state belongs to other formulas, another profile or precision, or a newer version
2> help: take those it was saved with, or start a new one over the history
exit 6

$ lode factor stream 'ema(close, 2)' 'rank(close)' --data today.csv --state mean.state -o today_values.csv && cat today_values.csv
6 rows of 2 factors under profile lode to today_values.csv
date,symbol,factor,value
2024-01-05,AAA,"ema(close, 2)",9.851851851851851
2024-01-05,AAA,rank(close),0.5
2024-01-05,BBB,"ema(close, 2)",
2024-01-05,BBB,rank(close),
2024-01-05,CCC,"ema(close, 2)",
2024-01-05,CCC,rank(close),1

$ lode factor stream 'ema(close, 2)' 'rank(close)' --data today.csv --state mean.state -o today_values.csv
2> error[E2101]: today.csv has no session after 2024-01-05, where the state ends
2> help: give the sessions that came since; --correct takes changed ones from before too
exit 5

# A price of the past turns out to be wrong: what it touches comes again, and the state is that of the corrected history.
$ sed 's/2024-01-04,AAA,12/2024-01-04,AAA,15/' history.csv > corrected.csv; tail -n 2 today.csv >> corrected.csv; echo 2024-01-08,AAA,10 >> corrected.csv

$ lode factor stream 'rank(close)' --data history.csv --state rank.state -o rank_values.csv
6 rows of 1 factor under profile lode to rank_values.csv

$ lode factor stream 'rank(close)' --data corrected.csv --state rank.state --correct -o rank_changed.csv && cat rank_changed.csv
9 rows of 1 factor under profile lode to rank_changed.csv
date,symbol,factor,value
2024-01-04,AAA,rank(close),0.5
2024-01-04,BBB,rank(close),1
2024-01-04,CCC,rank(close),
2024-01-05,AAA,rank(close),0.5
2024-01-05,BBB,rank(close),
2024-01-05,CCC,rank(close),1
2024-01-08,AAA,rank(close),1
2024-01-08,BBB,rank(close),
2024-01-08,CCC,rank(close),

$ lode factor stream 'ema(close, 2)' 'rank(close)' --data today.csv --state mean.state --correct -o again.csv
2> error[E2101]: today.csv has no session after 2024-01-05, where the state ends
2> help: give the sessions that came since; --correct takes changed ones from before too
exit 5
