# The statistics of one's own numbers: what a file may look like, and what is told.

file returns.csv <<END
date,trend,noise,market
2024-01-02,0.012,0.004,0.001
2024-01-03,0.008,-0.006,-0.002
2024-01-04,-0.003,0.011,0.004
2024-01-05,0.015,-0.009,0.001
2024-01-08,0.006,0.002,-0.003
2024-01-09,0.011,-0.001,0.002
2024-01-10,-0.002,0.005,0.000
2024-01-11,0.009,-0.007,0.003
END

$ lode stats dsr returns.csv --trials 20
trend: Sharpe ratio 17.21 a year, the best of 20 trials, 8 returns

  DSR
  0.507  17.05 a year to beat, deviation across trials 8.97 from the series of the file
  0.757  11.40 a year to beat, deviation of worthless trials 6.00, 1 / sqrt(n - 1)
  0.981  0.00 a year to beat, were it the only trial (PSR)

DSR: probability that the true ratio is above what the best of that many worthless trials shows.

$ lode stats mintrl returns.csv
series  Sharpe/year  returns          needed  enough
trend         17.21        8   6 (0.0 years)  yes
noise         -0.29        8           never  no
market         5.01        8  32 (0.1 years)  no

Needed before the ratio is above 0 a year with probability 0.95. Were it the best of many, much more: lode stats dsr.

$ lode stats pbo returns.csv --blocks 4
PBO 0.333: the best of 3 strategies on one half of the rows is in the lower half on the other

  6 choices of half of 4 blocks, 8 rows
  the best makes 22.66 a year in sample and 11.76 out of it (mean Sharpe ratios); it loses in 17 % of choices
  out of sample = 14.48 - 0.12 x in sample

$ lode stats pbo returns.csv
2> error[E2102]: returns.csv has 3 series of 8 rows, expected at least 2 of 32
2> help: give every strategy that was tried, a column each; --blocks 8 needs fewer rows
exit 65

$ lode stats spa returns.csv --benchmark market --resamples 1000
2 strategies against market, 8 rows; the best is trend

  SPA (Hansen)            p 0.0040   (lower below 0.001, upper 0.0040)
  reality check (White)   p 0.0040

p: how often the best of as many, none of them better than the benchmark, looks as good. 1,000 resamples in blocks of 1.0 rows.

$ lode stats sharpe returns.csv --column trend --format csv
series,n,sharpe,sharpe_annual,standard_error,interval_low_annual,interval_high_annual,mean_block,psr,skew,kurtosis
trend,8,1.0838161902493317,17.205048637831197,0.5246671513970202,4.1659689894213425,50.583827621566215,1,0.9805726057772676,-0.5781904153249428,2.022518296115594

file p.csv <<END
factor,p
momentum,0.001
value,0.012
size,0.2
weekday,0.6
END

$ lode stats fdr p.csv --tests 40
test           p        BH        BY      Holm  Bonferroni
momentum  0.0010  0.0400 *  0.1711    0.0400 *    0.0400 *
value     0.0120  0.2400    1.0000    0.4680      0.4800
size      0.2000  1.0000    1.0000    1.0000      1.0000
weekday   0.6000  1.0000    1.0000    1.0000      1.0000

1 of 40 tests are discoveries at a false-discovery rate of 5 % (BH); 2 have p <= 0.05 alone.

$ lode stats fdr p.csv --column q
2> error[E2001]: p.csv has no column 'q'
2> help: it has: factor, p
exit 65

file odd.csv <<END
date,a
2024-01-02,0.1
2024-01-02,0.2
END

$ lode stats sharpe odd.csv
2> error[E2012]: odd.csv: 2024-01-02 stands twice
2> help: keep one row a date; Lode does not choose
exit 65

$ lode stats bootstrap odd.csv --statistic median
2> error[E0004]: --statistic is 'median', expected one of sharpe, mean, volatility, drawdown
2> help: did you mean 'mean'?
exit 2

$ lode stats dsr returns.csv --trials 20 --format csv
series,n,sharpe,sharpe_annual,trials,expected_maximum,trial_deviation_annual,dsr,null_deviation_annual,dsr_null,psr
trend,8,1.0838161902493317,17.205048637831197,20,1.9007079511811982,8.969910268223423,0.5074655181743477,6,0.7569334348522965,0.9805726057772676

file typed.csv <<END
date,trend,other
2024-01-02,n.a,0.004
2024-01-03,0.008,-0.006
2024-01-04,-0.003,0.011
END

$ lode stats dsr typed.csv
2> error[E2004]: typed.csv line 2: 'n.a' in column trend is no number
2> help: leave a missing value empty; --column names the columns to use
exit 65
