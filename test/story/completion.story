# Completion in bash: the script is loaded into a real shell and asked as a Tab would ask it.

file bars.csv <<END
date,symbol,open,high,low,close,volume
2024-01-02,AAA,10,11,9,10,100
2024-01-02,ABB,20,21,19,20,100
END

$ lode data import bars.csv --mic XNYS > answer.txt && lode factor add mine/slow 'ts_mean(close,20)' > answer.txt

file tab.sh <<END
# tab WORD...: the candidates for the last word.
source <(lode completions bash)
tab() {
  COMP_WORDS=(lode "$@"); COMP_CWORD=$#; COMPREPLY=()
  local name; name=$(complete -p lode | sed 's/.* -F \([^ ]*\) .*/\1/')
  "$name"; printf '%s\n' "${COMPREPLY[@]}"
}
END

$ . ./tab.sh; tab fac
factor

$ . ./tab.sh; tab factor ev
eval

$ . ./tab.sh; tab factor eval --quan
--quantiles

$ . ./tab.sh; tab data show bars --symbol A
AAA
ABB

$ . ./tab.sh; tab factor eval mine
mine/slow

$ . ./tab.sh; tab explain E110 | sed -n 1,2p
E1101
E1102

$ . ./tab.sh; tab completions ''
bash
zsh
fish

$ . ./tab.sh; tab explain W130 | sed -n 1,2p; tab explain metric rank_ic.Hd.me; tab data import bars.csv --mic XN; tab data revert ''
W1301
W1302
rank_ic.Hd.mean
XNAS
XNYS
1

# Where Lode knows nothing, files are offered; a broken setting never speaks into the line.
$ . ./tab.sh; tab data import ba
bars.csv

$ . ./tab.sh; echo '= nonsense' > lode.toml; tab factor ev; rm lode.toml

$ . ./tab.sh; tab nonsense x; true
