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

/** Whether our own way out is at fault: then nothing was asked of the target, and nothing is known of it. */
export function isOwnTrouble({ code, phase }: ExchangeError): boolean {
  return phase === 'proxy' || code === 'DNS_FAILED' || code === 'DNS_TIMEOUT'
}
