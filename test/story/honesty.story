# What searching costs: told under every factor; a vault that nobody looks into by accident; preparation, combination, premiums.

$ lode demo > answer.txt 2> words.txt; lode factor eval 'rank(-ts_mean(returns,6))' --horizons 5 | grep -A 2 'tried'
5th factor tried on this data, 4 independent of 5. False-discovery q below 0.001; PBO 0.00 over 5 books.
Net book: Sharpe -0.49 a year, deflated 0.00 by the deviation across trials, 0.01 by that of worthless ones.
2 windows end at a last close, bars stop and no delisting is known: import --table instruments.

# A variant of what was tried is a trial more, and no idea more.
$ lode factor eval 'rank(-ts_mean(returns,7))' --horizons 5 --json | python3 -c 'import json, sys; \
  h = json.load(sys.stdin)["data"]["honesty"]; print(h["ordinal"], h["trials"], h["independent_trials"], h["pbo"]["blocks"], h["pbo"]["choices"])'
6 6 4 16 12870

# Asked again, a stored answer is told with the trials of today.
$ lode factor eval 'rank(-ts_mean(returns,6))' --horizons 5 | grep -A 2 'tried'
5th factor tried on this data, 4 independent of 6. False-discovery q below 0.001; PBO 0.00 over 6 books.
Net book: Sharpe -0.49 a year, deflated 0.00 by the deviation across trials, 0.01 by that of worthless ones.
2 windows end at a last close, bars stop and no delisting is known: import --table instruments.

$ lode factor rank 'rank(-ts_mean(returns,5))' quality noise
factor                      IC 5d     t      q   net/yr   DSR  cover  verdict       run
rank(-ts_mean(returns,5))  +0.021  +5.7  0.000   -1.3 %  0.00  100 %  costs eat it  r7
quality                    +0.041  +4.8  0.000  +23.3 %  0.17   99 %  strong        r8
noise                      -0.001  -2.0  0.061  -15.9 %  0.00  100 %  none          r9

3 of 3 shown. 2 are discoveries at a false-discovery rate of 5 %, with 6 trials ever tried on this universe, 4 independent.
q: p of the no-overlap t after Benjamini-Hochberg. DSR: deflated Sharpe ratio of the net book, in the direction
of the IC, by the wider of the deviation across trials (0.095 a session) and that of worthless ones. PBO: 0.00 over 6 books.

# The vault: set once, and every judgement ends before it.
$ lode data vault
this lake has no vault: factors are judged on all of its sessions

$ lode data vault --from 2020-01-02
2> error[E0004]: --from 2020-01-02 leaves nothing to research, bars begin on 2020-01-02
2> help: the last fifth of the sessions is a usual vault
exit 2

$ lode data vault --from 2024-01-02
vault from 2024-01-02 on, set <word>
6 trials on record reached into these sessions before
closed: factors are judged up to the session before

$ lode data vault --from 2024-06-03
2> error[E0011]: this lake's vault was set on <word> sessions from 2024-01-02 on
2> help: a vault is set once: moved afterwards it would be chosen by what was seen
exit 6

$ lode factor eval quality --horizons 5 | grep -i -B 1 -A 1 'vault'
6 trials on this universe so far: judge the t by the best of 6. Look-ahead check: passed.
Ends before the vault (2024-01-02 on), closed.
1st factor tried on this data, 4 independent of 6. False-discovery q 0.001; PBO 0.00 over 6 books.

$ lode factor eval quality --to 2024-06-28
2> error[E0004]: --to 2024-06-28 lies in the vault, which is closed: sessions from 2024-01-02 on
2> help: end before it, or open it, once and on record: lode data vault --open
exit 2

$ lode factor rank quality noise --from 2024-02-01
2> error[E0004]: --from 2024-02-01 lies in the vault, which is closed: sessions from 2024-01-02 on
2> help: end before it, or open it, once and on record: lode data vault --open
exit 2

$ lode data vault --open < /dev/null
2> the vault (sessions from 2024-01-02 on) of ./lake will be opened for good; every look into it is counted and told
2> error[E0006]: lode data vault was not confirmed, nothing was done
2> help: add --yes to do it
exit 2

$ lode data vault --open --reason 'one last test' --yes
vault from 2024-01-02 on, set <word>
6 trials on record reached into these sessions before
opened <word> one last test
0 looks

$ lode factor eval quality --horizons 5 | grep -i 'vault'
Ends before the vault (2024-01-02 on), opened <word>, 0 looks.

$ lode factor report quality --horizons 5 --to 2024-12-31 | grep -i 'vault'
Looks into the vault (2024-01-02 on), opened <word> look 1.

$ lode data vault
vault from 2024-01-02 on, set <word>
6 trials on record reached into these sessions before
opened <word> one last test
1 look
    1  <word>  rank(ts_mean((vwap - low) / (high - low), 5)) [lode]

$ lode data vault --json | python3 -c 'import json, sys; d = json.load(sys.stdin)["data"]; print(d["from"], d["looks"], d["reason"], len(d["looked_at"]))'
2024-01-02 1 one last test 1

# Preparation is language around the formula: the same run as typing it.
$ lode factor eval 'rank(volume)' --horizons 5 --winsorize mad --normalize zscore --neutralize 'sector,reversal' | sed -n 1p; \
  lode factor eval 'zscore(group_neutralize_on(zscore(winsorize_mad(rank(volume))), sector, rank(-ts_mean(returns,5))))' --horizons 5 --json \
  | python3 -c 'import json, sys; print(json.load(sys.stdin)["data"]["run"])'; lode runs list --limit 1 | cut -c1-20
zscore(group_neutralize_on(zscore(winsorize_mad(rank(volume))), sector, rank(-ts_mean(returns, 5))))  all  2020-01..2023-12  1,006 sessions  coverage 99 %  warm-up 5
r12
run  flow         wh
r12  factor eval  zs

$ lode factor eval quality --neutralize size
2> error[E1113]: the field cap is absent in this lake
2> help: lode factor fields lists what this lake has
exit 65

$ lode factor eval quality --neutralize sector,industry
2> error[E0004]: --neutralize names two levels of groups
2> help: the finer one holds the other
exit 2

$ lode factor eval quality --winsorize 3
2> error[E0004]: --winsorize is '3', expected mad, or a share above 0 and below 0.5
2> help: --winsorize mad clips to 3 robust deviations, --winsorize 0.01 to the outer percents of a date
exit 2

# Several factors as one.
$ lode factor combine quality reversal noise --method ic --horizons 5 -o combined.csv --weights weights.csv
combine ic of 252 sessions: rank(ts_mean((vwap - low) / (high - low), 5)); rank(-ts_mean(returns, 5)); rank(volume / delay(volume, 1))  all  2020-01..2023-12  1,006 sessions  coverage 100 %  warm-up 5

  horizon   rank IC          t   q5-q1 gross   net of 10 bp   turnover
   5 d      +0.035      +4.5       +22.9 %/yr     +9.8 %/yr     11 %/d

Break-even at 5 days: 18.2 bp a side. t allows for overlapping horizons.
9 trials on this universe so far: judge the t by the best of 9. Look-ahead check: passed.
Ends before the vault (2024-01-02 on), opened <word>, 1 look.
9th factor tried on this data, 5 independent of 9. False-discovery q below 0.001; PBO 0.00 over 9 books.
Net book: Sharpe +1.00 a year, deflated 0.03 by the deviation across trials, 0.63 by that of worthless ones.
9 windows end at a last close, bars stop and no delisting is known: import --table instruments.

factor    mean weight  newest  dates above 0
quality        +0.503  +0.627           94 %
reversal       +0.442  +0.321          100 %
noise          -0.017  -0.052           38 %

values to combined.csv
weights by date to weights.csv

$ head -2 combined.csv; tail -1 weights.csv; lode runs verify last
date,symbol,factor,value
2020-01-02,SYN0001,combined,
2023-12-29,"noise",-0.05191072334663278
r13  <number> numbers computed again at lake commit 5: bit-identical

$ lode factor eval --values combined.csv --neutralize sector --horizons 5 | sed -n 1,4p
combined.csv, prepared: indneutralize(values, sector)  all  2020-01..2023-12  1,006 sessions  coverage 99 %  warm-up 0

  horizon   rank IC          t   q5-q1 gross   net of 10 bp   turnover
   5 d      +0.035      +4.4       +21.3 %/yr     +8.5 %/yr     11 %/d

$ lode factor combine quality
2> error[E0003]: 1 factor is given, expected 2 to 50
2> help: lode factor combine A B --method ic
exit 2

# What a deviation of each factor earned, and what every name owes to it.
$ lode factor premium quality reversal noise
Fama-MacBeth: 5 sessions ahead, 995 dates, 465 names a date, mean R2 0.031; a deviation of the factor, Newey-West lag 6
factor    premium/yr     t       p    95 % interval
quality      +6.78 %  +3.2   0.002  +2.58 .. +10.97
reversal     +5.05 %  +5.5  <0.001   +3.24 .. +6.86
noise        -0.24 %  -1.3   0.190   -0.60 .. +0.12

Each name's returns on the factor's book (top less bottom bucket), Newey-West errors
factor    mean beta  median  mean t  mean R2  |t|>1.96  after BH  names
quality      -0.009  -0.014   -0.13    0.005       146        82    496
reversal     -0.188  -0.166   -0.85    0.002        69         0    496
noise        +0.337  +0.187   +0.24    0.002        26         0    496
10 trials on this universe so far.
Ends before the vault (2024-01-02 on), opened <word>, 1 look.

$ lode factor premium quality --table factor_details --format csv > rows.csv; cut -d, -f1-10 rows.csv | sed -n 1,3p
factor_name,factor_type,test_date,ticker,beta,tstat,pvalue,rsquared,conf_int_lower,conf_int_upper
quality,factor,2023-12-29,SYN0001,-0.5753761743312328,-5.517900619204198,4.376125799453697e-08,0.033021408819251974,-0.7799995428553662,-0.37075280580709935
quality,factor,2023-12-29,SYN0002,0.18064417415874634,1.6859892130033869,0.09211170515558642,0.003182767056559621,-0.029610857644509853,0.39089920596200256

$ lode factor premium quality --table factor_timeseries --format csv > rows.csv; cut -d, -f1-6 rows.csv | sed -n 1,2p
factor_name,factor_type,date,factor_value,high_portfolio_return,low_portfolio_return
quality,factor,2020-01-14,-0.0060716463050839355,-0.002409502079967528,0.003662144225116408
