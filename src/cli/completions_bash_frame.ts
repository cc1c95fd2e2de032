/** The part of the script for bash that does not depend on what the commands are. */
export const BASH_FRAME = `
# Proposes those of some words that begin with what is typed.
_gluster_eventing_words() {
  local word
  for word in "$@"; do
    if [[ $word == "$typed"* ]]; then COMPREPLY+=("$before$word"); fi
  done
}

# Proposes files with -f, folders with -d.
_gluster_eventing_files() {
  local path
  compopt -o filenames 2>/dev/null
  while IFS= read -r path; do
    COMPREPLY+=("$before$path")
  done < <(compgen "$1" -- "$typed")
}

# Proposes event names and groups behind the last comma.
_gluster_eventing_patterns() {
  local begun=
  if [[ $typed == *,* ]]; then begun=\${typed%,*},; fi
  typed=\${typed#"$begun"}
  if [[ $typed == '\\!'* ]]; then
    begun+='\\!' typed=\${typed:2}
  elif [[ $typed == '!'* ]]; then
    begun+='!' typed=\${typed:1}
  fi
  before+=$begun
  _gluster_eventing_words "\${patterns[@]}"
}

# Proposes the names of the webhooks that are registered now.
_gluster_eventing_webhooks() {
  local name names=()
  if [[ $program == '~/'* ]]; then program=$HOME/\${program:2}; fi
  if [[ $workdir == '~/'* ]]; then workdir=$HOME/\${workdir:2}; fi
  while IFS= read -r name; do
    names+=("$name")
  done < <("$program" complete-webhooks \${workdir:+"--workdir=$workdir"} 2>/dev/null </dev/null)
  _gluster_eventing_words "\${names[@]}"
}

# Finds out what the words before this one are, and proposes what may follow.
_gluster_eventing_command() {
  local command=\${words[1]} options=() valued=() operands=() option= previous= ended= workdir= word
  _gluster_eventing_options
  for word in "\${words[@]:2:last-2}"; do
    if [[ -n $option ]]; then
      if [[ $option == --workdir ]]; then workdir=$word; fi
      option=
    elif [[ -z $ended && $word == -- ]]; then
      ended=1
    elif [[ -z $ended && $word == --workdir=* ]]; then
      workdir=\${word#*=}
    elif [[ -z $ended && $word == -?* ]]; then
      if [[ " \${valued[*]} " == *" $word "* ]]; then option=$word; fi
    else
      operands+=("$word") previous=$word
    fi
  done
  if [[ -n $option ]]; then
    _gluster_eventing_value
  elif [[ -z $ended && $typed == -*=* ]]; then
    option=\${typed%%=*} before=\${typed%%=*}= typed=\${typed#*=}
    typed=\${typed#[\\"\\']}
    _gluster_eventing_value
  elif [[ -z $ended && $typed == -* ]]; then
    _gluster_eventing_words "\${options[@]}"
  else
    _gluster_eventing_operand
  fi
}

_gluster_eventing() {
  COMPREPLY=()
  # bash splits words at = and : too, which stand in options, URLs and patterns.
  local IFS=$' \\t\\n' line=\${COMP_LINE:0:COMP_POINT} words=() piece at
  for ((at = 0; at <= COMP_CWORD; at++)); do
    piece=\${COMP_WORDS[at]}
    if ((at == 0)) || [[ $line == [[:space:]]* ]]; then
      words+=("")
      line=\${line#"\${line%%[![:space:]]*}"}
    fi
    if ((at == COMP_CWORD)); then piece=$line; fi
    words[\${#words[@]} - 1]+=$piece
    line=\${line#"$piece"}
  done

  local last=$((\${#words[@]} - 1)) commands program_options patterns
  local program=\${words[0]} whole=\${words[last]} before= typed
  typed=\${whole#[\\"\\']}
  _gluster_eventing_lists
  if ((last > 1)); then
    _gluster_eventing_command
  elif [[ $typed == -* ]]; then
    _gluster_eventing_words "\${program_options[@]}"
  else
    _gluster_eventing_words "\${commands[@]}"
  fi

  # What stands before the last of its own separators bash leaves as it is.
  local plain=\${whole%%[\\"\\']*} kept= sign
  for sign in = :; do
    if [[ $COMP_WORDBREAKS == *"$sign"* && $plain == *"$sign"* ]]; then
      piece=\${plain%"$sign"*}$sign
      if ((\${#piece} > \${#kept})); then kept=$piece; fi
    fi
  done
  COMPREPLY=("\${COMPREPLY[@]#"$kept"}")
}

complete -F _gluster_eventing gluster-eventing
`;
