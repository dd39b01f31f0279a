import type { Judgement } from '../../model/check.ts'
import type { Expectations } from '../../model/expectations.ts'
import type { ProxyAnswered, ProxyApi } from '../../model/facts/routing/proxy-api.ts'

/** For `notApplicable`. */
export function noProxyApi({ proxy }: Expectations): string | undefined {
  return proxy?.api === undefined ? "the address of the proxy's API is not named in `expect.proxy.api`" : undefined
}

/** Judges what the proxy says of itself; where it says nothing, nothing is known. */
export function judgeTold(
  api: ProxyApi,
  expected: string,
  judge: (told: ProxyAnswered) => readonly Judgement[],
): readonly Judgement[] {
  if (api.state === 'answered') return judge(api)
  return [
    {
      subject: 'proxy',
      expected,
      actual: api.state === 'silent' ? api.why : 'its API was not asked',
      verdict: 'unknown',
      code: 'PROXY_API_SILENT',
      reason: 'only the proxy itself can say what it routes, and it did not',
      remedy:
        'Where it could not be reached, see PV-ROUTE-001; else turn its API on, and route it (`api@internal`) to where `expect.proxy.api` looks for it: an address that ends in `/api`, mostly; name its credentials there if it wants any.',
    },
  ]
}

/** `swarm` of `drone@swarm`. */
export function providerOf(name: string): string {
  return name.slice(name.lastIndexOf('@') + 1)
}

/** `drone` of `drone@swarm`. */
export function withoutProvider(name: string): string {
  return name.slice(0, name.lastIndexOf('@'))
}
