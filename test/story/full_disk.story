# A disk without a free byte: the lake on it answers, an import says that the disk is full, and goes through once there is room.
skip unless unshare -rm true

file one.csv <<END
date,symbol,open,high,low,close,volume
2019-01-02,AAA,10,12,9,11,1000
2019-01-03,AAA,11,12,10,11.5,1000
END

file two.csv <<END
date,symbol,open,high,low,close,volume
2019-01-04,AAA,10,12,9,11,1000
END

$ unshare -rm sh -c 'mkdir small && mount -t tmpfs -o size=1m none small && \
    lode data import one.csv --mic XNYS --lake small/lake --json > small/answer.json 2> words.txt; \
    head -c 2m /dev/zero > small/filler 2> words.txt; df --output=avail small | tail -1 | tr -d " "; \
    lode data show bars --lake small/lake --format csv | cut -d, -f1,3,8; \
    lode data sql "select count(*) n from bars" --lake small/lake --format csv; \
    lode data show commits --lake small/lake --limit 1 --format csv | cut -d, -f 1,3-; \
    lode data verify --lake small/lake; \
    lode data check --lake small/lake | head -1; \
    lode data import two.csv --mic XNYS --lake small/lake 2>&1; echo "exit $?"; \
    rm small/filler; lode data import two.csv --mic XNYS --lake small/lake --quiet | sed -n 3p'
0
symbol,interval_seconds,low
AAA,0,9
AAA,0,10
n
2
commit,command,rows,tables,hidden
1,data import,4,"bars 2, instruments 1, symbols 1",false
3 parts and 1 raw file read: all good
Checked 2 bars of 1 instrument, 2019-01-02 .. 2019-01-03
error[E8006]: the disk is full at <path>/manifest.sqlite
help: free some space; nothing stored was harmed
| exit 75
  kept              1   1 symbol, 2019-01-04 .. 2019-01-04, daily, XNYS
