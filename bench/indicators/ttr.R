# Writes what R's TTR answers to test/oracle/bars.txt into test/oracle/ttr.tsv: name, our parameters, output,
# bar:value .., inputs where they are not the usual ones.
#   apt-get install r-cran-ttr && Rscript bench/indicators/ttr.R test/oracle
# SPDX-License-Identifier: Apache-2.0
suppressMessages(library(TTR))

folder <- commandArgs(trailingOnly = TRUE)[1]
bars <- read.table(file.path(folder, "bars.txt"), col.names = c("o", "h", "l", "c", "v"))
bars[, c("o", "h", "l", "c")] <- bars[, c("o", "h", "l", "c")] / 100
ohlc <- as.matrix(bars[, c("o", "h", "l", "c")])
hlc <- ohlc[, 2:4]
hl <- ohlc[, 2:3]
close <- bars$c
volume <- bars$v

rows <- character()
# The first value, and those of three bars behind it. `from`: the bar with which ours begin, where TTR has values before:
# made of fewer bars, or of an output whose others begin later.
keep <- function(name, parameters, output, values, from = 0, inputs = "") {
  values <- as.numeric(values)
  known <- which(is.finite(values))
  known <- known[known > from]
  at <- unique(c(known[1], known[known %in% c(667, 1001)], tail(known, 1)))
  cells <- paste(sprintf("%d:%.16g", at - 1, values[at]), collapse = " ")
  rows <<- c(rows, paste(name, parameters, output, cells, inputs, sep = "\t"))
}

for (n in c(7, 14, 30)) {
  index <- ADX(hlc, n)
  keep("di", n, 0, index[, "DIp"])
  keep("di", n, 1, index[, "DIn"])
  keep("dx", n, 0, index[, "DX"])
  keep("adx", n, 0, index[, "ADX"])
  keep("wildersum", n, 0, wilderSum(close, n))
  keep("alma", n, 0, ALMA(close, n))
  keep("cti", n, 0, c(rep(NA, n - 1), CTI(close, n)))
  channel <- keltnerChannels(hlc, n)
  keep("kc", paste(n, n, 2), 0, channel[, "up"])
  keep("kc", paste(n, n, 2), 1, channel[, "mavg"], from = n)
  keep("kc", paste(n, n, 2), 2, channel[, "dn"])
  keep("cvi", paste(n, n), 0, chaikinVolatility(hl, n))
  keep("mfi", n, 0, MFI(hlc, volume, n))
  keep("rsi", n, 0, RSI(close, n))
  keep("cmo", n, 0, CMO(close, n))
  keep("cci", n, 0, CCI(hlc, n))
  keep("atr", n, 0, ATR(hlc, n)[, "atr"])
  keep("aroon", n, 0, aroon(hl, n)[, "aroonDn"], from = n)
  keep("aroon", n, 1, aroon(hl, n)[, "aroonUp"], from = n)
  keep("trix", n, 0, TRIX(close, n)[, "TRIX"])
  keep("vhf", n, 0, VHF(close, n))
  keep("snr", n, 0, SNR(hlc, n))
  keep("cmf", n, 0, CMF(hlc, volume, n))
  keep("sma", n, 0, SMA(close, n))
  keep("ema", n, 0, EMA(close, n))
  keep("dema", n, 0, DEMA(close, n))
  keep("wma", n, 0, WMA(close, n))
  keep("hma", n, 0, HMA(close, n))
  keep("zlema", n, 0, ZLEMA(close, n))
  keep("vwma", n, 0, VWMA(close, volume, n))
  keep("evwma", n, 0, EVWMA(close, volume, n))
  keep("willr", n, 0, WPR(hlc, n))
  keep("roc", n, 0, ROC(close, n))
  keep("mom", n, 0, momentum(close, n))
  keep("stddev", n, 0, runSD(close, n))
  keep("runmad", n, 0, runMAD(close, n))
  keep("donchian", n, 0, DonchianChannel(hl, n)[, "high"])
  keep("donchian", n, 2, DonchianChannel(hl, n)[, "low"])
  bands <- BBands(close, n)
  keep("bbands", paste(n, 2, 2), 0, bands[, "up"])
  keep("bbands", paste(n, 2, 2), 2, bands[, "dn"])
  for (kind in c("close", "garman.klass", "parkinson", "rogers.satchell", "gk.yz", "yang.zhang")) {
    name <- c(close = "volatility", garman.klass = "garman_klass", parkinson = "parkinson",
              rogers.satchell = "rogers_satchell", gk.yz = "garman_klass_yz", yang.zhang = "yang_zhang")[kind]
    keep(name, n, 0, volatility(ohlc, n, calc = kind))
  }
}
keep("kst", 9, 0, KST(close)[, "kst"])
keep("kst", 9, 1, KST(close)[, "signal"])
for (signal in c(9, 4)) {
  for (window in c(13, 30)) {
    answer <- SMI(hlc, n = window, nFast = 2, nSlow = 25, nSig = signal)
    keep("smi", paste(window, 2, 25, signal), 0, answer[, "SMI"])
    keep("smi", paste(window, 2, 25, signal), 1, answer[, "signal"])
  }
}
keep("macd", "12 26 9", 0, MACD(close, 12, 26, 9)[, "macd"], from = 33)
keep("macd", "12 26 9", 1, MACD(close, 12, 26, 9)[, "signal"])
keep("ultosc", "7 14 28", 0, ultimateOscillator(hlc))
# Its sums begin with zeros for the changes that are not there; ours with whole windows of changes.
keep("tdi", "20 2", 0, TDI(close)[, "tdi"], from = 59)
keep("tdi", "20 2", 1, TDI(close)[, "di"], from = 39)

for (k in 1:12) {
  keep("gmma", "", k - 1, GMMA(close)[, k])
}
place <- stoch(hlc)
keep("stochf", "", 0, place[, "fastK"], from = 15)
keep("stochf", "", 1, place[, "fastD"])
keep("hma", "", 0, HMA(close))
keep("zlema", "", 0, ZLEMA(close))
keep("vwma", "", 0, VWMA(close, volume))

writeLines(c(sprintf("# What R's TTR %s answers to bars.txt: name, our parameters, output, bar:value .., inputs where they",
                     packageVersion("TTR")),
             "# are not the usual ones. Written by bench/indicators/ttr.R.", rows), file.path(folder, "ttr.tsv"))
