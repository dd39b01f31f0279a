import { journald, journaldProperties } from '../../model/facts/journald.ts'
import { showUnit } from '../host/show-unit.ts'
import type { Question } from '../question.ts'

/**
 * Prints journald's configuration in the order in which it reads it: the first main file there is, then the drop-ins
 * by name, each from the first folder that has one of that name. `systemd-analyze cat-config` is not to be had
 * everywhere: it came with systemd 239.
 */
const printConfig = `set -eu
folders='/etc/systemd /run/systemd /usr/local/lib/systemd /usr/lib/systemd /lib/systemd'
first() { for dir in $folders; do if [ -e "$dir/$1" ]; then cat "$dir/$1"; echo; break; fi; done; }
first journald.conf
names=$(for dir in $folders; do
  for file in "$dir"/journald.conf.d/*.conf; do if [ -e "$file" ]; then echo "\${file##*/}"; fi; done
done | LC_ALL=C sort -u)
IFS='
'
set -f
for name in $names; do IFS=' '; first "journald.conf.d/$name"; done`

export const journaldQuestion: Question = {
  fact: journald,
  ask: async (asker) => {
    const [unit, config] = await Promise.all([
      showUnit(asker, 'systemd-journald.service', journaldProperties),
      asker.run(['sh', '-c', printConfig]),
    ])
    return { unit, config }
  },
}
