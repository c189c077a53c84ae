import type { SHELLS } from '../../flags/verbs.ts';

export type Shell = (typeof SHELLS)[number];

/** A line in front of the words that tells the shell to complete paths as well. No word begins like this. */
export const PATHS_MARK = ':paths:';

/**
 * PowerShell puts this behind the last word, because versions before 7.3 cannot pass an empty argument to a program.
 * The command removes exactly one, so no word is changed.
 */
export const WORD_END = '.';

/** How to use each script. Printed at its top. */
const USES: Readonly<Record<Shell, string>> = {
  bash: 'In ~/.bashrc: source <(bowerbird completion bash)',
  zsh: 'In ~/.zshrc, below compinit: source <(bowerbird completion zsh)',
  fish: 'bowerbird completion fish > ~/.config/fish/completions/bowerbird.fish',
  powershell: 'In $PROFILE: bowerbird completion powershell | Out-String | Invoke-Expression',
};

/**
 * Bash also splits words at `=` and `:`. So the script takes the words from the line, and cuts off from the answers
 * what stands before the last of these characters.
 */
const BASH = `_bowerbird() {
  local line=\${COMP_LINE:0:COMP_POINT} words current cut answer
  read -ra words <<< "$line"
  case $line in *[[:space:]]) words+=('') ;; esac
  current=\${words[\${#words[@]}-1]}
  cut=
  case $current in *[=:]*) cut=\${current%"\${current##*[=:]}"} ;; esac
  COMPREPLY=()
  while IFS= read -r answer; do
    case $answer in
      ${PATHS_MARK}files) compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -f -- "\${current#"$cut"}")) ;;
      ${PATHS_MARK}folders) compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -d -- "\${current#"$cut"}")) ;;
      *) COMPREPLY+=("\${answer#"$cut"}") ;;
    esac
  done < <("\${words[0]}" completion bash -- "\${words[@]:1}" 2>/dev/null)
  case \${COMPREPLY[0]} in *[=:]) [ \${#COMPREPLY[@]} -eq 1 ] && compopt -o nospace 2>/dev/null ;; esac
}
complete -F _bowerbird bowerbird`;

const ZSH = `_bowerbird() {
  local -a answers paths
  local answer
  while IFS= read -r answer; do
    case $answer in
      ${PATHS_MARK}files) _files ;;
      ${PATHS_MARK}folders) _files -/ ;;
      *[=:]) compadd -S '' -- $answer ;;
      *) answers+=($answer) ;;
    esac
  done < <($words[1] completion zsh -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  compadd -- $answers
}
compdef _bowerbird bowerbird`;

const FISH = `function __bowerbird_complete
  set -l words (commandline -opc) (commandline -ct)
  for answer in ($words[1] completion fish -- $words[2..-1] 2>/dev/null)
    switch $answer
      case '${PATHS_MARK}files'
        __fish_complete_path (commandline -ct)
      case '${PATHS_MARK}folders'
        __fish_complete_directories (commandline -ct)
      case '*'
        echo $answer
    end
  end
end
complete -c bowerbird -f -a '(__bowerbird_complete)'`;

/** The dashes are quoted, because PowerShell removes bare ones before a script (such as npm's shim) sees them. */
const POWERSHELL = `Register-ArgumentCompleter -Native -CommandName bowerbird -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $words = @($commandAst.CommandElements | Select-Object -Skip 1 |
    Where-Object { $_.Extent.EndOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
  $words += "$wordToComplete${WORD_END}"
  bowerbird completion powershell '--' @words 2>$null | ForEach-Object {
    if ($_ -like '${PATHS_MARK}*') {
      [System.Management.Automation.CompletionCompleters]::CompleteFilename($wordToComplete)
    } else {
      [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }
  }
}`;

const SCRIPTS: Readonly<Record<Shell, string>> = { bash: BASH, zsh: ZSH, fish: FISH, powershell: POWERSHELL };

/**
 * Returns the script of a shell. It calls `bowerbird completion <shell> -- <words>` at each key, so it never gets out
 * of date.
 */
export function completionScript(shell: Shell): string {
  return `# Completes bowerbird. ${USES[shell]}\n${SCRIPTS[shell]}\n`;
}
