# A Parquet file that was cut on its way, and one that holds nothing: named, and no lake is made of them.

file one.csv <<END
date,symbol,open,high,low,close,volume
2024-01-02,AAA,10,12,9,11,1000
2024-01-03,AAA,11,12,10,11.5,1000
END

$ lode data import one.csv --table bars --mic XNYS --lake kept --quiet > answer.txt; \
    lode data export bars -o whole.parquet --lake kept > answer.txt; \
    head -c 700 whole.parquet > cut.parquet; : > empty.parquet; ls
answer.txt
cut.parquet
empty.parquet
kept
one.csv
whole.parquet

$ lode data import cut.parquet --table bars --mic XNYS
2> error[E2015]: cut.parquet is not a whole Parquet file: its end is missing
2> help: ask for the file again, or name another one
exit 65

$ lode data import empty.parquet --table bars --mic XNYS
2> error[E2015]: empty.parquet is not a whole Parquet file: it is empty
2> help: ask for the file again, or name another one
exit 65

$ lode data import cut.parquet --table bars --mic XNYS --lake kept
2> error[E2015]: cut.parquet is not a whole Parquet file: its end is missing
2> help: ask for the file again, or name another one
exit 65

$ lode data sql 'select count(*) n from bars' --lake kept --format csv
n
2
