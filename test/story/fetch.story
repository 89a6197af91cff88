# From recorded answers of EDGAR into the lake: the plan, the fetch, the same again, what cannot be had.
skip unless data/edgar

$ lode data fetch edgar-facts --ciks 320193
2> error[E6201]: source edgar-facts asks nothing without edgar.contact: ...
2> help: set edgar.contact in lode.toml or by LODE_EDGAR_CONTACT
exit 4

file lode.toml <<END
[edgar]
contact = "Example Ltd someone@example.com"
END

$ lode data fetch edgar-facts --ciks 320193 --dry-run
1 request of edgar-facts would be asked; nothing was
  GET https://data.sec.gov/api/xbrl/companyfacts/CIK0000320193.json
  data.sec.gov: 5 requests a second, about 0.2 s; answers may ask for more
  ...

$ LODE_NET_REPLAY="$LODE_TEST_DATA/edgar/companyfacts" lode data fetch edgar-facts --ciks 320193
edgar-facts: 1 request answered in <number> s
  table   stored  new versions  known already  contradicting
  facts   26,598             0              0              0
  shares      68             0              0              0
  commit 1

$ LODE_NET_REPLAY="$LODE_TEST_DATA/edgar/companyfacts" lode data fetch edgar-facts --ciks 1
edgar-facts: 0 requests answered in <number> s, 1 left
  not served  1
  E6106  GET https://data.sec.gov/api/xbrl/companyfacts/CIK0000000001.json is not among the 1 exchange recorded
2> error[E6106]: GET https://data.sec.gov/api/xbrl/companyfacts/CIK0000000001.json is not among the 1 exchange recorded
2> help: record it, or leave net.replay out; the same command goes on with the 1 request that is left
exit 5

$ lode data fetch edgar
2> error[E6208]: edgar is 7 sources: edgar-documents, edgar-facts, edgar-feed, edgar-index, edgar-submissions, edgar-symbols, edgar-xbrl
2> help: name one: lode data fetch edgar-documents --names 320193/0000320193-22-000061
exit 2

$ lode queue stats
queue                depth  in flight  dead  oldest s  pushed  duplicates  set aside
collect-edgar-facts      0          0     0         -       1           0          0
