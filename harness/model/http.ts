import { z } from 'zod'

const milliseconds = z.number().positive()

/** How web requests leave this machine: where names lead, through which proxy, and whom to trust. */
export const httpAddressSchema = z.strictObject({
  /** A SOCKS5 proxy that resolves the names, too (`socks5h`). */
  proxy: z.strictObject({ host: z.string(), port: z.number() }).optional(),
  /** Addresses to use instead of DNS: by name, or for every name below `*.example.org`. */
  resolve: z.record(z.string(), z.string()).default({}),
  /** PEM file with authorities that are trusted beside those Node knows. */
  caPath: z.string().optional(),
  /** Requests under way at once. */
  concurrency: z.number().int().positive().default(8),
  timeouts: z
    .strictObject({
      dnsMs: milliseconds.default(5000),
      connectMs: milliseconds.default(5000),
      tlsMs: milliseconds.default(5000),
      /** Longer than Traefik tries to reach a backend, so that its 504 is seen. */
      firstByteMs: milliseconds.default(35_000),
      bodyMs: milliseconds.default(10_000),
    })
    .prefault({}),
  /** What is read of a body; the rest is let go. */
  maxBodyBytes: z.number().int().positive().default(1_048_576),
})
export type HttpAddress = z.infer<typeof httpAddressSchema>

const exchangePhases = ['dns', 'proxy', 'connect', 'tls', 'answer', 'body'] as const

/** Why there is no (whole) answer: the layer that broke, and a stable code such as `TLS_EXPIRED`. */
const exchangeErrorSchema = z.object({
  phase: z.enum(exchangePhases),
  code: z.enum([
    // Never sent: a user name in the URL, credentials to whoever answers, or a header that is none.
    'REQUEST_REFUSED',
    ...(['DNS_NOT_FOUND', 'DNS_FAILED', 'DNS_TIMEOUT'] as const),
    // The proxy itself, and then what the proxy said of the destination.
    ...(['SOCKS_UNREACHABLE', 'SOCKS_TIMEOUT', 'SOCKS_AUTH', 'SOCKS_PROTOCOL', 'SOCKS_DENIED'] as const),
    ...(['SOCKS_TARGET_REFUSED', 'SOCKS_TARGET_UNREACHABLE', 'SOCKS_TARGET_TIMEOUT', 'SOCKS_FAILED'] as const),
    ...(['TCP_REFUSED', 'TCP_TIMEOUT', 'TCP_UNREACHABLE', 'TCP_RESET', 'TCP_FAILED'] as const),
    ...(['TLS_EXPIRED', 'TLS_NOT_YET_VALID', 'TLS_UNTRUSTED', 'TLS_SELF_SIGNED', 'TLS_NAME_MISMATCH'] as const),
    ...(['TLS_REFUSED', 'TLS_NOT_TLS', 'TLS_TIMEOUT', 'TLS_FAILED'] as const),
    ...(['HTTP_TIMEOUT', 'HTTP_CLOSED', 'HTTP_MALFORMED', 'BODY_TIMEOUT', 'BODY_CLOSED'] as const),
  ]),
  /** In words, with the figures: which deadline, which address. */
  message: z.string(),
})
export type ExchangeError = z.infer<typeof exchangeErrorSchema>

const certificateSchema = z.object({
  /** `CN=drone.example.org`, or the whole subject where there is no common name. */
  subject: z.string(),
  issuer: z.string(),
  /** DNS names and addresses, as in `DNS:*.example.org`. */
  altNames: z.array(z.string()),
  serial: z.string(),
  fingerprint256: z.string(),
  /** ISO 8601. */
  validFrom: z.string(),
  validTo: z.string(),
})
export type Certificate = z.infer<typeof certificateSchema>

/** One request and what came of it; a failure is an answer, too. */
export const exchangeSchema = z.object({
  method: z.string(),
  url: z.string(),
  /** ISO 8601, by the clock of this machine. */
  startedAt: z.string(),
  durationMs: z.number(),
  /** Each is there once its phase has ended; `dnsMs` only where this machine asked DNS. */
  timings: z.object({
    dnsMs: z.number().optional(),
    connectMs: z.number().optional(),
    tlsMs: z.number().optional(),
    firstByteMs: z.number().optional(),
    bodyMs: z.number().optional(),
  }),
  /** Who said where the name leads, and where. A proxy keeps the addresses to itself. */
  resolved: z
    .object({ by: z.enum(['literal', 'override', 'dns', 'proxy']), addresses: z.array(z.string()) })
    .optional(),
  /** `address:port` of the other end; through a proxy, that of the proxy. */
  peer: z.string().optional(),
  tls: z
    .object({
      protocol: z.string(),
      authorized: z.boolean(),
      /** The chain as it was sent, the server's own certificate first. */
      chain: z.array(certificateSchema),
    })
    .optional(),
  status: z.number().optional(),
  /** Names in lower case; repeated ones joined with `, `. */
  headers: z.record(z.string(), z.string()).optional(),
  /** UTF-8, at most `maxBodyBytes` of it; absent for HEAD. */
  body: z.string().optional(),
  /** More came than was read. */
  truncated: z.boolean().optional(),
  error: exchangeErrorSchema.optional(),
})
export type Exchange = z.infer<typeof exchangeSchema>

/** Whether a port let us in, without saying a word to whoever listens there. */
export const knockSchema = z.object({
  host: z.string(),
  port: z.number(),
  startedAt: z.string(),
  durationMs: z.number(),
  peer: z.string().optional(),
  error: exchangeErrorSchema.optional(),
})
export type Knock = z.infer<typeof knockSchema>
