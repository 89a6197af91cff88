# Queues of a lake: none yet, a name that is none, and what is asked before anything is removed.

$ lode queue stats
This lake has no queue yet.

$ lode queue stats filings
2> error[E8020]: there is no queue filings (<path>)
2> help: the lake ... has no queue yet; --lake DIR names another lake
exit 5

$ lode queue peek ../etc/passwd
2> error[E0004]: "../etc/passwd" is no name of a queue
2> ...
exit 2
