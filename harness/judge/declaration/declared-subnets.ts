import type { Declared } from '../../model/facts/declarations.ts'
import type { Cidr } from '../address/cidr.ts'
import { formatCidr, parseCidr } from '../address/cidr.ts'
import { listSubnets } from '../address/overlay.ts'
import { list } from '../say.ts'
import type { NetworkCreate } from './network-creates.ts'
import { networkCreates } from './network-creates.ts'
import { nixStrings } from './nix-strings.ts'
import { isUnit, unitScript } from './unit-commands.ts'

/** What a declaration says; `none` is a network that is created without a subnet, so that the Swarm picks one. */
export type DeclaredSubnets =
  | { readonly kind: 'subnets'; readonly subnets: readonly Cidr[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'unresolved'; readonly why: string }

/** Reads what a declaration says of the network, without running any of it. */
export function declaredSubnets({ source, texts }: Declared, network: string): DeclaredSubnets {
  const [main, ...scripts] = texts
  if (main === undefined) return unresolved('nothing was read')
  if (main.exitCode !== 0) return unresolved(`exit code ${main.exitCode}: ${main.stderr.trim() || 'nothing on stderr'}`)
  if (main.truncated) return unresolved('it is too long to be read whole')
  const plain = plainSubnets(main.stdout)
  if (plain !== undefined) return { kind: 'subnets', subnets: plain }
  const readable = [main, ...scripts.filter(({ exitCode, stdout }) => exitCode === 0 && !stdout.includes('\0'))]
  const isNix = source.kind === 'file' && source.path.endsWith('.nix')
  const creates = readable.flatMap(({ stdout }) => scriptsIn(stdout, isNix)).flatMap(networkCreates)
  return settle(creates, network)
}

function settle(creates: readonly NetworkCreate[], network: string): DeclaredSubnets {
  if (creates.some(({ name }) => name === undefined)) {
    return unresolved('the name of a network that it creates is known only when it runs')
  }
  const own = creates.filter(({ name }) => name === network)
  if (own.length === 0) {
    const others = list(creates.map(({ name }) => name ?? ''))
    return unresolved(`no \`docker network create ... ${network}\` in it${others === '' ? '' : `, only of ${others}`}`)
  }
  const said = own.map(({ subnets }) => subnets.map((subnet) => (subnet === undefined ? undefined : parseCidr(subnet))))
  if (said.flat().includes(undefined)) return unresolved('its subnet is known only when it runs')
  const sets = said.map((subnets) => subnets.filter((subnet) => subnet !== undefined))
  const [first = []] = sets
  const different = new Set(sets.map(listSubnets))
  if (different.size > 1) return unresolved(`it creates ${network} in several ways: ${[...different].join(' or ')}`)
  return first.length === 0 ? { kind: 'none' } : { kind: 'subnets', subnets: first }
}

/** A command may print the subnet itself, or a script as a string of JSON, as `nix-instantiate --json` does. */
function plainSubnets(text: string): readonly Cidr[] | undefined {
  const words = unquote(text)
    .trim()
    .split(/[\s,]+/)
  const subnets = words.map((word) => (word.includes('/') ? parseCidr(word) : undefined))
  return subnets.includes(undefined) ? undefined : subnets.filter((subnet) => subnet !== undefined)
}

function scriptsIn(text: string, isNix: boolean): readonly string[] {
  if (isNix) return nixStrings(text)
  if (isUnit(text)) return [unitScript(text)]
  return [unquote(text)]
}

function unquote(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'string' ? parsed : text
  } catch {
    return text
  }
}

function unresolved(why: string): DeclaredSubnets {
  return { kind: 'unresolved', why }
}

export function describeDeclared(declared: DeclaredSubnets): string {
  if (declared.kind === 'subnets') return declared.subnets.map(formatCidr).join(', ')
  return declared.kind === 'none' ? 'no subnet: the Swarm takes the next /24 of its pool' : declared.why
}
