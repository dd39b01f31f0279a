/** Lists have names of their own as flags; some flags have a short form. */
const flagsOfDirectives: Readonly<Record<string, readonly string[]>> = {
  hosts: ['host', 'H'],
  group: ['group', 'G'],
  debug: ['debug', 'D'],
  'log-level': ['log-level', 'l'],
  pidfile: ['pidfile', 'p'],
  bridge: ['bridge', 'b'],
  'storage-driver': ['storage-driver', 's'],
  labels: ['label'],
  'log-opts': ['log-opt'],
  'storage-opts': ['storage-opt'],
  'exec-opts': ['exec-opt'],
  'dns-opts': ['dns-opt'],
  runtimes: ['add-runtime'],
  'default-ulimits': ['default-ulimit'],
  'default-address-pools': ['default-address-pool'],
  'node-generic-resources': ['node-generic-resource'],
  'insecure-registries': ['insecure-registry'],
  'registry-mirrors': ['registry-mirror'],
  'authorization-plugins': ['authorization-plugin'],
  'allow-nondistributable-artifacts': ['allow-nondistributable-artifacts'],
}

/** What dockerd 20.10 takes from the file although its help names no such flag; tried one by one. */
const withoutFlag = new Set([
  'builder',
  'cluster-advertise',
  'cluster-store',
  'cluster-store-opts',
  'deprecated-key-path',
  'features',
  'graph',
  'restart',
])

/** Whether a dockerd with these flags knows a setting of its configuration file. */
export function knowsDirective(flags: ReadonlySet<string>, directive: string): boolean {
  return withoutFlag.has(directive) || namesOf(directive).some((flag) => flags.has(flag))
}

/** Whether the command line sets what the file sets as well. */
export function setsDirective(argv: readonly string[], directive: string): boolean {
  // dockerd merges these two.
  if (directive === 'runtimes') return false
  const flags = namesOf(directive).map((name) => (name.length === 1 ? `-${name}` : `--${name}`))
  return argv.some((word) => flags.some((flag) => word === flag || word.startsWith(`${flag}=`)))
}

function namesOf(directive: string): readonly string[] {
  return flagsOfDirectives[directive] ?? [directive]
}
