import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { labAsset } from '../../host/asset.ts'
import { type LabMachine, runOn } from '../../host/machine.ts'
import { images } from './image.ts'
import { nodeTar } from './node-files.ts'

const folder = '/tmp/images'

/** Unpacks what the images are made of, beside the apps: a page for httpd, busybox, Caddy and the one library it lacks. */
const prepare = `set -eu
cd ${folder}
mkdir -p packages/busybox packages/caddy busybox/bin traefik/usr/bin traefik/app httpd
dpkg -x /opt/packages/busybox-static_*.deb packages/busybox
dpkg -x /opt/packages/caddy_*.deb packages/caddy
cp packages/busybox/bin/busybox busybox/bin/
for applet in $(busybox/bin/busybox --list); do
  [ "$applet" = busybox ] || ln -s busybox "busybox/bin/$applet"
done
cp packages/caddy/usr/bin/caddy traefik/usr/bin/
cp -r apps/router traefik/app/
ldd traefik/usr/bin/caddy | sed -n 's/.*=> \\(\\/[^ ]*\\).*/\\1/p' | while read -r library; do
  # The C library comes with node, and must not be an older one.
  if [ ! -e "node$library" ]; then mkdir -p "traefik$(dirname "$library")"; cp -L "$library" "traefik$library"; fi
done
echo 'pvcheck practice host: throwaway' > httpd/index.html
`

/** Builds all images with the engine of a booted builder host, and leaves nothing else in it. */
export async function buildImages(machine: LabMachine, signal?: AbortSignal): Promise<void> {
  const options = { timeoutMs: 120_000, ...(signal === undefined ? {} : { signal }) }
  await runOn(machine, `mkdir -p ${folder}/node && tar -C ${folder}/node -x`, {
    ...options,
    stdin: await nodeTar(signal),
  })
  for (const file of appFiles()) {
    await runOn(machine, `mkdir -p "$(dirname ${file.path})" && cat > ${file.path}`, {
      ...options,
      stdin: file.content,
    })
  }
  await runOn(machine, prepare, options)
  for (const image of images) {
    const build = `docker build --quiet --tag ${image.name} --file - ${folder}/${image.context}`
    await runOn(machine, build, { ...options, stdin: image.dockerfile })
  }
  await runOn(machine, `rm -rf ${folder}`, options)
}

/** Everything the images depend on, but for the packages and the node binary. */
export function imageIngredients(): readonly string[] {
  const apps = appFiles().map(({ path, content }) => `${path}\n${content}`)
  return [prepare, ...images.map(({ name, context, dockerfile }) => `${name} ${context}\n${dockerfile}`), ...apps]
}

function appFiles(): { path: string; content: string }[] {
  const root = labAsset('guest/apps')
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.mjs'))
    .sort()
    .map((name) => ({ path: `${folder}/apps/${name}`, content: readFileSync(join(root, name), 'utf8') }))
}
