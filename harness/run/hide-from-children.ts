/** Takes variables that hold a secret out of this process's environment: ssh and the workers would inherit them. */
export function hideFromChildren(secrets: readonly string[]): void {
  const hidden = new Set(secrets)
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && hidden.has(value.trim())) delete process.env[name]
  }
}
