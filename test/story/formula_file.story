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
2> error[E3005]: 1 of 3 formulas failed, the rest is written
2> note: E1101 f.tsv: line 2: expected ")" to close "(" at 2:9, found the definition on line 3: two
2> help: run a failing formula alone to see where: lode factor compute 'FORMULA' ...
exit 3

file odd.csv <<END
date,symbol,high,low,close
2019-01-02,A,1,2,0
END

$ lode factor compute 'close + high' --data odd.csv 2>&1 | grep 'at 0 or below'
warning: 1 price of close at 0 or below, 1 bar with high below low, used as they are: lode data import would set them aside
