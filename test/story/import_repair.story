# An import with everything in it: what is kept, dropped, set aside and flagged, and prices in pence among pounds that
# are brought back only when told. Both versions stay.

file bars/2015.csv <<END
date,symbol,open,high,low,close,volume
2015-01-16,AAA,10,11,9,10,100
2015-01-19,AAA,10,11,9,10,100
2015-01-20,AAA,10,11,9,10.5,100
2015-01-21,AAA,10,11,9,abc,100
2015-01-22,AAA,10,10.1,10.4,10.2,100
2015-01-23,AAA,10,11,9,10,100
END

file bars/2019.csv <<END
date,symbol,open,high,low,close,volume
2019-03-04,VOD,88.5,90,88,89.2,100
2019-03-05,VOD,0.881,90,0.88,0.887,120
2019-03-06,VOD,0.89,0.9,0.88,0.891,130
2019-03-07,VOD,88.5,90,88,89,140
2019-03-08,VOD,88,90,87,88,140
2019-03-08,VOD,88,90,87,88,140
2019-03-11,VOD,88,90,87,88,140
2019-03-11,VOD,88,90,87,89,140
END

$ lode data import bars --table bars --mic XNYS
Read 2 files, 14 rows in <number> s

  kept              8   2 symbols, 2015-01-16 .. 2019-03-08, daily, XNYS
  dropped           1   duplicates with equal values
  set aside         5   in the table quarantine, one reason each
  repaired          0   Lode repairs nothing unless told: --repair

  reason                                    rows  first seen
  E2004 close is not a number                  1  bars/2015.csv:5  "abc"
  E2007 high below low                         1  bars/2015.csv:6  h 10.1 l 10.4
  E2011 not a session of XNYS (holiday)        1  bars/2015.csv:3  2015-01-19
  E2012 duplicate day, values differ           2  bars/2019.csv:8  all set aside

  flagged   2 day moves above 50 %, no split known: lode data check
            2 bars in suspected unit errors
            daily bars have no time zone: taken as XNYS sessions
            no actions imported: prices are used as delivered
  raw       2 files copied into the lake
2> error[E3001]: 5 of 14 rows set aside (35.7 %), the rest is stored
2> help: lode data show quarantine, or accept them with --allow-rejects 40%
exit 3

$ lode data check
Checked 8 bars of 2 instruments, 2015-01-16 .. 2019-03-08

  measure         value   wanted
  completeness  80.00 %   > 99 %  fail
  set aside     38.46 %  < 0.1 %  fail
  anomalies     37.50 %    < 1 %  fail
  duplicates     0.00 %      0 %  ok

  set aside                                              rows  first seen
  E2004 value is not a number                               1  bars/2015.csv:5  close is 'abc', expected a number
  E2007 high below low, or open or close outside them       1  bars/2015.csv:6  h 10.1 l 10.4
  E2011 not a session of the exchange                       1  bars/2015.csv:3  2015-01-19 is not a session of XNYS: Martin Luther King Jr. Day
  E2012 duplicate day, values differ                        2  bars/2019.csv:8  VOD on 2019-03-11 stands 2 times with different values

  flagged     bars  first
  move           2  VOD 2019-03-05 89.2 -> 0.887 (-99.0 %)
                    VOD 2019-03-07 0.891 -> 89 (+9888.8 %)
  unit_error     2  VOD 2019-03-05 89.2 -> 0.887 (-99.0 %)
                    VOD 2019-03-06 0.887 -> 0.891 (+0.5 %)

  sessions without a bar  missing  of  longest  from
  AAA                           2   5        2  2015-01-21
2> error[E3002]: completeness 80.00 %, wanted > 99 %; set aside 38.46 %, wanted < 0.1 %; anomalies 37.50 %, wanted < 1 %
2> help: lode data check --json lists the rows; lode data show bars --symbol S shows them
exit 3

$ lode data import bars --table bars --mic XNYS --repair --allow-rejects 50%
Read 2 files, 14 rows in <number> s

  kept              2   2 symbols, 2015-01-16 .. 2019-03-08, daily, XNYS; 2 corrected
  dropped           7   duplicates with equal values
  set aside         5   in the table quarantine, one reason each
  repaired          2   bars in suspected unit errors, prices divided by a power of ten: lode data check

  reason                                    rows  first seen
  E2004 close is not a number                  1  bars/2015.csv:5  "abc"
  E2007 high below low                         1  bars/2015.csv:6  h 10.1 l 10.4
  E2011 not a session of XNYS (holiday)        1  bars/2015.csv:3  2015-01-19
  E2012 duplicate day, values differ           2  bars/2019.csv:8  all set aside

  flagged   2 bars in suspected unit errors: lode data check
            daily bars have no time zone: taken as XNYS sessions
            no actions imported: prices are used as delivered
  raw       2 files copied into the lake

$ lode data sql "select session, open, high, low, close, volume, bars.raw_line from bars join symbols using (instrument_id) where symbol = 'VOD' order by session" --format csv
session,open,high,low,close,volume,raw_line
2019-03-04,88.5,90,88,89.2,100,2
2019-03-05,88.1,90,88,88.7,120,3
2019-03-06,89,90,88,89.1,130,4
2019-03-07,88.5,90,88,89,140,5
2019-03-08,88,90,87,88,140,6

$ lode data show bars --symbol VOD --to 2019-03-06 | tail -2
VOD                    0  2019-03-05  2019-03-05T14:30:00Z  88.1    90   88   88.7     120  false        unit_error,repaired  <word>
VOD                    0  2019-03-06  2019-03-06T14:30:00Z    89    90   88   89.1     130  false        unit_error,repaired  <word>

$ lode data check
Checked 8 bars of 2 instruments, 2015-01-16 .. 2019-03-08

  measure         value   wanted
  completeness  80.00 %   > 99 %  fail
  set aside     38.46 %  < 0.1 %  fail
  anomalies      0.00 %    < 1 %  ok
  duplicates     0.00 %      0 %  ok

  set aside                                              rows  first seen
  E2004 value is not a number                               1  bars/2015.csv:5  close is 'abc', expected a number
  E2007 high below low, or open or close outside them       1  bars/2015.csv:6  h 10.1 l 10.4
  E2011 not a session of the exchange                       1  bars/2015.csv:3  2015-01-19 is not a session of XNYS: Martin Luther King Jr. Day
  E2012 duplicate day, values differ                        2  bars/2019.csv:8  VOD on 2019-03-11 stands 2 times with different values

  flagged     bars  first
  move           1  VOD 2019-03-07 89.1 -> 89 (-0.1 %)
  unit_error     2  VOD 2019-03-05 89.2 -> 88.7 (-0.6 %)
                    VOD 2019-03-06 88.7 -> 89.1 (+0.5 %)
  repaired       2  VOD 2019-03-05 0.887 -> 88.7 (line 3 of bars/2019.csv)
                    VOD 2019-03-06 0.891 -> 89.1 (line 4 of bars/2019.csv)

  known by now                                   number  first
  flagged move, none by the bars that stand now       1  VOD 2019-03-07: 89.1 -> 89

  sessions without a bar  missing  of  longest  from
  AAA                           2   5        2  2015-01-21
2> error[E3002]: completeness 80.00 %, wanted > 99 %; set aside 38.46 %, wanted < 0.1 %
2> help: lode data check --json lists the rows; lode data show bars --symbol S shows them
exit 3

$ lode data show bars --symbol VOD --as-of 2020-01-01 --to 2019-03-06 | tail -2
VOD                    0  2019-03-05  2019-03-05T14:30:00Z  0.881    90  0.88  0.887     120  false        move,unit_error  2019-03-05T21:00:00Z
VOD                    0  2019-03-06  2019-03-06T14:30:00Z   0.89   0.9  0.88  0.891     130  false        unit_error       2019-03-06T21:00:00Z

$ lode data import bars --table bars --mic XNYS --repair --allow-rejects 50% | head -1
Nothing to do: these 2 files were imported before, as commit 2. What it stored:

$ lode data import bars --table bars --mic XNYS --allow-rejects 50% --json | tr ',' '\n' | grep '"repair\|"corrected'
    "corrected": 2
    "repair": false
    "repaired": 0
    "repairs": []
        "repaired": 0
        "repaired": 0

$ lode data import bars --table actions --repair
2> error[E0004]: --repair mends prices of bars, and the table is actions
2> help: leave it out
exit 2
