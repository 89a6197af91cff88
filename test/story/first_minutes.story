# What a person sees first: no arguments, a wrong word, a page about an error. Nothing is made in the folder.

$ lode --version
lode 0.1.0 (lode@<hex>)

$ lode
Lode 0.1.0  mine, test and trade factors

Start here
  lode demo                 ten seconds, no network: data, factors, a report
  lode data import PATH...  bring your own bars (CSV, Parquet, Arrow)
  lode doctor               check this machine

Everyday
  lode factor eval 'rank(-ts_delta(close,5))'

No lake here yet. It will be made in ./lake on first use (change: --lake, LODE_LAKE).
All commands: lode help    Docs, offline: lode docs

$ lode fcator list
2> error[E0001]: no command called 'fcator'
2> help: did you mean 'factor'?
exit 2

$ lode factor lsit
2> error[E0001]: lode factor has no verb 'lsit'
2> help: did you mean 'list'?
exit 2

$ lode isntall
2> error[E0001]: no command called 'isntall'
2> help: lode help lists every command
exit 2

$ lode factor eval
2> error[E0003]: a formula, a factor name or --values FILE is needed
2> help: lode factor eval 'rank(-ts_delta(close,5))'
exit 2

$ lode explain E1102
E1102  unknown operator or name

The formula calls a name that is no operator, alias or factor. Names match
without regard to case. A near name is shown only when it is really near; Lode
never substitutes it.

Fails
    rank(ts_corrl(close, volume, 10))

Works
    rank(ts_corr(close, volume, 10))

This cannot be switched off.

Exit code 65, HTTP 422, Python lode.InvalidError, state machine Lode.Invalid

$ lode explain E9999
2> error[E0009]: no error has the number 'E9999'
2> help: lode docs errors lists them all
exit 5

$ lode help exit-codes
Exit codes
    0  ok
    1  failed
    2  usage: a command, option or value that does not exist
    3  a data or quality check failed, or rows were set aside
    4  authentication or permission
    5  not found
    6  conflict or lock
   65  bad input data or formula
   69  source unavailable
   75  try again later
   78  bad configuration
  130  stopped by Ctrl-C

$ ls -A
