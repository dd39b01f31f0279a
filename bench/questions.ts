/** The same questions as `verify --read-only` asks, in the words of other tools; `$on` runs a command on the host. */
const hostQuestions = [
  'systemctl show docker.service',
  '/usr/sbin/dockerd --version',
  'cat /etc/docker/daemon.json',
  'cat /etc/nixos/modules/swarm.nix',
  'systemctl cat --no-pager swarm-init.service',
  'systemctl show --property=ExecStart swarm-init.service',
  'ip -4 -j route show table all',
  'ip -4 -j address show',
  'journalctl --header --no-pager',
  'journalctl --no-pager --all --output=json --since=-26h _SYSTEMD_UNIT=docker.service _TRANSPORT=stdout',
  'journalctl --no-pager --all --output=json --since=-26h MESSAGE_ID=a596d6fe7bfa4994828e72309e95d61e',
  'journalctl --no-pager --output=json --lines=1 _SYSTEMD_UNIT=docker.service _TRANSPORT=stdout',
]

const dockerQuestions = [
  'docker version',
  'docker info',
  'docker node inspect $(docker node ls -q)',
  'docker network inspect $(docker network ls -q)',
  'docker service inspect $(docker service ls -q)',
  'docker inspect --type task $(docker service ps -q $(docker service ls -q))',
]

const curlQuestions = ['version', 'info', 'nodes', 'networks', 'services', 'tasks'].map(
  (path) => `curl -sSf --unix-socket /var/run/docker.sock http://docker/${path}`,
)

/** A script that asks one question after the other over one ssh connection, as a careful operator would. */
export function ask(by: 'docker' | 'curl', sshConfig: string): string {
  const questions = [...(by === 'docker' ? dockerQuestions : curlQuestions), ...hostQuestions]
  const ssh = `ssh -F '${sshConfig}' -S "$dir/c"`
  return [
    'dir=$(mktemp -d)',
    `${ssh} -M -f -N lab`,
    ...questions.map((question) => `${ssh} lab '${question}'`),
    `${ssh} -O exit lab`,
    'rm -r "$dir"',
  ].join('\n')
}
