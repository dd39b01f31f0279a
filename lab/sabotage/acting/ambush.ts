import { type LabMachine, runOn } from '../../host/machine.ts'

const script = '/run/ambush.sh'
const sprung = '/run/ambush.sprung'

/** Shell: true once the ambush has done its deed. */
export const hasSprung = `test -e ${sprung}`

/**
 * Has the host itself do something when a throwaway service first appears, while a run goes on. The deed is shell, with
 * `$id` and `$name` of that service; events since now count, so it cannot come too late.
 */
export async function layAmbush(machine: LabMachine, deed: string, signal: AbortSignal): Promise<void> {
  const watch = `since=$(date +%s)
docker events --since "$since" --filter type=service --filter event=create \\
  --format '{{.Actor.ID}} {{.Actor.Attributes.name}}' | while read -r id name; do
  case "$name" in pvc-*) ;; *) continue ;; esac
  set -x
${deed}
  touch ${sprung}
  break
done
`
  const command = `systemctl is-active --quiet ambush || {
rm -f ${sprung} && cat > ${script} && systemd-run --quiet --collect --unit=ambush sh ${script}
}`
  await runOn(machine, command, { stdin: watch, signal })
}

export async function endAmbush(machine: LabMachine, signal: AbortSignal): Promise<void> {
  await runOn(machine, `systemctl stop ambush 2>/dev/null || true; rm -f ${script} ${sprung}`, { signal })
}
