# Settings, from the built-in value up to the flag: what is in force, from where, and what is refused.

$ lode config show | sed -n 1,3p
key                     value                                    from      meaning
lake                    ./lake                                   built-in  folder of the lake
threads                 0                                        built-in  threads of the pool; 0: one a core

file lode.toml <<END
# The settings of this project.
lake = "here"

[factor]
cost_bps = 5
horizons = [1, 10]
END

# Each value with its origin, down to the line. A flag wins over a variable, that over the file, that over the user's own.
$ lode config show --json > settings.json; python3 -c 'import json; \
  print(*["{key} = {value} from {from}".format(**row) for row in json.load(open("settings.json"))["data"]["settings"] if row["from"] != "built-in"], sep="\n")'; rm settings.json
lake = here from lode.toml:2
factor.cost_bps = 5.0 from lode.toml:5
factor.horizons = 1,10 from lode.toml:6

$ mkdir -p ~/.config/lode && printf 'lake = "home"\nthreads = 2\n' > ~/.config/lode/lode.toml; \
  LODE_FACTOR_COST_BPS=7 lode config show --lake flag | grep -v built-in | awk 'NR > 1 { print $1, $2, $3 }'
lake flag --lake
threads 2 /.../.config/lode/lode.toml:2
factor.cost_bps 7.0 LODE_FACTOR_COST_BPS
factor.horizons 1,10 lode.toml:6

# They are used, not only shown: the file's horizons and the variable's cost.
file bars.csv <<END
date,symbol,open,high,low,close,volume
2024-01-02,AAA,10,11,9,10,100
END

$ lode data import bars.csv --mic XNYS > answer.txt && ls
answer.txt
bars.csv
here
lode.toml

$ LODE_LAKE=there lode data tables
2> error[E8001]: there is no lake at there
2> help: ...
exit 5

# An unknown key, in the file and in the environment: the nearest is named. Nothing else is done.
$ printf 'threads = 2\nfactor.cost_bsp = 5\n' > lode.toml; lode data tables
2> error[E5001]: lode.toml:2: no configuration key called 'factor.cost_bsp'
2>   2 | factor.cost_bsp = 5
2> help: did you mean 'factor.cost_bps'?
exit 78

$ printf '[factr]\nprofile = "paper"\n' > lode.toml; lode factor list
2> error[E5001]: lode.toml:2: no configuration key called 'factr.profile'
2>   2 | profile = "paper"
2> help: did you mean 'factor.profile'?
exit 78

$ rm lode.toml; LODE_THRAEDS=2 lode data tables
2> error[E5001]: environment variable LODE_THRAEDS is no setting of Lode
2> help: did you mean 'LODE_THREADS'?...
exit 78

# The wrong type, out of range, no such choice.
$ printf 'threads = "many"\n' > lode.toml; lode data tables
2> error[E5002]: lode.toml:1: threads is 'many', expected a whole number
2>   1 | threads = "many"
2> help: lode explain E5002
exit 78

$ printf 'threads = 5000\n' > lode.toml; lode data tables
2> error[E5002]: lode.toml:1: threads is 5000, expected 0 to 1024
2>   1 | threads = 5000
2> help: lode explain E5002
exit 78

$ printf 'factor.profile = "papr"\n' > lode.toml; lode data tables
2> error[E5002]: lode.toml:1: factor.profile is 'papr', expected one of lode, paper, street, qlib, brain
2>   1 | factor.profile = "papr"
2> help: did you mean 'paper'?
exit 78

$ rm lode.toml; LODE_FACTOR_COST_BPS=lots lode data tables
2> error[E5002]: LODE_FACTOR_COST_BPS: factor.cost_bps is 'lots', expected a number
2> help: lode explain E5002
exit 78

# Garbage: no TOML, bytes, and the same key twice.
$ printf 'lake = = "x"\n' > lode.toml; lode data tables
2> error[E5003]: lode.toml:1: not TOML: ...
2>   1 | lake = = "x"
2> help: lode explain E5003
exit 78

$ head -c 300 /dev/zero | tr '\0' '\377' > lode.toml; lode data tables
2> error[E5003]: lode.toml:1: not TOML: ...
2> ...
exit 78

$ printf 'threads = 1\nthreads = 2\n' > lode.toml; lode data tables
2> error[E5003]: lode.toml:2: not TOML: ...
2>   2 | threads = 2
2> help: lode explain E5003
exit 78

# A folder in its place, and an empty file, which says nothing.
$ rm lode.toml; mkdir lode.toml; lode data tables
2> error[E5003]: lode.toml is a folder, expected a file of settings
2> help: ...
exit 78

$ rmdir lode.toml; : > lode.toml; lode config show | grep -v built-in | awk 'NR > 1 { print $1, $2 }'
lake home
threads 2

# Pages need no settings: they work whatever the file says.
$ echo '= nonsense' > lode.toml; lode --version && lode explain E5003 | sed -n 1p && lode help exit-codes | sed -n 1p
lode 0.1.0 (lode@<hex>)
E5003  configuration file cannot be used
Exit codes
