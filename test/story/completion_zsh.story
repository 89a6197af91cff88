# Completion in zsh: the script is loaded and asked as a Tab would ask it.
skip unless command -v zsh

file tab.zsh <<END
autoload -Uz compinit && compinit -u -D
source <(lode completions zsh)
# What the script hands to the shell, instead of drawing it.
compadd() { [[ $1 == -a ]] && print -l -- ${(P)2}; }
_files() { print -l -- *; }
tab() { words=(lode "$@"); CURRENT=${#words}; _lode; }
print "$_comps[lode]"
tab fac
tab factor ev
tab completions ''
tab factor eval --quan
tab data import 'no candidate'
END

$ zsh -f tab.zsh
_lode
factor
eval
bash
zsh
fish
--quantiles
tab.zsh

# The file as it would stand in a folder of functions.
$ mkdir functions && lode completions zsh > functions/_lode && zsh -fc 'fpath=(./functions $fpath); autoload -Uz compinit; compinit -u -D; print "$_comps[lode]"'
_lode
