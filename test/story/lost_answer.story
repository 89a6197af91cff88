# An answer that does not arrive whole is no answer: a full disk or a closed stream behind stdout is never exit 0.
skip unless test -c /dev/full

file bars.csv <<END
date,symbol,open,high,low,close,volume
2024-01-02,AAA,10,11,9,10,100
2024-01-03,AAA,10,11,9,10.5,100
2024-01-04,AAA,10,11,9,10.5,100
END

$ lode data import bars.csv --mic XNYS > answer.txt

$ lode --version > /dev/full
2> error[E8006]: the answer could not be written to standard output: no space left
2> help: free some space, or write to a file elsewhere with -o
exit 75

# Every command that prints, in every form; a page, a table, CSV, JSON, and what is longer than a buffer.
$ for command in "--version" "--help" help "help exit-codes" "" factor "factor eval -h" "factor eval --help" "explain E1102" docs \
    "docs formulas" "docs errors" "completions bash" "config show" doctor "data tables" "data show bars" \
    "data show bars --format csv" "data show bars --format json" "data sql select+1" "data sql select+1 --format md" \
    "data sql select+1 --format ndjson" "data sql select+1 --json" "data verify" "data check" "universe list" "factor list" \
    "factor fields" "runs list" "factor compute rank(close) --data bars.csv" "factor compute close --data bars.csv --format csv" \
    "factor compute close --data bars.csv --json" "help --json" "--version --json"; do \
    set -- $command; lode "${@//+/ }" > /dev/full 2> words.txt; code=$?; \
    test $code = 75 && grep -q E8006 words.txt || echo "lode $command: exit $code, $(cat words.txt)"; done

# A program is told in its own form.
$ lode data tables --json > /dev/full
2> {"error":{"code":"limit","number":"E8006",...,"exit":75}}
exit 75

# Nobody reads: the pipe was closed, or stdout was never open.
$ (trap '' PIPE; sleep 0.2; lode help; echo "exit $?" >&2) 2> words.txt | true; cat words.txt
error[E8009]: the answer could not be written to standard output: it is closed
help: let it be read to its end, or write to a file with -o
| exit 69

$ lode data tables >&-
2> error[E8009]: the answer could not be written to standard output: it is closed
2> help: let it be read to its end, or write to a file with -o
exit 69

$ (sleep 0.2; lode help; echo "exit $?" >&2) 2> words.txt | true; cat words.txt
| exit 141

# A file behind -o that cannot take it.
$ lode data sql 'select * from bars' --format csv -o /dev/full
2> error[E8006]: no space left to write /dev/full
2> help: ...
exit 75

$ lode factor compute 'rank(close)' --data bars.csv -o /dev/full
2> error[E8006]: no space left to write /dev/full
2> help: ...
exit 75

$ ln -s /dev/full device; lode data export bars -o device --format csv
2> error[E8006]: no space left to write device
2> help: ...
exit 75

$ test -c /dev/full && test -c device && echo 'devices stay devices'
devices stay devices

# Words that cannot be said do not change the answer.
$ lode data tables --verbose 2> /dev/full > answer.txt; echo "exit $?"; wc -l < answer.txt
| exit 0
<number>
