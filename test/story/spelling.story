# How options are spelt: numbers out of range, values that begin with a dash, repeated and empty ones.

file bars.csv <<END
date,symbol,open,high,low,close,volume
2024-01-02,AAA,10,11,9,10,100
2024-01-03,AAA,10,11,9,10.5,100
2024-01-02,BBB,20,21,19,20,100
2024-01-03,BBB,20,21,19,19,100
END

$ lode data import bars.csv --mic XNYS > answer.txt

$ lode data show bars --limit -1
2> error[E0004]: --limit is -1, expected 0 or more
2> help: lode data show --help shows what each option takes
exit 2

$ lode runs list --limit 99999999
2> error[E0004]: --limit is 99999999, expected 0 to 1000000
2> help: lode runs list --help shows what each option takes
exit 2

$ lode data sql 'select 1' --memory-mb 0
2> error[E0004]: --memory-mb is 0, expected 16 to 1000000
2> help: lode data sql --help shows what each option takes
exit 2

$ lode factor eval 'rank(close)' --quantiles 1
2> error[E0004]: --quantiles is 1, expected 2 to 20
2> help: lode factor eval --help shows what each option takes
exit 2

$ lode factor eval 'rank(close)' --horizons 1,4294967301
2> error[E0004]: --horizons is 4294967301, expected ...
2> help: lode factor eval --help shows what each option takes
exit 2

$ lode factor eval 'rank(close)' --cost-bps nan
2> error[E0004]: --cost-bps is 'nan', expected a number
2> help: lode factor eval --help shows what each option takes
exit 2

$ lode data tables --threads -1
2> error[E0004]: --threads is -1, expected 0 to 1024
2> help: lode data tables --help shows what each option takes
exit 2

# A formula may begin with a minus, with and without two dashes before it; behind them everything is a value.
$ lode factor compute '-ts_delta(close,1)' --data bars.csv --format csv | tail -2
2024-01-03,AAA,...,-0.5
2024-01-03,BBB,...,1

$ lode factor compute --data bars.csv --format csv -- '-ts_delta(close,1)' | tail -1
2024-01-03,BBB,...,1

$ lode factor compute --data=bars.csv --format=csv -- '--close' | tail -1
2024-01-03,BBB,...,19

$ lode factor compute '--close' --data bars.csv
2> error[E0002]: lode factor compute has no option '--close'
2> help: options: lode factor compute --help; a formula that begins so goes behind two dashes: -- '--close'
exit 2

$ lode data tables -- --json
2> error[E0004]: lode data tables does not know what to do with '--json'
2> help: behind -- everything is a value; options stand before it
exit 2

# Given twice with two values is refused, unless the option gathers; the same twice is one answer.
$ lode data show bars --limit 9 --limit 1 --format csv
2> error[E0004]: --limit is given twice, as '9' and as '1', expected once
2> help: leave one out; lode data show --help shows which options take several
exit 2

$ lode data show bars --limit 1 --limit 1 --format csv | wc -l
2

$ lode data show bars --symbol AAA --symbol BBB --format csv | wc -l
5

# Empty is not absent.
$ lode data tables --lake ''
2> error[E0004]: --lake is empty, expected folder of the lake
2> help: lode data tables --help shows what each option takes
exit 2

$ lode factor eval ''
2> error[E0004]: FORMULA is empty, expected ...
2> help: lode factor eval --help shows what each option takes
exit 2

$ lode data show bars --from= 
2> error[E0004]: --from is empty, expected ...
2> help: lode data show --help shows what each option takes
exit 2

$ lode data show bars --from ''
2> error[E0005]: --from is '', expected a date such as 2024-06-28
2> help: lode data show --help shows what each option takes
exit 2

$ lode factor eval 'rank(close)' --universe ' '
2> error[E0004]: --universe is empty, expected ...
2> help: lode factor eval --help shows what each option takes
exit 2

$ lode data tables --json=yes
2> error[E0004]: --json takes no value, was '--json=yes'
2> help: write --json alone, or leave it out
exit 2

# An SQL query in Markdown, and its mistakes in words of our own.
$ lode data sql "select 'a|b' as x, chr(10) || chr(27) as y" --format md
| | x | y |
| | --- | --- |
| | a\|b | <br>? |

$ lode data sql "select chr(27) || '[31m' as x" | cat -v
x
?[31m

$ lode data sql 'select clsoe from bars'
2> error[E2017]: SQL refused: no column called 'clsoe'
2>   1 | select clsoe from bars
2>     |        ^^^^^
2> help: did you mean 'close'?
exit 65
