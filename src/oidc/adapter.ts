import type { Adapter, AdapterPayload } from 'oidc-provider'
import { sha256 } from '../models/core/random'
import { metadataOf, metadataOfProgram } from './client'
import { type Exchange, exchangeNow } from './exchange'
import { grantOf, sessionOf } from './session'

/** What the provider asks for is answered from what the exchange has read, and what it keeps is gathered there: it never waits for the database. */
export class ExchangeAdapter implements Adapter {
  constructor(private readonly name: string) {}

  async find(id: string): Promise<AdapterPayload | undefined> {
    const { found, somebody } = exchangeNow()
    if (this.name === 'Client') return clientOf(id, exchangeNow())
    if (this.name === 'Session') return somebody && sessionOf(somebody, exchangeNow())
    if (this.name === 'Grant') return somebody?.grantId === id ? grantOf(somebody, exchangeNow()) : undefined
    if (found?.kind !== this.name || found.id !== (await keyOf(id))) return undefined
    return { ...found.payload, jti: id, ...(found.consumedAt !== null && { consumed: Math.floor(found.consumedAt / 1000) }) }
  }

  /** Without its id, which is what its holder shows. */
  async upsert(id: string, { jti, ...payload }: AdapterPayload, ttl: number) {
    if (this.name === 'ReplayDetection') this.write({ kind: 'spend', assertion: { id: await sha256(id), ttl } })
    if (KEPT.has(this.name)) this.write({ kind: 'keep', token: { id: await keyOf(id), kind: this.name, payload, ttl } })
  }

  async consume(id: string) {
    this.write({ kind: 'use', id: await keyOf(id) })
  }

  async destroy(id: string) {
    if (KEPT.has(this.name)) this.write({ kind: 'drop', id: await keyOf(id) })
    if (this.name === 'Grant') this.write({ kind: 'end', grantId: id })
  }

  async revokeByGrantId(grantId: string) {
    this.write({ kind: 'end', grantId })
  }

  async findByUid() {
    const { somebody } = exchangeNow()
    return somebody && sessionOf(somebody, exchangeNow())
  }

  async findByUserCode() {
    return undefined
  }

  private write(write: ReturnType<typeof exchangeNow>['writes'][number]) {
    exchangeNow().writes.push(write)
  }
}

function clientOf(id: string, { app, method, program }: Exchange) {
  if (program?.id === id) return metadataOfProgram(program)
  return app?.id === id ? metadataOf(app, method) : undefined
}

/** A token that is a JWT is asked for by what it is kept under, since the provider takes no JWT where it looks one up. */
const keyOf = async (id: string) => (exchangeNow().found?.id === id ? id : sha256(id))

/** A session and a grant are ours, and an interaction is a page that keeps nothing. Whether an assertion was shown before is decided as it is written. */
const KEPT = new Set(['AuthorizationCode', 'AccessToken', 'RefreshToken'])
