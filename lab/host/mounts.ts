import { readFile } from 'node:fs/promises'
import type { Shell } from 'zx/core'
import { PvcheckError } from '../../harness/core/errors.ts'
import { pollUntil } from '../../harness/core/poll.ts'
import { unescapeMount } from './cgroup-text.ts'
import { shell } from './shell.ts'

/** Mount points at or below a folder, in the order they were made. */
export function mountsUnder(mountinfo: string, folder: string): string[] {
  return mountinfo
    .split('\n')
    .map((line) => unescapeMount(line.split(' ')[4] ?? ''))
    .filter((path) => path === folder || path.startsWith(`${folder}/`))
}

/** Unmounts everything at or below a folder, last made first. Throws WAIT_TIMED_OUT with umount's words. */
export async function unmountUnder(folder: string): Promise<void> {
  await pollUntil(
    async () => {
      const mounted = mountsUnder(await readFile('/proc/self/mountinfo', 'utf8'), folder)
      if (mounted.length === 0) return { done: true, value: undefined }
      const $ = shell()
      for (const path of mounted.reverse()) await $`umount ${path}`
      return { done: false, state: `unmounted ${mounted.length}, looking again` }
    },
    { what: `no mount to be left under ${folder}`, timeoutMs: 10_000, intervalMs: 20 },
  )
}

/** Stacks an upper folder on a read-only root file system. */
export async function mountOverlay(
  layers: { readonly lower: string; readonly upper: string; readonly work: string },
  target: string,
  $: Shell,
): Promise<void> {
  const paths = [layers.lower, layers.upper, layers.work]
  if (paths.some((path) => /[:,\\]/.test(path))) {
    throw new PvcheckError({
      code: 'LAB_PATH_UNUSABLE',
      seen: `a colon, comma or backslash in one of ${paths.join('  ')}`,
      wanted: 'paths that can stand in the options of an overlay mount',
      remedy: 'Set XDG_CACHE_HOME and XDG_STATE_HOME to plain paths.',
      exit: 'blocked',
    })
  }
  const options = `lowerdir=${layers.lower},upperdir=${layers.upper},workdir=${layers.work}`
  await $`mount -t overlay pvlab -o ${options} ${target}`
}
