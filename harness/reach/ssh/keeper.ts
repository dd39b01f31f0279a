/**
 * Runs a command for as long as its own stdin stays open. The kernel closes that pipe when pvcheck dies, SIGKILL
 * included: then the command is ended, and the folder in `$1` removed, by this shell, which outlives both.
 */
export const keeperScript = [
  'dir=$1',
  'shift',
  'exec 3<&0',
  '"$@" </dev/null 3<&- &',
  'kept=$!',
  '(read -r _ <&3; kill "$kept") 2>/dev/null &',
  'keeper=$!',
  'exec 3<&-',
  'wait "$kept"',
  'code=$?',
  'kill "$keeper" 2>/dev/null',
  'rm -rf -- "$dir"',
  'exit "$code"',
].join('\n')
