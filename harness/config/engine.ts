import type { EngineAddress, HostAddress } from '../model/address.ts'

/** An address, or what is wrong with the text. */
export type Parsed<T> = { readonly address: T } | { readonly problem: string }

const defaultSocketPath = '/var/run/docker.sock'
const forms = 'unix:///var/run/docker.sock, ssh://[user@]host[:port][/path/to.sock] or tcp://host:2376'

/** Where an engine is, from its URL; credentials in it are refused, never repeated. */
export function parseEngineUrl(
  text: string,
  tls: { ca: string; cert: string; key: string } | undefined,
): Parsed<EngineAddress> {
  if (text.startsWith('unix://')) {
    const socketPath = text.slice('unix://'.length)
    return socketPath.startsWith('/')
      ? { address: { kind: 'unix', socketPath } }
      : { problem: `a socket needs an absolute path, such as unix://${defaultSocketPath}` }
  }
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined) return { problem: `not an engine address; wanted ${forms}` }
  if (url.password !== '') return { problem: 'a password in an address is never used; take it out and use keys' }
  if (url.protocol === 'ssh:') {
    const socketPath = url.pathname === '' || url.pathname === '/' ? defaultSocketPath : url.pathname
    return { address: { kind: 'ssh', ...sshOf(url), socketPath } }
  }
  if (url.protocol === 'tcp:') return parseTcp(url, tls)
  return { problem: `the scheme ${url.protocol}// is not known; wanted ${forms}` }
}

function parseTcp(url: URL, tls: { ca: string; cert: string; key: string } | undefined): Parsed<EngineAddress> {
  if (url.hostname === '') return { problem: 'no host in it; wanted tcp://host:2376' }
  const port = url.port === '' ? (tls === undefined ? 2375 : 2376) : Number(url.port)
  return { address: { kind: 'tcp', host: url.hostname, port, ...(tls === undefined ? {} : { tls }) } }
}

/** Where commands run, from `local`, `none` or an ssh URL. */
export function parseHost(text: string): Parsed<HostAddress> {
  if (text === 'local') return { address: { kind: 'local' } }
  if (text === 'none') return { address: { kind: 'none', reason: 'the configuration says `host: none`' } }
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'ssh:' || url.hostname === '')
    return { problem: 'wanted local, none or ssh://[user@]host[:port]' }
  if (url.password !== '') return { problem: 'a password in an address is never used; take it out and use keys' }
  return { address: { kind: 'ssh', ...sshOf(url) } }
}

/** Commands run where the engine is, unless told otherwise; over tcp there is no way to run one. */
export function hostBeside(engine: EngineAddress): HostAddress {
  switch (engine.kind) {
    case 'unix':
      return { kind: 'local' }
    case 'ssh':
      return {
        kind: 'ssh',
        destination: engine.destination,
        ...(engine.port === undefined ? {} : { port: engine.port }),
      }
    case 'tcp':
      return { kind: 'none', reason: 'the engine is reached over tcp, and no `host` to run commands on is configured' }
  }
}

function sshOf(url: URL): { destination: string; port?: number } {
  const destination = url.username === '' ? url.hostname : `${decodeURIComponent(url.username)}@${url.hostname}`
  return { destination, ...(url.port === '' ? {} : { port: Number(url.port) }) }
}
