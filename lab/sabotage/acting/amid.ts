import { runOn } from '../../host/machine.ts'
import { restartEngine } from '../control-plane.ts'
import { removeAll } from '../own-objects.ts'
import { waitOn } from '../wait.ts'
import type { ActingSabotage } from './acting-sabotage.ts'
import { endAmbush, hasSprung, layAmbush } from './ambush.ts'

export const nodePausedAmid: ActingSabotage = {
  name: 'node-paused-amid',
  what: 'takes the node out of service as soon as the first throwaway service is there: no other finds a node',
  reddens: {
    'PV-HEAD-001': { verdict: 'fail', says: /no suitable node/ },
    // Nobody can be given an address there, so it cannot be said of any that it is lost.
    'PV-RES-005': { verdict: 'unknown', says: /gave a container no address of proxy at all/ },
  },
  exit: 'failed',
  afterwards: hasSprung,
  breaks: async (machine, signal) => {
    // Known beforehand: the last stack is not to be faster.
    const id = (await runOn(machine, `echo ${self}`, { signal })).trim()
    await layAmbush(machine, `docker node update --availability pause ${id}`, signal)
  },
  mends: async (machine, signal) => {
    await endAmbush(machine, signal)
    await runOn(machine, `docker node update --availability active ${self}`, { signal })
  },
}

const self = `"$(docker info --format '{{.Swarm.NodeID}}')"`

export const engineDiesAmid: ActingSabotage = {
  name: 'engine-dies-amid',
  what: 'kills dockerd as soon as the first throwaway service is there; systemd starts it again',
  reddens: {
    'PV-HEAD-001': { verdict: 'unknown', says: /went away in mid-run: dockerd stopped or was restarted/ },
    'PV-RES-005': { verdict: 'unknown', says: /without a word about what became of/ },
  },
  exit: 'unknown',
  troubles: ['REACH_ENGINE_GONE'],
  afterwards: hasSprung,
  breaks: (machine, signal) =>
    layAmbush(machine, 'systemctl kill --signal=KILL --kill-who=main docker.service', signal),
  mends: async (machine, signal) => {
    await endAmbush(machine, signal)
    await restartEngine(machine, signal)
  },
}

export const othersAtWorkAmid: ActingSabotage = {
  name: 'others-at-work-amid',
  what: 'has somebody else relabel a service, deploy another and make a network anew while throwaway stacks come and go',
  reddens: {},
  exit: 'pass',
  tells: { 'PV-RES-004': /ccci-dashboard_app|bystander|newcomer/ },
  afterwards: hasSprung,
  breaks: async (machine, signal) => {
    await runOn(
      machine,
      `docker network inspect bystander > /dev/null 2>&1 || ${bystander} --subnet 10.70.0.0/24 bystander`,
      { signal },
    )
    await layAmbush(
      machine,
      `docker service update --quiet --detach --no-resolve-image --label-add seen=today ccci-dashboard_app
docker network rm bystander && ${bystander} --subnet 10.71.0.0/24 bystander
docker service create --quiet --detach --no-resolve-image --name newcomer --label sabotage=true \\
  --network bystander pvcheck-lab/httpd:1`,
      signal,
    )
  },
  mends: async (machine, signal) => {
    await endAmbush(machine, signal)
    await removeAll(machine, signal)
    await runOn(
      machine,
      'docker service update --quiet --detach --no-resolve-image --label-rm seen ccci-dashboard_app',
      { signal },
    )
    await waitOn(
      machine,
      `docker service inspect --format '{{.UpdateStatus}}' ccci-dashboard_app | grep --quiet --invert-match updating`,
      {
        what: 'the dashboard to be as it was',
        signal,
      },
    )
  },
}

const bystander = 'docker network create --driver overlay --label sabotage=true'

export const lookalikesAmid: ActingSabotage = {
  name: 'lookalikes-amid',
  what: 'plants what only looks like the run: a config and a container by its name, without its mark, and a namespace of a network that it removed',
  reddens: {
    'PV-RES-001': { verdict: 'fail', says: /^config pvc-\S+-99: /s },
    'PV-RES-002': { verdict: 'fail', says: /^container pvc-\S+-98: /s },
    'PV-RES-003': { verdict: 'fail', says: /^namespace 1-\w{10}: .*of the removed network pvc-/s },
  },
  exit: 'residue',
  afterwards: hasSprung,
  breaks: (machine, signal) =>
    layAmbush(
      machine,
      `run=\${name%-*-*}
net=$(docker network inspect --format '{{.Id}}' "\${name%-*}-net")
echo | docker config create "$run-99" -
docker create --name "$run-98" --network none pvcheck-lab/busybox:1
while docker network inspect "$net" > /dev/null 2>&1; do sleep 0.1; done
trace="/run/docker/netns/1-$(echo "$net" | cut -c 1-10)"
touch "$trace"
mount --bind /proc/1/ns/net "$trace"`,
      signal,
    ),
  mends: async (machine, signal) => {
    await endAmbush(machine, signal)
    await runOn(
      machine,
      `for config in $(docker config ls --format '{{.Name}}' | grep '^pvc-.*-99$'); do docker config rm "$config"; done
for one in $(docker ps --all --quiet --filter name=pvc-); do docker rm --force "$one"; done
cd /run/docker/netns && for file in 1-*; do
  [ "$file" -ef /proc/1/ns/net ] && umount "$file"
  mountpoint --quiet "$file" || rm -f "$file"
done`,
      { signal },
    )
  },
}

export const networkRemovedAmid: ActingSabotage = {
  name: 'network-removed-amid',
  what: 'has somebody remove the network of a throwaway stack while its task is still ending: what that held on the shared network, and on ingress, is lost',
  reddens: { 'PV-RES-005': { verdict: 'fail', says: /^(proxy|ingress): .*1 lost: [\d.]+ \(the task of pvc-/s } },
  exit: 'residue',
  afterwards: hasSprung,
  breaks: (machine, signal) =>
    layAmbush(
      machine,
      `while docker service inspect "$id" > /dev/null 2>&1; do sleep 0.02; done
until docker network rm "\${name%-*}-net"; do sleep 0.02; done`,
      signal,
    ),
  mends: async (machine, signal) => {
    await endAmbush(machine, signal)
    // By which dockerd forgets what is lost, and its journal what it said of that.
    await restartEngine(machine, signal)
  },
}

export const networkSquattedAmid: ActingSabotage = {
  name: 'network-squatted-amid',
  what: "has somebody's service join the network of a throwaway stack, which cannot be removed any more then",
  reddens: {
    'PV-RES-001': { verdict: 'fail', says: /^network pvc-\S+-net: /s },
    'PV-RES-004': { verdict: 'fail', says: /^service squatter: .*uses network pvc-/s },
    'PV-HEAD-001': { verdict: 'fail', says: /not gone in time/ },
  },
  exit: 'residue',
  troubles: ['RUN_LEFT_RESIDUE'],
  leaves: true,
  afterwards: hasSprung,
  breaks: (machine, signal) =>
    layAmbush(
      machine,
      `docker service create --quiet --detach --no-resolve-image --name squatter --label sabotage=true --replicas 0 \\
  --network "\${name%-*}-net" pvcheck-lab/busybox:1`,
      signal,
    ),
  mends: async (machine, signal) => {
    await endAmbush(machine, signal)
    await runOn(machine, 'docker service rm squatter 2>/dev/null || true', { signal })
  },
}
