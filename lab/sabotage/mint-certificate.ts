import { z } from 'zod'
import { type LabMachine, runOn } from '../host/machine.ts'

export interface Wish {
  readonly commonName: string
  /** The name that clients look at. */
  readonly altName: string
  readonly from: Date
  readonly to: Date
  /** The lab's own authority, another one that calls itself by a name of its own, or none: signed by itself. */
  readonly by: 'lab' | 'stranger' | 'itself'
}

export interface Minted {
  readonly certificate: string
  /** What stands between the certificate and the root; empty where the root itself, or nobody, signed. */
  readonly intermediate: string
  readonly key: string
}

const mintedSchema = z.tuple([z.string(), z.string(), z.string()])

/** A certificate as wished, minted on the host, where the key of the lab's authority is. Nothing is left there. */
export async function mintCertificate(machine: LabMachine, wish: Wish, signal: AbortSignal): Promise<Minted> {
  const answer = await runOn(machine, script(wish), { signal })
  const [certificate, intermediate, key] = mintedSchema.parse(answer.split('===\n'))
  return { certificate, intermediate, key }
}

const authority = '/srv/lab/caddy-data/caddy/pki/authorities/local/intermediate'

function script({ commonName, altName, from, to, by }: Wish): string {
  const validity = `-startdate ${asn1Time(from)} -enddate ${asn1Time(to)}`
  const signer = {
    lab: `-cert ${authority}.crt -keyfile ${authority}.key`,
    stranger: '-cert stranger.crt -keyfile stranger.key',
    itself: '-selfsign -keyfile leaf.key',
  }[by]
  return `set -eu
folder=$(mktemp --directory)
trap 'rm -r "$folder"' EXIT
cd "$folder"
new='openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes'
$new -keyout leaf.key -out leaf.csr -subj '/CN=${commonName}' 2> log || { cat log >&2; exit 1; }
$new -x509 -keyout stranger.key -out stranger.crt -subj '/CN=Some other authority' -days 2 2> log || { cat log >&2; exit 1; }
cat > ca.conf <<END
[ca]
default_ca = mint
[mint]
database = index
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
[leaf]
subjectAltName = DNS:${altName}
END
: > index
openssl ca -batch -config ca.conf -extensions leaf -notext -in leaf.csr -out leaf.crt ${validity} ${signer} 2> log || {
  cat log >&2
  exit 1
}
cat leaf.crt
echo ===
${by === 'lab' ? `cat ${authority}.crt` : ''}
echo ===
cat leaf.key
`
}

/** As in `20261120153000Z`. */
function asn1Time(date: Date): string {
  return `${date.toISOString().replace(/\.\d+/, '').replaceAll(/[-:T]/g, '')}`
}
