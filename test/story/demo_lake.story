# A market whose truth is known: judged, asked why, checked for leaks, and asked for what it does not hold.

$ lode demo --lake demo
Demo market  synthetic, seed 7: 500 names x 1,260 sessions, <number> delisted, <number> splits
             2 signals and 2 decoys planted; 12 dirty rows planted, 12 set aside

             planted   rank IC 5 d, found     no-overlap    net of
                  IC   (95 % interval)                 t     10 bp   verdict
  quality     +0.040   <number> (.<number> .. .<number>)        <number>  <number> %/yr   found
  reversal    +0.020   <number> (.<number> .. .<number>)        <number>   <number> %/yr   costs eat it
  noise        0.000   <number> (...)       <number>  <number> %/yr   nothing
  slow noise   0.000   <number> (...)       <number>   <number> %/yr   nothing

2 of 2 signals found, 0 of 2 decoys taken...
4 trials, counted. Look-ahead check: passed.

Report  demo/runs/r1/report.html  (<number> KB, opens offline)
Next    lode factor eval 'YOUR FORMULA'...

$ lode factor eval 'rank(-ts_delta(close,5))' --lake demo
rank(-ts_delta(close,5))  all  2020-01..2025-01  1,260 sessions  coverage <number> %  warm-up 5

  horizon   rank IC          t   q5-q1 gross   net of 10 bp   turnover
   1 d      <number>      <number>       <number> %/yr     <number> %/yr     <number> %/d
   5 d      <number>      <number>       <number> %/yr     <number> %/yr     <number> %/d
  21 d      <number>      <number>        <number> %/yr     <number> %/yr      <number> %/d

Costs eat the 1-day edge: break-even <number> bp a side. t allows for overlapping horizons.
5 trials on this universe so far: ... Look-ahead check: passed.
5th factor tried on this data, 4 independent of 5. False-discovery q below 0.001; PBO 0.00 over 5 books.
Net book: Sharpe -0.62 a year, deflated 0.00 by the deviation across trials, 0.00 by that of worthless ones.
2 windows end at a last close, bars stop and no delisting is known: import --table instruments.

$ lode why last.rank_ic.5d.mean --lake demo
r5.rank_ic.5d.mean = <number> ratio (<number> .. <number>), n 1,249
  Mean over dates of the rank correlation of factor and forward return over h sessions.
+- factor                         rank(...delta(close, 5))
| |  +- universe all                500 names, 2020-01-02 .. 2025-01-03
...
| |  +- close                       lake commit 5 (<word> <word> UTC), 6 parts, <number> actions applied
| |  |  +- demo/demo/bars/bars_2020.csv  sha256 <hex>...  rows <number>   set aside <number>
...
+- run r5                        factor eval, lode@<hex>, lake commit 5 (<word> <word> UTC), seed 7
Same inputs again: lode runs verify r5   (bit-identical expected)

$ lode runs verify r5 --lake demo
r5  <number> numbers computed again at lake commit 5: bit-identical

$ lode factor eval 'rank(ts_delta(delay(close, -1), 5))' --lake demo
2> error[E1107]: this formula looks 1 session into the future
2>   1 | rank(ts_delta(delay(close, -1), 5))
2>     |                            ^^ a negative delay reads tomorrow's close
2> note: with it, 5-day rank IC is <number>; without it <number>, counted as a trial (r6)
2> help: use delay(close, 1). To study a leak on purpose: --allow-lookahead (marks every result)
exit 65

$ lode factor check 'rank(ts_delta(delay(close, -1), 5))' --lake demo
Look-ahead check: found.
2> error[E3003]: this formula looks 1 session into the future
2>   1 | rank(ts_delta(delay(close, -1), 5))
2>     |                            ^^ a negative delay reads tomorrow's close
2> note: with it, 5-day rank IC is <number>; without it <number>, counted as a trial (r6)
2> help: use delay(close, 1). To study a leak on purpose: --allow-lookahead (marks every result)
exit 3

$ lode factor eval 'rank(ts_corrl(close, volume, 10))' --lake demo
2> error[E1102]: no operator called 'ts_corrl'
2>   1 | rank(ts_corrl(close, volume, 10))
2>     |      ^^^^^^^^
2> help: did you mean 'ts_corr'?  ts_corr(x, y, days) correlation over the last `days` sessions
2>       more: lode explain E1102
exit 65

$ lode factor eval 'rank(close)' --from 2010-01-01 --to 2010-12-31 --lake demo
2> error[E2101]: no bars of universe all between ... and 2010-12-31
2> note: the lake has bars from 2020-01-02 to 2025-01-03
2> help: choose dates inside: --from 2020-01-02 --to 2025-01-03
exit 5

$ lode factor eval 'rank(close)' --universe lagre --lake demo
2> error[E2103]: no universe called 'lagre' in this lake
2> help: did you mean 'large'?
exit 5

$ lode data show bars --symbol "$(lode data sql 'select min(symbol) s from instruments' --format csv --lake demo | tail -1)" --from 2010-01-01 --to 2010-12-31 --lake demo
2> error[E2101]: no bars for <word> between 2010-01-01 and 2010-12-31
2>       asked by data show; the lake has <word> from 2020-01-02
2> help: start later: --from 2020-01-02 --to <word>
exit 5
