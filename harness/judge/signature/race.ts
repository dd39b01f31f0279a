import type { Signature } from './signature.ts'

const remedy =
  'Find what removes many stacks at once, and let it wait for the tasks of one to end before it removes the networks. PV-JRN-006 tells whether addresses may have leaked by it.'

/** Networks were removed on this node in a hurry; the incidents of address exhaustion came with these lines. */
export const race: readonly Signature[] = [
  {
    name: 'a network could not be removed from this node',
    message: /^network \S+ remove failed: /,
    meaning: 'two removals of one network met on this node, as when many stacks are removed at once',
    class: 'infra',
    remedy,
    source: 'moby, cluster executor: removeNetworks',
    leaderOnly: false,
  },
  {
    name: 'a network could not be removed from this node',
    error: /^network \S+ remove failed: /,
    meaning: 'two removals of one network met on this node, as when many stacks are removed at once',
    class: 'infra',
    remedy,
    source: 'moby, cluster executor: Configure',
    leaderOnly: false,
  },
  {
    name: 'a network could not be marked for deletion',
    message: /error marking network .* for deletion: .*key modified/,
    meaning: 'two writers met in the store of networks of this node',
    class: 'infra',
    remedy,
    source: 'libnetwork, network.go: delete',
    leaderOnly: false,
  },
  {
    name: 'key modified',
    error: /Unable to complete atomic operation, key modified$/,
    meaning: 'two writers met in the store of networks of this node, and one of them gave up',
    class: 'infra',
    remedy,
    source: 'libnetwork, kvstore',
    leaderOnly: false,
  },
]
