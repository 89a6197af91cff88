# A formula that reads the future: the operator underlined, what the leak is worth, the rewrite, which counts as a look at it.

$ lode demo > demo.txt 2> /dev/null; tail -4 demo.txt | head -1
4 trials, counted. Look-ahead check: passed.

$ lode factor eval 'rank(ts_delta(delay(close, -1), 5))'
2> error[E1107]: this formula looks 1 session into the future
2>   1 | rank(ts_delta(delay(close, -1), 5))
2>     |                            ^^ a negative delay reads tomorrow's close
2> note: with it, 5-day rank IC is +0.104; without it -0.018, counted as a trial (r5)
2> help: use delay(close, 1). To study a leak on purpose: --allow-lookahead (marks every result)
exit 65

$ lode factor check 'rank(ts_delta(delay(close, -1), 5))'
Look-ahead check: found.
2> error[E3003]: this formula looks 1 session into the future
2>   1 | rank(ts_delta(delay(close, -1), 5))
2>     |                            ^^ a negative delay reads tomorrow's close
2> note: with it, 5-day rank IC is +0.104; without it -0.018, counted as a trial (r5)
2> help: use delay(close, 1). To study a leak on purpose: --allow-lookahead (marks every result)
exit 3

# What "without it" stands for: the same formula, delayed until it knows nothing early.
file mean.py <<END
import json, sys
print(f"{json.load(sys.stdin)['data']['numbers']['rank_ic']['5d']['mean']['value']:+.3f}")
END

$ cp -r lake copy; \
    lode factor eval 'rank(ts_delta(close, 5))' --json --lake copy | python3 mean.py
-0.018

$ lode factor compute 'delay(close, -1)' --universe all
2> error[E1107]: this formula looks 1 session into the future
2>   1 | delay(close, -1)
2>     |              ^^ a negative delay reads tomorrow's close
2> note: with it, 5-day rank IC is +0.009; without it +0.002, counted as a trial (r6)
2> help: use delay(close, 1). To study a leak on purpose: --allow-lookahead (marks every result)
exit 65

$ lode factor eval 'rank(-ts_delta(close, 5))' | grep 'so far'
7 trials on this universe so far: judge the t by the best of 7. Look-ahead check: passed.
