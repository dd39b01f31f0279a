import type { Image } from '../../model/facts/images.ts'
import type { Throwaway } from '../../model/throwaway.ts'

/** An image that is on the engine. */
export interface ChosenImage {
  readonly name: string
  /** A service that names an image by its id has no node ask a registry for it. */
  readonly id: string
  /** As a registry knows it: `busybox@sha256:...`. */
  readonly digest?: string
}

/** The configured image, or a busybox from whichever registry; undefined where the engine has none. */
export function chooseImage(
  images: readonly Image[],
  { image: wanted }: Pick<Throwaway, 'image'>,
): ChosenImage | undefined {
  const named = images.flatMap((image) => namesOf(image).map((name) => chosen(image, name)))
  if (wanted === undefined) return named.filter(({ name }) => isBusybox(name)).sort(byPreference)[0]
  const byName = named.find(({ name }) => normalise(name) === normalise(wanted))
  if (byName !== undefined) return byName
  const byId = images.find(({ Id }) => isIdOf(Id, wanted))
  return byId === undefined ? undefined : chosen(byId, namesOf(byId)[0] ?? wanted)
}

function chosen({ Id, RepoDigests }: Image, name: string): ChosenImage {
  const digest = RepoDigests?.find((known) => repositoryOf(known) === repositoryOf(name))
  return { name, id: Id, ...(digest === undefined ? {} : { digest }) }
}

function namesOf({ RepoTags, RepoDigests }: Image): readonly string[] {
  return [...(RepoTags ?? []), ...(RepoDigests ?? [])].filter((name) => !name.startsWith('<none>'))
}

function isBusybox(name: string): boolean {
  return repositoryOf(name).split('/').at(-1) === 'busybox'
}

/** The official one first, then by name: the same host gives the same image each time. */
function byPreference(a: ChosenImage, b: ChosenImage): number {
  const rank = ({ name }: ChosenImage): number => (repositoryOf(name) === 'busybox' ? 0 : 1)
  return rank(a) - rank(b) || (a.name < b.name ? -1 : 1)
}

/** `docker.io/library/busybox` and `busybox:latest@sha256:...` as docker takes them. */
function normalise(name: string): string {
  const [, digest] = name.split('@')
  if (digest !== undefined) return `${repositoryOf(name)}@${digest}`
  return `${repositoryOf(name)}:${tagOf(name) ?? 'latest'}`
}

function repositoryOf(name: string): string {
  const tag = tagOf(name)
  const [bare = ''] = name.split('@')
  const repository = tag === undefined ? bare : bare.slice(0, -tag.length - 1)
  return repository.replace(/^(index\.)?docker\.io\//, '').replace(/^library\//, '')
}

function tagOf(name: string): string | undefined {
  const [bare = ''] = name.split('@')
  const last = bare.slice(bare.lastIndexOf('/') + 1)
  return last.includes(':') ? last.slice(last.indexOf(':') + 1) : undefined
}

function isIdOf(id: string, wanted: string): boolean {
  const digits = wanted.replace(/^sha256:/, '')
  return /^[0-9a-f]{12,64}$/.test(digits) && id.replace(/^sha256:/, '').startsWith(digits)
}
