import { quietLocks } from '../../model/facts/quiet/locks.ts'
import type { Question } from '../question.ts'

/**
 * Takes no lock. What a process holds is told by its open files: /proc/locks leaves out, in a container, the lock of a
 * script whose `flock` has ended, and on overlay and btrfs names a device that no file has. It is read as well, for a
 * lock that the kernel itself holds for a remote machine has no process.
 */
const script = [
  `echo "user $(id -u)"`,
  'index=0',
  'for file; do',
  '  echo "file $index $(stat -L -c %d:%i "$file" 2>&1)"',
  '  index=$((index + 1))',
  'done',
  `find /proc/[0-9]*/fdinfo -maxdepth 1 -type f -exec grep -H '^lock:' {} + |`,
  String.raw`sed -n 's|^/proc/\([0-9]*\)/fdinfo/\([0-9]*\):lock:\(.*\)|\1 \2 \3|p' |`,
  'while read -r pid fd text; do',
  '  program=',
  '  { read -r program <"/proc/$pid/comm"; } 2>/dev/null',
  '  at=$(stat -L -c %d:%i "/proc/$pid/fd/$fd" 2>/dev/null)',
  String.raw`  printf 'held %s %s %s\tlock: %s\n' "$pid" "$at" "$program" "$text"`,
  'done',
  `sed 's/^/listed /' /proc/locks`,
].join('\n')

export const locksQuestion: Question = {
  fact: quietLocks,
  ask: async (asker) => {
    const files = asker.wanted.quiet.lockFiles
    return { files, answer: await asker.run(['sh', '-c', script, 'pvcheck-locks', ...files]) }
  },
}
