# Indicators over a file of bars: the index as it stands, a column an output, and what cannot be right is told.

file bars.csv <<END
When,Open,High,Low,Close,Volume
2024-01-02,10,11,9,10,100
2024-01-03,10,12,10,11,200
2024-01-04,11,13,11,12,300
2024-01-05,12,14,12,13,400
2024-01-08,13,16,12,14,500
END

$ lode indicator run sma --period 3 --data bars.csv
When,sma
2024-01-04,11
2024-01-05,12
2024-01-08,13

$ lode indicator run 'sma(3), typprice, top = max(2)' --data bars.csv --pad
When,sma_3,typprice,top
2024-01-02,,10,
2024-01-03,,11,11
2024-01-04,11,12,12
2024-01-05,12,13,13
2024-01-08,13,14,14

$ lode indicator run sma --period 2 --inputs volume --data bars.csv -o out.csv && cat out.csv
4 rows of 1 column to out.csv
When,sma
2024-01-03,150
2024-01-04,250
2024-01-05,350
2024-01-08,450

$ lode indicator run smma --data bars.csv
2> error[E1102]: unknown indicator 'smma'
2> help: did you mean 'gmma' or 'sma'?
exit 65

$ lode indicator run sma --period 0 --data bars.csv
2> error[E1105]: sma: period is 0; expected a whole number from 1 to 100000
2> help: lode explain E1105
exit 65

$ lode indicator run sma --period ten --data bars.csv
2> error[E0004]: sma: period is 'ten', expected a whole number from 1 to 100000
2> help: lode explain E0004
exit 2

$ lode indicator run sma --data bars.csv
2> error[E2102]: sma needs 30 bars before it answers, bars.csv has 5 bars
2> help: give a longer history, or shorter periods
exit 65

$ sed 's/,14,500/,x,500/' bars.csv > text.csv; lode indicator run sma --period 2 --data text.csv
2> error[E2004]: text.csv line 6: 'x' in column Close is no number
2> help: leave a missing value empty; --inputs names the columns to use
exit 65

$ sed 's/Close/Last/' bars.csv > none.csv; lode indicator run sma --period 2 --data none.csv
2> error[E2001]: none.csv has no column 'close'
2> help: it has Open, High, Low, Last, Volume behind its index 'When'; --inputs names the columns to use
exit 65

$ (head -1 bars.csv; sed 1d bars.csv | sort -r) > down.csv; lode indicator run sma --period 2 --data down.csv
2> error[E2027]: down.csv line 3: the index '2024-01-05' comes after '2024-01-08', expected rows from old to new
2> help: sort the file by its first column; an indicator never looks ahead, so order is meaning
exit 65

$ (cat bars.csv; sed 1d bars.csv) > twice.csv; lode indicator run sma --period 2 --data twice.csv
2> error[E2012]: twice.csv: the index '2024-01-02' stands in line 2 and in line 7
2> help: keep one row a bar; Lode does not choose
exit 65
