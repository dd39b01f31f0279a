import { z } from 'zod'
import { rawCommandSchema, saidBy } from '../raw-command.ts'

/** What a manager's own kernel shows of overlays, or why nobody could look. */
export type HostTraces =
  | { readonly kind: 'unseen'; readonly why: string }
  | {
      readonly kind: 'seen'
      /** By their file names below `netns`: `1-<10 of the network's id>`, `lb_<9 of it>`, a container's own. */
      readonly namespaces: readonly string[]
      /** In the host's own namespace: `vx-001001-<5 of the network's id>`. */
      readonly interfaces: readonly string[]
    }

const trial = z.union([rawCommandSchema, z.object({ error: z.string() })])
const commands = z.object({ mounts: trial, files: trial, links: trial })
const schema = z.union([z.object({ unavailable: z.string() }), commands])

/** What the commands answered, or why none could be run, as one of the two. */
export const hostTracesSchema = schema.transform((raw): HostTraces => {
  if ('unavailable' in raw) return { kind: 'unseen', why: raw.unavailable }
  const [mounts, files, links] = [outputOf(raw.mounts), outputOf(raw.files), outputOf(raw.links)]
  if ('why' in mounts) return { kind: 'unseen', why: `the mounts of the host could not be read: ${mounts.why}` }
  if ('why' in links) return { kind: 'unseen', why: `the interfaces of the host could not be read: ${links.why}` }
  const namespaces = mounts.lines.flatMap((line) => namespaceIn(line) ?? [])
  // A namespace that is gone leaves its empty file for up to a minute: only what is mounted is one. Where files are
  // there and nothing is mounted, dockerd mounts them where we do not look.
  if (namespaces.length === 0 && ('why' in files || files.lines.length > 0)) {
    const seen = 'why' in files ? `they could not be listed: ${files.why}` : 'their files are there, and no mount is'
    return { kind: 'unseen', why: `the namespaces of dockerd are not to be seen: ${seen}` }
  }
  return { kind: 'seen', namespaces, interfaces: links.lines.flatMap((line) => interfaceIn(line) ?? []) }
})

type Output = { readonly lines: readonly string[] } | { readonly why: string }

function outputOf(answer: z.infer<typeof trial>): Output {
  if ('error' in answer) return { why: answer.error }
  if (answer.exitCode !== 0) return { why: saidBy(answer) }
  if (answer.truncated) return { why: 'the output was too long to be read whole' }
  return { lines: answer.stdout.split('\n').filter((line) => line !== '') }
}

/**
 * `747 1829 0:4 net:[4026534807] /run/docker/netns/1-k27llwu9aw rw shared:652 - nsfs nsfs rw`; those of `ip netns` are
 * none of dockerd's, and prove nothing of whether its own are to be seen.
 */
function namespaceIn(mount: string): string | undefined {
  const [, dir, file] = /^\d+ \d+ \S+ net:\S+ (\S*)\/netns\/(\S+) .* - nsfs /.exec(mount) ?? []
  return dir === '/run' || dir === '/var/run' ? undefined : file
}

/** `10: vethcab5e70@if9: <BROADCAST,...> mtu ...` */
function interfaceIn(link: string): string | undefined {
  return /^\d+: ([^@:\s]+)/.exec(link)?.[1]
}
