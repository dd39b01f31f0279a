import { type LabMachine, runOn } from '../../host/machine.ts'
import { type LabEngine, networksSchema } from './engine.ts'

/** A namespace is there while it is mounted: dockerd clears its empty file away within a minute. */
const script = `
systemctl list-units --all --full --plain --no-legend 'pvc*' | sed 's/^/unit /'
find /run/systemd /etc/systemd /var/lib/systemd -name 'pvc*' | sed 's/^/file /'
find /run /tmp /var/tmp /var/lib /root /usr/local -xdev -name '*pvcheck*' -not -path '/var/lib/docker/*' -not -path '/run/docker/*' | sed 's/^/file /'
ps -eo pid=,args= | grep -E '[p]vcheck-(sweep|janitor|lock)|[p]vcheck\\.(run|expires)' | sed 's/^/process /'
sed -n 's|.* /run/docker/netns/\\([^ ]*\\) .*|netns \\1|p' /proc/self/mountinfo
true`

/** What `pvcheck` could have left on a host beside the objects of its Swarm: timers, files, processes. */
export async function traceOnHost(machine: LabMachine, engine: LabEngine): Promise<string[]> {
  const lines = (await runOn(machine, script)).split('\n').filter(Boolean)
  const networks = await engine.get('/networks', networksSchema)
  const others = lines.filter((line) => !line.startsWith('netns '))
  const stray = lines.filter((line) =>
    isStray(
      line,
      networks.map(({ Id }) => Id),
    ),
  )
  return [...new Set([...others, ...stray.map((line) => `${line}, of a network that is gone`)])].sort()
}

/** An overlay's namespaces bear the beginning of its id: \`1-m3x0c5q9ta\`, \`lb_m3x0c5q9t\`. */
function isStray(line: string, ids: readonly string[]): boolean {
  const id = /^netns (?:\d+-|lb_)([0-9a-z]{9,})$/.exec(line)?.[1]
  return id !== undefined && !ids.some((network) => network.startsWith(id))
}
