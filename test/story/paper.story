# The report on paper, and a comparison of several factors: the same numbers, the same bytes for the same run.

$ lode demo > answer.txt 2> words.txt; lode factor report quality --horizons 5 -o quality.pdf --pdf twin.pdf | tail -n 2
Report  quality.pdf  (<number> KB, A4)
Report  twin.pdf  (<number> KB, A4)

# Another process writes the same bytes, and no clock stands in them.
$ cmp quality.pdf twin.pdf && lode factor report quality --horizons 5 -o again.pdf > out.txt && cmp quality.pdf again.pdf
$ head -c 8 quality.pdf; echo; test "$(grep -ac CreationDate quality.pdf)" = 0
%PDF-1.7

# A page and paper in one call.
$ lode factor report quality --horizons 5 -o quality.html --pdf quality.pdf | tail -n 2
Report  quality.html  (<number> KB, opens offline)
Report  quality.pdf  (<number> KB, A4)

# A file of somebody else is asked for.
$ echo mine > theirs.pdf; lode factor report quality --pdf theirs.pdf
2> theirs.pdf (5 bytes) would be replaced: Lode did not write it, or it was changed since
2> error[E0006]: lode factor report was not confirmed, nothing was done
2> help: add --yes to do it
exit 2

# Side by side.
$ lode factor compare quality reversal noise -o compare.html --pdf compare.pdf | tail -n 2
Report  compare.html  (<number> KB, opens offline)
Report  compare.pdf  (<number> KB, A4)

$ python3 -B "$ROOT/tools/page_check.py" compare.html
390 px: in order
768 px: in order
1440 px: in order
