# The live demo without a contact, and without a network: who cannot be reached is named, and nothing is left behind.
skip unless unshare -rn true

$ unshare -rn lode demo --live
2> error[E6201]: source edgar-symbols asks nothing without edgar.contact: ...
2> help: set edgar.contact in lode.toml or by LODE_EDGAR_CONTACT
exit 4

$ LODE_EDGAR_CONTACT="Example Ltd someone@example.com" unshare -rn lode demo --live
2> error[E6001]: query2.finance.yahoo.com, www.sec.gov, data.sec.gov cannot be reached: nothing was stored
2>       query2.finance.yahoo.com: https://query2.finance.yahoo.com/...
2>       www.sec.gov: https://www.sec.gov/files/company_tickers_exchange.json gave no answer: ...
2>       data.sec.gov: https://data.sec.gov/submissions/CIK0000320193.json gave no answer: ...
2> help: lode demo needs no network; the same command again when there is one
exit 69

$ ls

$ lode demo --live --sessions 100
2> error[E0007]: --live asks real sources, and --sessions is of the synthetic market
2> help: lode demo --live
exit 2
