import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { createMiddleware } from 'hono/factory'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import type { AppEnv } from '../env'
import { WHOSE } from './whose'

/** docs/rules.md, Limits. */
export const FORM_BYTES = 64 * 1024
export const LIST_BYTES = 1024 * 1024

const limitedTo = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new HTTPException(413)
    },
  })
const [form, list] = [limitedTo(FORM_BYTES), limitedTo(LIST_BYTES)]

/** Of a form, or of the one that a whole list of people is pasted into. */
export const limitedBody = createMiddleware<AppEnv>(async function limitedBody(c, next) {
  return (/^\/w\/[^/]+\/access\/invitations\/many$/.test(c.req.path) ? list : form)(c, next)
})

/**
 * The fields of a form, exactly those named. Unknown fields, repeats of a single one and values outside a closed list are not a
 * person's mistake but a broken client's. @throws HTTPException 400
 */
export async function readForm<E extends v.ObjectEntries>(c: Context<AppEnv>, entries: E) {
  const body = await c.req.formData().catch(() => malformed())
  const named = Map.groupBy(body, ([name]) => name)
  // The door has judged by it whose page this is.
  if (named.get(WHOSE)?.length === 1) named.delete(WHOSE)
  const values = [...named].map(([name, pairs]) => [name, pairs.map(([, value]) => value)] as const)
  const fields = Object.fromEntries(values.map(([name, all]) => [name, fieldOf(all, entries[name])]))
  const form = v.safeParse(v.strictObject(entries), fields)
  return form.success ? form.output : malformed()
}

/**
 * Waits for all of a form before anybody is judged: the sender decides when a body ends, and a change must rest on who they are
 * then, not on who they were when its first byte came.
 */
export const wholeBody = createMiddleware<AppEnv>(async function wholeBody(c, next) {
  if (c.req.method === 'POST') await c.req.arrayBuffer()
  await next()
})

/** An address, and beside it the one that a correction was offered for, with the correction where it was taken. */
export const ADDRESS_FIELDS = { email: v.string(), asked: v.optional(v.string()), instead: v.optional(v.string()) }

/** A field that may come many times, or not at all. */
export const repeated = <S extends v.GenericSchema>(item: S) => v.optional(v.array(item), [])

/** The memberships of an account that is taken over: those that its page showed, and those to keep. */
export const KEPT = { shown: repeated(v.string()), keep: repeated(v.string()) }

function fieldOf(values: (File | string)[], entry: v.ObjectEntries[string] | undefined) {
  if (entry?.type === 'optional' && 'wrapped' in entry && entry.wrapped.type === 'array') return values
  return values.length === 1 ? values[0] : malformed()
}

function malformed(): never {
  throw new HTTPException(400)
}
