import { remember } from './remember.ts'

/** Words in a name that make its value a secret, each matched as a whole word or, where long enough to be sure, anywhere. */
const secretWords = new Set(
  'pass passwd password passwort passphrase pwd pw secret secrets token tokens apikey credential credentials creds auth authorization cookie cookies private dsn jwt bearer htpasswd basicauth digestauth otp totp hmac salt requirepass masterauth masterpass'.split(
    ' ',
  ),
)
const secretAnywhere =
  /passw|passphrase|secret|token|apikey|credential|privatekey|authorization|cookie|unlockkey|signingkey|signingcakey|accesskey|encryptionkey|masterkey|deploykey|sshkey|registryauth|widgetkey|basicauth|digestauth|htpasswd/

/** Last words that say the value is about a secret, and is none: Docker's `SecretName` and `SecretID`, a `PASSWORD_FILE`. */
const referenceWords = new Set(
  'id ids name names path paths file files dir mount count counts total length size expiry expires expired expiration ttl mode uid gid type driver enabled required version policy rotation spec reference references ref refs address url endpoint issuer subject algorithm realm scope scopes'.split(
    ' ',
  ),
)

/** Docker's own fields that hold references to secrets, never their content. */
const references = new Set(['Secrets', 'SecretReference', 'SecretReferences', 'CredentialSpec'])

/** Arrays whose items are the words of a command line. */
const commandWords = new Set([
  'Args',
  'Command',
  'Test',
  'Cmd',
  'Entrypoint',
  'argv',
  'command',
  'entrypoint',
  'args',
  'cmd',
])
const environments = new Set(['Env', 'env', 'environment', 'Environment', 'ENV'])

export type NameKind = 'plain' | 'secret' | 'environment' | 'command' | 'data'

/** What a key says of its value. */
export const nameKind = remember(judgeName)

function judgeName(name: string): NameKind {
  if (environments.has(name)) return 'environment'
  if (commandWords.has(name)) return 'command'
  if (name === 'Data') return 'data'
  if (references.has(name)) return 'plain'
  return isSecretName(name) ? 'secret' : 'plain'
}

/** Whether a label, field, header, flag or variable of this name holds a secret. */
export function isSecretName(name: string): boolean {
  if (name.length > 200) return secretAnywhere.test(name.toLowerCase())
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
  const last = words.at(-1)
  if (last === undefined || (words.length > 1 && referenceWords.has(last))) return false
  return words.some((word) => secretWords.has(word)) || secretAnywhere.test(words.join(''))
}
