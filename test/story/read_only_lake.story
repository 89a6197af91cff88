# A lake that may only be read answers questions and refuses an import; one of a newer version refuses both.
skip unless [ $(id -u) != 0 ] || setpriv --reuid 65534 --clear-groups lode --version

file one.csv <<END
date,symbol,open,high,low,close,volume
2019-01-02,AAA,10,12,9,11,1000
2019-01-03,AAA,11,12,10,11.5,1000
END

file two.csv <<END
date,symbol,open,high,low,close,volume
2019-01-04,AAA,10,12,9,11,1000
END

$ lode data import one.csv --table bars --mic XNYS --quiet > words.txt && chmod -R a-w lake && lode data tables
table        rows  first       last        parts  KB  commit  holds
bars            2  2019-01-02  2019-01-03      1   3       1  open, high, low, close, volume over an interval; raw, never adjusted
instruments     1  -           -               1   3       1  what is traded
symbols         1  -           -               1   2       1  dated spellings of an instrument

<path> at commit 1

# Root may everything, so root becomes nobody here.
$ [ $(id -u) != 0 ] || as="setpriv --reuid 65534 --clear-groups"; $as lode data sql 'select count(*) n from bars' --format csv
n
2

$ [ $(id -u) != 0 ] || as="setpriv --reuid 65534 --clear-groups"; $as lode data import two.csv --table bars --mic XNYS
2> error[E8004]: the lake <path> is read-only: its folder cannot be written
2> help: check the owner and the permissions of the folder, or use another one with --lake
exit 6

$ chmod -R u+w lake && lode data verify
3 parts and 1 raw file read: all good

$ python3 -c "import sqlite3; db = sqlite3.connect('lake/manifest.sqlite'); db.execute('update meta set value = 2 where name = \'format_version\''); db.commit()"

$ lode data tables
2> error[E8002]: the lake at <path>/manifest.sqlite has format version 2, this program reads up to 1
2> help: use the newer program; nothing was changed
exit 6
