# Bars imported without an exchange get one later: sessions are checked then, and nothing is lost.

file prices.csv <<END
date,symbol,open,high,low,close,volume
2015-01-16,AAA,10,11,9,10,100
2015-01-19,AAA,10,11,9,10,100
2015-01-20,AAA,10,11,9,10.5,100
END

$ lode data import prices.csv | grep -A 1 flagged
  flagged   nothing
            no calendar: sessions not checked

$ lode data relabel --mic XNYS
2> 3 rows of 1 symbol under XXXX become instruments of XNYS, 2015-01-16 .. 2015-01-20
2> 1 row on days that are no session go to quarantine
2> 1 commit will be hidden; nothing is deleted, and older runs still reproduce
2> error[E0006]: lode data relabel was not confirmed, nothing was done
2> help: add --yes to do it
exit 2

$ lode data relabel --mic XNYS --yes
2 bars of XNYS now, 1 set aside; 0 rows of groups, universes and actions follow
1 commit hidden, 1 made
2> error[E3001]: 1 of 3 rows set aside, the rest is stored
2> help: lode data show quarantine
exit 3

$ lode data sql 'select mic, symbol, session, close from bars join instruments using (instrument_id) order by session' --format csv
mic,symbol,session,close
XNYS,AAA,2015-01-16,10
XNYS,AAA,2015-01-20,10.5

$ lode data sql 'select rule, path, raw_line, reason from quarantine' --format csv
rule,path,raw_line,reason
E2011,prices.csv,3,2015-01-19 is not a session of XNYS: Martin Luther King Jr. Day

$ lode data relabel --mic XNYS --yes
2> error[E2101]: no data under the exchange XXXX in ./lake
2> help: lode data show instruments shows the exchange of each; --was names another
exit 5

$ lode data import prices.csv --mic XNYS --quiet 2> words.txt | head -4 | tail -2
  kept              0   1 symbol, 2015-01-16 .. 2015-01-20, daily, XNYS
  dropped           2   duplicates with equal values
exit 3
