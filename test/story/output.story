# What goes where: data to stdout, words to stderr, no colour into a pipe, one document for a program, an exit code each.

file bars.csv <<END
date,symbol,open,high,low,close,volume
2024-01-02,AAA,10,11,9,10,100
2024-01-03,AAA,10,11,9,10.5,abc
2024-01-04,AAA,10,11,9,10.5,100
END

$ for page in "" help -h "help exit-codes" docs "docs formulas" factor "factor eval --help" "factor eval -h" "config show" \
    "help environment" "explain E3001" "completions bash" doctor "docs errors"; do \
    lode $page > page.txt 2> words.txt || echo "lode $page: exit $?"; \
    test -s page.txt || echo "lode $page says nothing"; test -s words.txt && echo "lode $page: words on stderr"; \
    cat -v page.txt | grep -qE '\^\[' && echo "lode $page: an escape"; done; true

$ for noun in data universe factor runs config; do lode $noun | awk 'length > 80'; done

$ lode help --json | python3 -c 'import json, sys; print(*[row["command"] for row in json.load(sys.stdin)["data"]], sep="\n")' > commands.txt; \
  while read -r command; do $command --help < /dev/null | awk -v c="$command" 'length > 80 { print c ": " $0 }'; \
    test "$($command -h < /dev/null | wc -l)" -le 24 || echo "$command -h is more than a screen"; done < commands.txt

$ lode data import bars.csv --mic XNYS > answer.txt
2> error[E3001]: 1 of 3 rows set aside (33.3 %), the rest is stored
2> help: lode data show quarantine, or accept them with --allow-rejects 40%
exit 3

$ grep -c error answer.txt
0
exit 1

$ lode data show bars --format csv 2> words.txt | head -1; cat words.txt
symbol,instrument_id,interval_seconds,session,start,open,high,low,close,volume,amount,vwap,trades,close_vendor,provisional,flags,event_time,known_time,known_assumed,source,raw_hash,raw_line

$ for command in "data tables" "data show bars" "data check" "data verify" "universe list" "factor list" "factor fields" \
    "runs list" "config show" doctor "explain E1102" "docs glossary" "data sql select-nothing"; do \
    lode $command --json > document.json 2> words.txt; code=$?; \
    python3 -c 'import json; d = json.load(open("document.json")); assert list(d) == ["schema", "data", "warnings"], d' 2> /dev/null \
      || python3 -c 'import json; e = json.load(open("words.txt"))["error"]; assert list(e) == ["code", "number", "message", "where", "note", "hint", "id", "docs", "exit"]; print(e["number"], e["exit"])'; \
    echo "$command: exit $code"; done
data tables: exit 0
data show bars: exit 0
data check: exit 3
data verify: exit 0
universe list: exit 0
factor list: exit 0
factor fields: exit 0
runs list: exit 0
config show: exit 0
doctor: exit 0
explain E1102: exit 0
docs glossary: exit 0
E2017 65
data sql select-nothing: exit 65

$ lode data tables --lake nowhere --json
2> {"error":{"code":"not_found","number":"E8001","message":"there is no lake at nowhere","where":"","note":"","hint":"...","id":"<hex>","docs":"lode explain E8001","exit":5}}
exit 5

$ lode data show bars --verbose > answer.txt
2> lake    ./lake
2> bytes   <number> KB read, <number> KB written, mapped files aside
2> time    <number> s
2> memory  <number> KB at most

$ LODE_LAEK=x lode config show
2> error[E5001]: environment variable LODE_LAEK is no setting of Lode
2> help: did you mean 'LODE_LAKE'?
exit 78

$ printf 'lake = "here"\nfactor.quantile = 5\n' > lode.toml; lode data tables; rm lode.toml
2> error[E5001]: lode.toml:2...
2>   2 | factor.quantile = 5
2> help: did you mean 'factor.quantiles'?...

$ lode data revert 1
2> commit 1 (...) of ./lake will be hidden; nothing is deleted
2> error[E0006]: lode data revert was not confirmed, nothing was done
2> help: add --yes to do it
exit 2

$ lode data export bars -o bars.xlsx
2> error[E0004]: 'xlsx' is not a format Lode writes
2> help: csv, parquet, arrow, json, ndjson, md
exit 2

$ lode data show brs
2> error[E2016]: no table called 'brs'
2> help: did you mean 'bars'?
exit 5

$ LODE_DUCKDB=/nowhere/libduckdb.so lode data sql 'select 1'
2> error[E5004]: ...
2> help: ...
exit 69

# Ctrl-C: a clean stop, and the lake is whole.
$ timeout --preserve-status -s INT 0.4 lode demo --instruments 3000 --sessions 2500 --lake stopped > answer.txt 2> words.txt; echo "exit $?"
| exit 130

$ test ! -e stopped/manifest.sqlite || lode data verify --lake stopped > answer.txt || cat answer.txt

# A file that Lode wrote is replaced by the same command; one of the user's, or one changed since, only when told to.
$ for i in 1 2; do lode data export bars -o out.csv; done
2 rows of bars to out.csv
2 rows of bars to out.csv

$ echo 'a note of mine' >> out.csv; lode data export bars -o out.csv
2> out.csv (... bytes) would be replaced: Lode did not write it, or it was changed since
2> error[E0006]: lode data export was not confirmed, nothing was done
2> help: add --yes to do it
exit 2

$ tail -1 out.csv; echo mine > mine.parquet; lode data sql 'select 1 one' -o mine.parquet --json; cat mine.parquet
a note of mine
mine
2> {"error":{"code":"invalid","number":"E0006","message":"mine.parquet (5 bytes) would be replaced: Lode did not write it, or it was changed since","where":"","note":"","hint":"nothing was done; add --yes to do it","id":"<hex>","docs":"lode explain E0006","exit":2}}

$ lode data sql 'select 1 one' -o mine.parquet --yes
1 row to mine.parquet

# Quiet says nothing of a file that was written; an answer on stdout is no word too many.
$ lode data sql 'select 1 one' -o mine.parquet --quiet; lode data export bars -o quiet.csv -q; lode data backup copy -q; lode data sql 'select 1 one' --format csv -q
one
1

# The next step of an error is told to a program as to a person.
$ for command in 'frobnicate' 'data shwo bars' 'factor eval' 'factor eval close --quantiles five' 'data tables --lake nowhere' 'why x' \
    'explain E9999' 'docs nothing' 'help nothing' 'runs show r99' 'data sql nonsense' 'config show extra' 'data import nowhere' 'data tables --threads x'; do \
    lode $command > /dev/null 2> words.txt; told=$(sed -n 's/^help: //p' words.txt); lode $command --json 2> error.json; \
    TOLD="$told" python3 -c 'import json, os; hint = json.load(open("error.json"))["error"]["hint"]; assert hint and hint.split("\n")[0] == os.environ["TOLD"], hint' \
      || echo "$command: $told"; done

$ echo 'threds = 4' > lode.toml; lode data tables --json 2>&1 | python3 -c 'import json, sys; print(json.load(sys.stdin)["error"]["hint"])'; rm lode.toml
did you mean 'threads'?
