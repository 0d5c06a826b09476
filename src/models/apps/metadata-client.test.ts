import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { all, run } from '../../../test/database'
import { connected } from '../../../test/tool'
import { connect } from '../../db/connect'
import { DOCUMENT, isFresh, isSame, keepDocument, metadataClientOf } from './metadata-client'

const db = connect(env.DB)
const ID = 'https://client.example/app'
const NOW = Date.UTC(2026, 10, 30)
const HERE = { redirectUris: ['http://localhost/'] }
const THERE = { redirectUris: ['https://client.example/callback'] }

const consents = () => all('SELECT client FROM app_consents ORDER BY client')
const rows = () => all('SELECT id, read_at FROM metadata_clients ORDER BY id')

describe('what a program says of itself', () => {
  beforeEach(async () => {
    await connected()
    await db.batch(keepDocument(db, ID, HERE, NOW))
    await run(
      `INSERT INTO app_consents (member_id, app_id, client, scope, at) VALUES ('bob', 'traces', '${ID}', '', 1), ('bob', 'traces', '', '', 1)`,
    )
  })

  it('is kept as it was read, and counts for an hour', async () => {
    const [client] = await metadataClientOf(db, ID)
    expect(client).toEqual({ id: ID, ...HERE, readAt: NOW })
    expect([NOW + DOCUMENT.freshMs - 1, NOW + DOCUMENT.freshMs].map((now) => client && isFresh(client, now))).toEqual([true, false])
  })

  it('leaves what people have agreed to where it says the same again', async () => {
    await db.batch(keepDocument(db, ID, HERE, NOW + 1))
    expect(await rows()).toEqual([{ id: ID, read_at: NOW + 1 }])
    expect(await consents()).toEqual([{ client: '' }, { client: ID }])
  })

  it('has people asked anew where it leads elsewhere, and about no other program', async () => {
    await db.batch(keepDocument(db, ID, THERE, NOW + 1))
    expect(await consents()).toEqual([{ client: '' }])
  })

  it('is forgotten after a month, with what people have agreed to', async () => {
    const another = 'https://another.example/app'
    await db.batch(keepDocument(db, another, HERE, NOW + DOCUMENT.keptMs))
    expect([await rows(), await consents()]).toEqual([
      [
        { id: another, read_at: NOW + DOCUMENT.keptMs },
        { id: ID, read_at: NOW },
      ],
      [{ client: '' }, { client: ID }],
    ])
    await db.batch(keepDocument(db, another, HERE, NOW + DOCUMENT.keptMs + 1))
    expect([await rows(), await consents()]).toEqual([[{ id: another, read_at: NOW + DOCUMENT.keptMs + 1 }], [{ client: '' }]])
  })

  it('has people asked anew where it was not read for a month, by whoever has it read then', async () => {
    const [known] = await metadataClientOf(db, ID)
    const month = NOW + DOCUMENT.keptMs
    expect([month, month + 1].map((now) => known && isSame(known, HERE, now))).toEqual([true, false])
    await db.batch(keepDocument(db, ID, HERE, month + 1))
    expect([await rows(), await consents()]).toEqual([[{ id: ID, read_at: month + 1 }], [{ client: '' }]])
  })

  it('is kept of a thousand programs, and of the one that was read longest ago no more', async () => {
    await run(
      `INSERT INTO metadata_clients (id, redirect_uris, read_at) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${DOCUMENT.most - 1})
       SELECT 'https://' || i || '.example/app', '["http://localhost/"]', ${NOW} + i FROM n`,
    )
    await db.batch(keepDocument(db, 'https://last.example/app', HERE, NOW + DOCUMENT.most))
    expect(await all('SELECT count(*) AS n, min(read_at) AS oldest FROM metadata_clients')).toEqual([
      { n: DOCUMENT.most, oldest: NOW + 1 },
    ])
  })
})
