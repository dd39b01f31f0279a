/** One image: its name, and the Dockerfile that makes it of what lies in a folder. */
export interface Image {
  readonly name: string
  /** The folder, below the build folder: small ones, as all of it is sent to the engine. */
  readonly context: string
  readonly dockerfile: string
}

const trap = 'trap "exit 0" TERM; /bin/busybox httpd -f -p 80 -h /www & wait'

/** An app's image: node, the modules all apps share, and the app's own. */
function app(name: string, folder: string, standIn: string): Image {
  return {
    name: `pvcheck-lab/${name}:1`,
    context: 'apps',
    dockerfile: `FROM pvcheck-lab/node:1
LABEL pvcheck.lab.stand-in="${standIn}"
COPY serve.mjs fetch-json.mjs /app/
COPY ${folder} /app/${folder}
CMD ["/usr/bin/node", "/app/${folder}/main.mjs"]
`,
  }
}

/** In the order in which they are built. The names have no registry in them, so no engine looks for them elsewhere. */
export const images: readonly Image[] = [
  {
    name: 'pvcheck-lab/busybox:1',
    context: 'busybox',
    // As the image of that name everywhere: each applet by its own name, in the PATH that every image has.
    dockerfile: `FROM scratch
LABEL pvcheck.lab.stand-in="busybox"
COPY . /
CMD ["sh"]
`,
  },
  {
    // As the first process of a container busybox would ignore SIGTERM for ten seconds.
    name: 'pvcheck-lab/httpd:1',
    context: 'httpd',
    dockerfile: `FROM pvcheck-lab/busybox:1
LABEL pvcheck.lab.stand-in="throwaway web server"
COPY . /www
EXPOSE 80
CMD ${JSON.stringify(['/bin/busybox', 'sh', '-c', trap])}
`,
  },
  {
    name: 'pvcheck-lab/node:1',
    context: 'node',
    dockerfile: `FROM scratch
LABEL pvcheck.lab.stand-in="node"
COPY . /
CMD ["/usr/bin/node"]
`,
  },
  {
    name: 'pvcheck-lab/traefik:1',
    context: 'traefik',
    dockerfile: `FROM pvcheck-lab/node:1
LABEL pvcheck.lab.stand-in="traefik"
COPY . /
EXPOSE 80 443
CMD ["/usr/bin/node", "/app/router/main.mjs"]
`,
  },
  app('drone', 'drone', 'drone'),
  app('dashboard', 'dashboard', 'recipe dashboard'),
  app('bridge', 'bridge', 'comment bridge'),
  app('reports', 'reports', 'report site'),
]
