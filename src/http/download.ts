import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import * as v from 'valibot'
import type { AppEnv } from '../env'
import { EXPORT_ROWS } from '../limits'
import { log, troubleOf } from '../log'
import { BOM, type Cell, csvLine } from '../models/core/csv'

export const FORMAT = v.picklist(['csv', 'json'])
export type Format = v.InferOutput<typeof FORMAT>

/** What is in a file: its columns, and each row by them. */
export type Table<Row> = { columns: readonly string[]; toRecord: (row: Row) => Record<string, Cell> }

type Download<Row> = Table<Row> & { name: string; format: Format; pages: AsyncGenerator<Row[]> }

/**
 * Answers with a file that is read while it is sent, no further ahead than the other side takes it. Whatever ends the reading early breaks the
 * connection off, so that no part of a file passes for all of it.
 */
export function download<Row>(c: Context<AppEnv>, { name, format, ...table }: Download<Row>) {
  c.header('Content-Type', format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8')
  c.header('Content-Disposition', `attachment; filename="${fileName(c, name, format)}"`)
  return c.body(streamOf(c, WRITERS[format](table)))
}

const fileName = (c: Context<AppEnv>, name: string, format: Format) =>
  `${c.req.param('workspace')}-${name}-${new Date().toISOString().slice(0, 10)}.${format === 'csv' ? 'csv' : 'jsonl'}`

type Pages<Row> = Table<Row> & { pages: AsyncGenerator<Row[]> }

const WRITERS = { csv: csvOf, json: jsonLinesOf } satisfies Record<Format, <Row>(table: Pages<Row>) => AsyncGenerator<string>>

async function* csvOf<Row>({ columns, toRecord, pages }: Pages<Row>) {
  yield BOM + csvLine(columns)
  for await (const page of pages) yield page.map((row) => csvLine(cellsOf(columns, toRecord(row)))).join('')
}

const cellsOf = (columns: readonly string[], record: Record<string, Cell>) => columns.map((column) => record[column] ?? null)

/** An object a line. The last one says how many came before it: a file without it is not whole. */
async function* jsonLinesOf<Row>({ toRecord, pages }: Pages<Row>) {
  let count = 0
  for await (const page of pages) {
    count += page.length
    yield page.map((row) => `${JSON.stringify(toRecord(row))}\n`).join('')
  }
  yield `${JSON.stringify({ count })}\n`
}

/** The pages of a file, each after the last row of the one before; `first` has been read already. */
export async function* pagesFrom<Row>(first: Row[], next: (last: Row) => Promise<Row[]>) {
  for (let page = first; ; ) {
    yield page
    const last = page.at(-1)
    if (!last || page.length < EXPORT_ROWS) return
    page = await next(last)
  }
}

/** Asks for the next part only when there is room for it. A part that fails is an error of the stream, which the runtime tells by cutting it off. */
function streamOf(c: Context<AppEnv>, parts: AsyncGenerator<string>) {
  const encoder = new TextEncoder()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { value, done } = await parts.next().catch((error: unknown) => brokenOff(c, error))
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    async cancel() {
      await parts.return(undefined)
    },
  })
}

/** An admin who is none any more is refused; anything else is trouble. */
function brokenOff(c: Context<AppEnv>, error: unknown): never {
  const outcome = error instanceof HTTPException ? 'refused' : 'failed'
  log({ requestId: c.get('requestId'), action: 'download', outcome, ...troubleOf(error) })
  throw error
}
