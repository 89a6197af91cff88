# A terminal, a pipe, a plain terminal: colour, the next step, the progress line and questions belong to the first only.
skip unless script -qec true /dev/null

file bars.csv <<END
date,symbol,open,high,low,close,volume
2024-01-02,AAA,10,11,9,10,100
2024-01-03,AAA,10,11,9,10.5,100
END

$ lode data import bars.csv --mic XNYS > answer.txt 2> words.txt; cat words.txt

# On a terminal the next step is dim; NO_COLOR, TERM=dumb and CI make it plain; a pipe gets none.
$ TERM=xterm script -qec 'lode data tables' /dev/null | cat -v | grep Next
^[[2mNext    lode ...^[[0m^M

$ for plain in NO_COLOR=1 TERM=dumb CI=true; do TERM=xterm script -qec "env $plain lode data tables" /dev/null | cat -v | grep Next; done
Next    lode ...^M
Next    lode ...^M
Next    lode ...^M

$ TERM=xterm script -qec 'lode data tables --quiet' /dev/null | grep -c Next
0
exit 1

$ lode data tables 2>&1 | grep -c Next
0
exit 1

# Ctrl-C stops cleanly with what comes next; twice means now. Either way the lake is whole.
# (A program that just started has not said yet that it catches the signal: its status tells when it has.)
$ echo 'while kill -0 $1 && ! grep -q "^SigCgt.*[2367abef]$" /proc/$1/status; do sleep 0.01; done' > catches.sh

$ lode demo --instruments 3000 --sessions 2500 --lake once & sh catches.sh $!; sleep 0.2; kill -INT $!; wait $!
2> error[E0010]: stopped ...
2> help: ...
exit 130

$ lode demo --instruments 3000 --sessions 2500 --lake twice > answer.txt 2> words.txt & sh catches.sh $!; kill -INT $!; sleep 0.02; kill -INT $!; wait $!
exit 130

$ for lake in once twice; do test ! -e $lake/manifest.sqlite || lode data verify --lake $lake > answer.txt || cat answer.txt; done

# A table fits the terminal by leaving columns out, never by wrapping.
$ TERM=xterm script -qec 'stty cols 40; lode data tables' /dev/null | tr -d '\r' | grep -v 'Next\| at commit ' | awk 'length > 40'

# Prose is broken where the terminal ends, under its own first word; formulas, and what a pipe gets, are not.
$ lode explain metric rank_ic.5d.t_newey_west | awk 'length > 80' | wc -l
1

$ for command in 'explain metric' 'data check' 'data tables' 'docs formulas' 'factor show ts_corr' 'help' 'data verify'; do \
    TERM=xterm script -qec "stty cols 80; lode $command" /dev/null | tr -d '\r' | grep -v '|\|^lode \|^help: ' | awk -v c="$command" 'length > 80 { print c ": " $0 }'; done

$ TERM=xterm script -qec 'stty cols 60; lode explain metric ic.5d.mean' /dev/null | tr -d '\r'
ic.Hd.mean, ratio
  Mean over dates of the Pearson correlation of factor and
  forward return over h sessions.

$ TERM=xterm script -qec 'stty cols 60; lode data show bars --format csv' /dev/null | tr -d '\r' | head -1 | awk 'length > 60' | wc -l
1

# What hides or deletes shows its plan and asks; only the whole word goes on.
$ (sleep 1; echo no) | TERM=dumb script -qec 'lode data revert 1' /dev/null | tr -d '\r'; true
...commit 1 (...) of ./lake will be hidden; nothing is deleted
Do it? Type yes: no
error[E0006]: lode data revert was not confirmed, nothing was done
help: add --yes to do it

$ (sleep 1; echo yes) | TERM=dumb script -qec 'lode data revert 1' /dev/null > answer.txt; lode data sql 'select count(*) n from bars' --format csv
n
0
