import type { Shell } from './answers.js';

/*
 * Each asks the program for every press of the tab key (complete.ts) and hands over what it answers. The program that is
 * typed is the one that is asked, wherever it lies, as long as it can be run; an alias means the one on the PATH.
 */

const bash = `# bash completion for evfleet
_evfleet() {
  local program=$1 answer line
  COMPREPLY=()
  type -P -- "$program" >/dev/null 2>&1 || program=evfleet
  answer=$("$program" __complete bash "$COMP_LINE" "$COMP_POINT" "$COMP_WORDBREAKS" 2>/dev/null </dev/null)
  case $answer in
    files*) compopt +o nospace -o default 2>/dev/null || COMPREPLY=($(compgen -f -- "$2")) ;;
    directories*) compopt +o nospace -o dirnames 2>/dev/null || COMPREPLY=($(compgen -d -- "$2")) ;;
    *$'\\n'*) while IFS= read -r line; do COMPREPLY+=("$line"); done <<< "\${answer#*$'\\n'}" ;;
  esac
}
complete -o nospace -F _evfleet evfleet
`;

const zsh = `#compdef evfleet
# zsh completion for evfleet
_evfleet() {
  local program=$words[1] line word
  local -a answer head closed open
  whence -p -- "$program" >/dev/null 2>&1 || program=evfleet
  answer=("\${(@f)$("$program" __complete zsh -- "\${(@Q)words[2,CURRENT-1]}" "$PREFIX" 2>/dev/null </dev/null)}")
  head=("\${(@ps:\\t:)answer[1]}")
  case $head[1] in
    files|directories)
      [[ -n $head[2] ]] && compset -P '*='
      if [[ $head[1] == files ]]; then _files; else _files -/; fi
      return ;;
  esac
  shift answer
  for line in "\${answer[@]}"; do
    word=\${\${line[2,-1]%%$'\\t'*}//(#m)[\\\\:]/\\\\$MATCH}
    [[ -n \${line#*$'\\t'} ]] && word+=":\${line#*$'\\t'}"
    if [[ $line[1] == + ]]; then open+=("$word"); else closed+=("$word"); fi
  done
  local -a letters=(-M 'm:{[:lower:][:upper:]}={[:upper:][:lower:]}')
  (( \${#closed} )) && _describe -V evfleet closed "\${letters[@]}"
  (( \${#open} )) && _describe -V evfleet open "\${letters[@]}" -S ''
}
if [[ $funcstack[1] == _evfleet ]]; then
  _evfleet "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
  compdef _evfleet evfleet
fi
`;

const fish = `# fish completion for evfleet
function __evfleet_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    type -q -- "$program"; or set program evfleet
    set -l answer ($program __complete fish -- $words "$current" 2>/dev/null </dev/null)
    set -l head (string split \\t -- "$answer[1]")
    set -e answer[1]
    set -l path (string sub -s (math 1 + (string length -- "$head[2]")) -- "$current")
    switch "$head[1]"
        case files
            for found in (__fish_complete_path "$path")
                printf '%s%s\\n' "$head[2]" "$found"
            end
        case directories
            for found in (__fish_complete_directories "$path")
                printf '%s%s\\n' "$head[2]" "$found"
            end
        case '*'
            set -q answer[1]; and printf '%s\\n' $answer
    end
end
complete -c evfleet -f -k -a '(__evfleet_complete)'
`;

/** The text that teaches a shell to complete evfleet. */
export const completionScripts: { readonly [Name in Shell]: string } = { bash, zsh, fish };
