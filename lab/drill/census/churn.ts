import { execOn, type LabMachine, runOn } from '../../host/machine.ts'

/** What a unit of the host does until it is told to end: deploys, scales, updates and removes, each of them properly. */
function script(network: string, worker: string): string {
  return `set -eu
turn=0
until [ -e ${stopFile(network)} ]; do
  turn=$((turn + 1))
  name=churn-${worker}-$turn
  docker service create --quiet --detach --no-resolve-image --name $name --replicas 1 --stop-grace-period 1s \\
    --label churn=${network} --container-label churn=${network} --network ${network} pvcheck-lab/busybox:1 sleep 86400
  sleep 1
  docker service scale --detach $name=3
  sleep 1
  docker service update --quiet --detach --no-resolve-image --env-add turn=$turn --update-parallelism 0 $name
  sleep 1
  docker service rm $name
done
`
}

const workers = ['a', 'b']

function stopFile(network: string): string {
  return `/run/churn-${network}.stop`
}

/** Ordinary deploys come and go on a network; disposing of it waits until none of them holds anything any more. */
export async function startChurn(machine: LabMachine, network: string, signal: AbortSignal): Promise<AsyncDisposable> {
  for (const worker of workers) {
    const unit = `churn-${worker}`
    const command = `rm -f ${stopFile(network)} && cat > /run/${unit}.sh && systemd-run --quiet --collect --unit=${unit} sh /run/${unit}.sh`
    await runOn(machine, command, { stdin: script(network, worker), signal })
  }
  await runOn(machine, untilBusy(network), { signal })
  return { [Symbol.asyncDispose]: () => endChurn(machine, network) }
}

/** Once it has tasks on the network. */
function untilBusy(network: string): string {
  return `for try in $(seq 300); do
  [ -n "$(docker ps --quiet --filter label=churn=${network})" ] && exit 0
  sleep 0.1
done
exit 1`
}

async function endChurn(machine: LabMachine, network: string): Promise<void> {
  const units = workers.map((worker) => `churn-${worker}`).join(' ')
  const { exitCode, stderr } = await execOn(
    machine,
    `touch ${stopFile(network)}
for try in $(seq 100); do systemctl is-active --quiet ${units} || break; sleep 0.2; done
systemctl stop ${units} 2> /dev/null || true
for one in $(docker service ls --quiet --filter label=churn=${network}); do docker service rm "$one"; done
for try in $(seq 200); do
  tasks=$(curl --silent --fail --unix-socket /run/docker.sock 'http://docker/tasks?filters=%7B%22label%22%3A%5B%22churn%3D${network}%22%5D%7D')
  [ "$tasks" = '[]' ] && [ -z "$(docker ps --all --quiet --filter label=churn=${network})" ] && exit 0
  sleep 0.2
done
echo "still there: $tasks" >&2
exit 1`,
    { timeoutMs: 120_000 },
  )
  if (exitCode !== 0) throw new Error(`the churn on ${network} did not end: ${stderr.slice(-500)}`)
}
