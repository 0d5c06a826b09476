import { createMessageBatch } from 'cloudflare:test'
import { env as bindings } from 'cloudflare:workers'
import { expect, inject, it } from 'vitest'
import { readEnv } from '../src/env'
import { consume } from '../src/mail/deliver'
import { mailchannels } from '../src/mail/mailchannels'
import type { Providers } from '../src/mail/provider'
import { sweep } from '../src/mail/queue'
import { somebody } from './cast'
import { all, one, run } from './database'
import { listen } from './logged'
import { type Fate, mortal } from './mortal'
import { HONOURING_KEY } from './provider'
import type { Mood } from './provider-moods'
import { chance, oneOf, seedOfRun } from './random'

const MAILS = 1000
const HOUR_MS = 3_600_000
/** Far more than an answer takes here, however busy the machine: one that comes later is lost, as it is in production. */
const ANSWER_MS = 800
const ROUNDS = 40
const CONSUMERS = 25
const IDS = Array.from({ length: MAILS }, (_, i) => `mail-${i}`)

const FAULTS = [
  'down',
  'busy',
  'hanging',
  'resetting',
  'unauthorized',
  'half_answer',
  'taking_and_hanging',
  'taking_and_resetting',
  'taking_and_down',
] as const satisfies Mood[]

const FATES: [Fate, ...Fate[]] = [
  { where: 'leased', end: 'error' },
  { where: 'leased', end: 'death' },
  { where: 'leased', end: 'sleep' },
  { where: 'unrecorded', end: 'error' },
  { where: 'unrecorded', end: 'death' },
  { where: 'unrecorded', end: 'sleep' },
  { where: 'recorded', end: 'error' },
  { where: 'recorded', end: 'death' },
]

/** Every other mail goes to a provider that honours its idempotency key. */
const isHonoured = (id: string) => Number(id.slice('mail-'.length)) % 2 === 0

const env = { ...readEnv(bindings), MAIL_PROVIDER: 'mailchannels' as const, MAILCHANNELS_BASE_URL: inject('providerUrl') }
const providers: Providers = { mailchannels: (env) => mailchannels(env, ANSWER_MS) }

/** A deployment in trouble: what the provider and each consumer will do is written down in the seed, whatever the clock does. */
class Trouble {
  readonly domain = `${crypto.randomUUID()}.test`
  private readonly sleepers: Promise<unknown>[] = []
  private night = Promise.withResolvers<void>()

  constructor(private readonly seed: number) {}

  async prepare() {
    const plans = Object.fromEntries(IDS.map((id) => [`${id}@${this.domain}`, this.planFor(id)]))
    await fetch(`${inject('providerUrl')}/control/plans`, { method: 'PUT', body: JSON.stringify(plans) })
    await run('DELETE FROM mails')
    await run(
      `INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, created_at)
       SELECT value, 'acme', 'pia', 'invitation', value || '@' || ?, value || '@' || ?, 'invitation-pia', ? FROM json_each(?)`,
      this.domain,
      this.domain,
      Date.now() - HOUR_MS,
      JSON.stringify(IDS),
    )
  }

  /** The Queue hands everything over once, one message in ten twice; what that does not send, the sweep has to find. */
  async run() {
    const messages = IDS.flatMap((id) => (chance(this.seed, `message ${id}`) < 0.1 ? [id, id] : [id]))
    await this.consumeAll(messages)
    for (let round = 0; round < ROUNDS && (await this.isQueued()); round++) {
      await this.letTimePass()
      await this.consumeAll([])
    }
    await this.letTimePass()
  }

  private planFor(id: string): Mood[] {
    const length = Math.floor(chance(this.seed, `length ${id}`) ** 2 * 4)
    return Array.from({ length }, (_, i) => oneOf(this.seed, `fault ${id} ${i}`, FAULTS))
  }

  private isQueued = async () => (await one("SELECT 1 FROM mails WHERE state = 'queued' LIMIT 1")) !== undefined

  /** Leases and waits are over, and whoever slept wakes to find that they are. */
  private async letTimePass() {
    await run("UPDATE mails SET leased_until = 0 WHERE state = 'queued'")
    this.night.resolve()
    this.night = Promise.withResolvers()
    await Promise.all(this.sleepers.splice(0))
  }

  private async swept() {
    const ids: string[] = []
    const queue = {
      sendBatch: async (batch: Iterable<{ body: { mailId: string } }>) =>
        void ids.push(...[...batch].map(({ body }) => body.mailId)),
    }
    await sweep({ ...env, MAIL_QUEUE: Object.assign(Object.create(env.MAIL_QUEUE) as typeof env.MAIL_QUEUE, queue) }, somebody())
    return ids
  }

  /** Whenever the consumers have run out of messages, the sweep looks for more, until it finds none. */
  private async consumeAll(messages: string[]) {
    let sweeping = Promise.resolve()
    const sweepOnce = () => (messages.length ? undefined : this.swept().then((ids) => void messages.push(...ids)))
    const next = async () => {
      if (!messages.length) {
        sweeping = sweeping.then(sweepOnce)
        await sweeping
      }
      return messages.shift()
    }
    const consumer = async () => {
      for (let id = await next(); id; id = await next()) await this.consumeOne(id)
    }
    await Promise.all(Array.from({ length: CONSUMERS }, consumer))
  }

  private async consumeOne(id: string) {
    const { database, gone } = mortal(env.DB, (attempt) => this.fateOf(id, attempt), this.night.promise)
    const message = { id, timestamp: new Date(), attempts: 1, body: { mailId: id } }
    const consumer = consume(
      createMessageBatch('latchkey-mail', [message]),
      { ...env, MAILCHANNELS_API_KEY: isHonoured(id) ? HONOURING_KEY : 'any key', DB: database },
      providers,
    )
    if ((await Promise.race([consumer, gone])) === 'sleep') this.sleepers.push(consumer)
  }

  private fateOf(id: string, attempt: number): Fate | undefined {
    const name = `${id} ${attempt}`
    return chance(this.seed, `end of ${name}`) < 0.3 ? oneOf(this.seed, `fate of ${name}`, FATES) : undefined
  }
}

type Row = { id: string; to_email: string; state: string; attempts: number; sent: number; told: number; certain: number }

/** `certain`: of each earlier attempt it is known that the provider did not take the mail. */
const ROWS = `
  SELECT x.id, x.to_email, x.state, x.attempts,
    (SELECT count(*) FROM mail_events e WHERE e.mail_id = x.id AND e.kind = 'sent' AND e.attempt = x.attempts) AS sent,
    (SELECT count(*) FROM mail_events e WHERE e.mail_id = x.id) AS told,
    (SELECT count(*) FROM mail_events e WHERE e.mail_id = x.id AND (e.kind = 'sent' OR e.detail IN ('429.', '500.')
      OR e.reason GLOB 'misconfigured*')) = x.attempts AS certain
  FROM mails x`

it(`${MAILS} mails go out through a provider and consumers that fail at random: none is lost, none goes out twice but for a lost answer`, async () => {
  const seed = seedOfRun()
  const about = (id: string) => `TEST_SEED=${seed} reproduces what became of ${id}`
  const ear = listen()
  const trouble = new Trouble(seed)
  await trouble.prepare()
  await trouble.run()
  ear.stop()

  const taken = await (await fetch(`${inject('providerUrl')}/control/taken/${trouble.domain}`)).json<Record<string, number>>()
  const rows = await all<Row>(ROWS)
  expect(rows).toHaveLength(MAILS)
  for (const { id, to_email, state, attempts, sent, told, certain } of rows) {
    expect([state, sent], about(id)).toEqual(['sent', 1])
    expect(told, about(id)).toBeLessThanOrEqual(attempts)
    const times = taken[to_email] ?? 0
    expect(times, about(id)).toBeGreaterThanOrEqual(1)
    if (isHonoured(id) || certain) expect(times, about(id)).toBe(1)
  }
}, 180_000)
