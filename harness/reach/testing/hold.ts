import { connect } from '../connect.ts'

/** Run as a process of its own: connects to the practice host of `argv[2]`, says so, and holds on until it is killed. */
const [sshConfigPath = '', stateDir = ''] = process.argv.slice(2)
const connection = await connect(
  {
    engine: { kind: 'ssh', destination: 'lab', socketPath: '/var/run/docker.sock' },
    host: { kind: 'ssh', destination: 'lab' },
    sshConfigPath,
    timeoutMs: 15_000,
  },
  { signal: new AbortController().signal, stateDir },
)
process.stdout.write(`${connection.target.fingerprint.cluster}\n`)
connection.signal.addEventListener('abort', () => process.exit(1))
