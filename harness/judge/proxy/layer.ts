import type { ExchangeError } from '../../model/http.ts'

const layers: Readonly<Record<ExchangeError['phase'], string>> = {
  dns: 'DNS',
  proxy: 'SOCKS',
  connect: 'TCP',
  tls: 'TLS',
  answer: 'HTTP',
  body: 'HTTP',
}

/** The layer that broke, as people call it. */
export function layerOf({ phase }: ExchangeError): string {
  return layers[phase]
}

const ofOurSide: readonly ExchangeError['code'][] = ['DNS_FAILED', 'DNS_TIMEOUT', 'REQUEST_REFUSED', 'TCP_FAILED']

/**
 * Whether our own way out is at fault: then nothing was asked of the target, and nothing is known of it. That a name does
 * not exist is an answer; a resolver that says nothing, or a network that this machine has no way into, tells of us alone.
 */
export function isOwnTrouble({ code, phase, message }: ExchangeError): boolean {
  if (phase === 'proxy' || ofOurSide.includes(code)) return true
  return code === 'TCP_UNREACHABLE' && !/EHOST(?:UNREACH|DOWN)/.test(message)
}

/** What to say of it then. */
export const ownTrouble = {
  reason: 'the way there is broken on our side of it',
  remedy: 'Mend the way (the SOCKS proxy, the resolver, the network of this machine), and look again.',
} as const
