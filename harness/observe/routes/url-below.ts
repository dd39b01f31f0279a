/** A path below a base URL, whether that ends in a slash or not: `https://traefik.example.org/api` and `/version`. */
export function urlBelow(base: string, path: string, query: Readonly<Record<string, number>> = {}): string {
  const url = new URL(base)
  url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value))
  return url.href
}
