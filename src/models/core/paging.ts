/** Rows of the user table. */
export const PAGE_ROWS = 50
/** Rows of a page of either matrix. */
export const PAGE_PEOPLE = 25
/** Columns of a page of Agent Access. */
export const PAGE_AGENTS = 12

/** Cuts off the row that only tells that there is another page; `next` is the cursor of that page. */
export function pageOf<R>(rows: R[], size: number, cursorOf: (row: R) => string): { page: R[]; next: string | undefined } {
  const page = rows.slice(0, size)
  const last = page.at(-1)
  return { page, next: rows.length > size && last ? cursorOf(last) : undefined }
}
