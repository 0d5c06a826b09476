/** The columns of a list, as a CSV file names them. */
export const COLUMNS = ['email', 'name', 'role', 'sections', 'agents', 'preset', 'until', 'note'] as const
export type Column = (typeof COLUMNS)[number]

/** A row as it came; a column that is empty or absent is as for all. */
export type Cells = Partial<Record<Column, string>>
