# A formula that cannot be read costs no other of its file.

file panel.csv <<END
date,symbol,close,volume
2019-01-02,A,10,100
2019-01-02,B,20,0
END

file f.tsv <<END
one	rank(close)
two	rank(close
three	rank(volume)
END

$ lode factor compute @f.tsv --data panel.csv
date,symbol,factor,value
2019-01-02,A,one,0.5
2019-01-02,A,three,1
2019-01-02,B,one,1
2019-01-02,B,three,0.5
2> error[E3005]: 1 of 3 formulas failed, the other 2 were computed
2> note: E1101 f.tsv: line 2: expected ")" to close "(" at 2:9, found the definition on line 3: two
2>         2 | two rank(close
2>           |         ^
2> help: lode explain with the number of an error has its page; --json has them all as data
exit 3

file odd.csv <<END
date,symbol,high,low,close
2019-01-02,A,1,2,0
END

$ lode factor compute 'close + high' --data odd.csv 2>&1 | grep 'at 0 or below'
warning: 1 price of close at 0 or below, 1 bar with high below low, used as they are: lode data import would set them aside

# A table may have a column for the library; a definition stands in for a field, and is said.
file table.tsv <<END
library	id	formula
mine	A	close / vwap
mine	B	vwap * volume
yours	A	rank(vwap)
END

$ lode factor compute @table.tsv --data panel.csv --profile paper
2> error[E1113]: table.tsv:2: mine/A needs field vwap, absent in this data
2>   2 | close / vwap
2>     |         ^^^^
2> note: all 3 formulas failed, nothing was computed
2>       as this one: mine/B, yours/A
2> help: add the column, leave the formula out, or say with --define what to take for it
exit 65
$ lode factor compute @table.tsv --data panel.csv --profile paper --define 'vwap=close*2'
date,symbol,factor,value
2019-01-02,A,mine/A,0.5
2019-01-02,A,mine/B,2000
2019-01-02,A,yours/A,0.5
2019-01-02,B,mine/A,0.5
2019-01-02,B,mine/B,0
2019-01-02,B,yours/A,1
2> warning[W1304]: vwap is close*2 here, as the call defines it (in mine/A, mine/B, yours/A)
$ lode factor compute 'rank(vwap)' --data panel.csv --profile paper --define 'vwap=close*'
2> error[E1101]: in the definition of vwap: expected a number, a field or an operator, found end of formula
2>   1 | close*
2>     |       ^
2> help: lode explain E1101
exit 65
$ lode factor compute 'rank(vwap)' --data panel.csv --define 'rank=close'
2> error[E1102]: --define: rank is an operator: rank(x)
2> help: define another name
exit 65
