# Published formulas ship with the program: listed, shown, computed under their own profile, and never made up.

$ lode factor list --libraries
library        formulas  missing  profile  title
alpha101            101        0  paper    101 Formulaic Alphas
alpha158            158        0  qlib     Alpha158, the default feature set of Qlib
alpha158_lode       158        0  lode     Alpha158 with full windows
alpha360            360        0  qlib     Alpha360, sixty sessions of prices and volume over today's
gtja191             190        1  paper    191 short-horizon price and volume formulas
named                49        0  lode     Named price, statement, style and text factors

$ lode factor show alpha101/042
alpha101/042

  formula     rank(vwap - close) / rank(close + vwap)
  qlib        none: Qlib has no rank
  calls       div(rank(sub(vwap, close)), rank(add(close, vwap)))
  profile     paper: what the appendix defines (min(x, d) rolls, windows are
              rounded down, adv is money)
  fields      close, vwap
  warm-up     0 sessions
  unit        ratio
  hash        53a549c1428cd95574c8425ea85fdbd6
  source      Z. Kakushadze, "101 Formulaic Alphas" (2015), Wilmott 2016(84),
              arXiv:1601.00991, Appendix A
  rights      The formulas are stated here as facts of that paper, which prints
              them with the permission of WorldQuant LLC; all rights in them
              remain with their owners.

# A formula typed in one notation is told in all; Qlib's only where Qlib could run it.
$ lode factor show 'If(And($close>$open, Not($low>1)), Mean($close,5), -Max($high,3))' --profile qlib
  formula   close > open && !(low > 1) ? ts_mean(close, 5) : -ts_max(high, 3)
  qlib      If(And($close > $open, Not($low > 1)), Mean($close, 5), -1 * Max($high, 3))
  calls     where(and(gt(close, open), not(gt(low, 1))), ts_mean(close, 5), neg(ts_max(high, 3)))
  profile   qlib
  fields    close, high, low, open
  warm-up   4 sessions
  unit      price
  hash      86f33274cff0b8c465fc6d2e5e15d574

$ lode factor show gtja191/143
2> error[E0009]: gtja191/143 is not offered: a recursion on itself without a first value: read as a running product since the first row it has unbounded memory, which the language does not offer, and it runs to 0 within weeks
2> note: printed: CLOSE>DELAY(CLOSE,1)?(CLOSE-DELAY(CLOSE,1))/DELAY(CLOSE,1)*SELF:SELF
2> help: lode explain E0009
exit 5

file prices.csv <<END
date,symbol,open,high,low,close,volume
2024-01-02,AAA,10,12,9,11,100
2024-01-02,BBB,20,21,18,19,300
2024-01-03,AAA,11,12,10,10,200
2024-01-03,BBB,19,22,19,21,100
END

# Qlib's windows may be short; with full windows the same formula waits.
$ lode factor compute alpha158/MA5 alpha158/KMID --data prices.csv
date,symbol,factor,value
2024-01-02,AAA,alpha158/MA5,1
2024-01-02,AAA,alpha158/KMID,0.1
2024-01-02,BBB,alpha158/MA5,1
2024-01-02,BBB,alpha158/KMID,-0.05
2024-01-03,AAA,alpha158/MA5,1.05
2024-01-03,AAA,alpha158/KMID,-0.09090909090909091
2024-01-03,BBB,alpha158/MA5,0.9523809523809523
2024-01-03,BBB,alpha158/KMID,0.10526315789473684

$ lode factor compute alpha158/MA5 alpha101/101 --data prices.csv
2> error[E0007]: one call has one profile: alpha158/MA5 is of qlib, alpha101/101 of paper
2> help: compute them apart, or say what all of them are to mean: --profile qlib
exit 2

$ lode factor compute named/PEG --data prices.csv
2> error[E1113]: named/PEG needs field eps_ttm, absent in this data
2>   1 | raw_close / eps_ttm / (100 * (eps_ttm / eps_ttm_1y - 1)) / (eps_ttm > 0 && eps_ttm / eps_ttm_1y ...
2>     |             ^^^^^^^
2> help: add the column, leave the formula out, or say with --define what to take for it
exit 65

$ lode factor compute alhpa101/042 --data prices.csv
2> error[E1106]: no field called 'alhpa101'
2>   1 | alhpa101/042
2>     | ^^^^^^^^
2> help: did you mean 'alpha101'?  lode factor list --libraries shows what ships
exit 65

# A whole library: what the data cannot give is named, the rest is computed.
$ lode factor compute --library alpha360 --data prices.csv -o all.csv 2> said.txt
1,200 rows of 300 factors under profile qlib to all.csv
exit 3

$ grep -c alpha360 all.csv && grep -o 'absent in this data: alpha360/VWAP59, alpha360/VWAP58' said.txt
1200
absent in this data: alpha360/VWAP59, alpha360/VWAP58
