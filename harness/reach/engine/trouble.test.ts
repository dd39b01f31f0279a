import { expect, test } from 'vitest'
import { explainSocket, explainTcp } from './trouble.ts'

function nodeError(code: string): Error {
  return Object.assign(new Error(`connect ${code}`), { code })
}

test.each([
  ['EACCES', 'REACH_SOCKET_DENIED'],
  ['ENOENT', 'REACH_NO_DOCKERD'],
  ['ECONNREFUSED', 'REACH_NO_DOCKERD'],
  ['ECONNRESET', 'REACH_ENGINE_UNREACHABLE'],
])('%s at a local socket is %s', (code, expected) => {
  expect(explainSocket('unix:///s', nodeError(code), 'me').code).toBe(expected)
})

test.each([
  ['ENOTFOUND', 'REACH_HOST_UNRESOLVABLE'],
  ['EAI_AGAIN', 'REACH_HOST_UNRESOLVABLE'],
  ['ECONNREFUSED', 'REACH_NO_DOCKERD'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'REACH_TLS_FAILED'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'REACH_TLS_FAILED'],
  ['CERT_HAS_EXPIRED', 'REACH_TLS_FAILED'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'REACH_TLS_FAILED'],
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'REACH_TLS_FAILED'],
  ['EHOSTUNREACH', 'REACH_ENGINE_UNREACHABLE'],
])('%s over tcp is %s', (code, expected) => {
  expect(explainTcp('tcp://h:1', nodeError(code)).code).toBe(expected)
})
