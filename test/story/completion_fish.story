# Completion in fish: the script is loaded and asked by the shell's own `complete -C`.
skip unless command -v fish

$ lode completions fish > lode.fish && fish --no-config -c 'source lode.fish; complete -C "lode fac"'
factor

$ fish --no-config -c 'source lode.fish; complete -C "lode factor ev"'
eval

$ fish --no-config -c 'source lode.fish; complete -C "lode completions "' | grep -E '^(bash|fish|zsh)$' | sort
bash
fish
zsh

$ fish --no-config -c 'source lode.fish; complete -C "lode factor eval --quan"'
--quantiles
