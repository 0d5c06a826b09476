import type { PropsWithChildren } from 'hono/jsx'

type TableProps = PropsWithChildren<{
  columns: string[]
  /** Whether a last column has what can be done about a row. */
  actions?: boolean
  class?: string
  caption?: string
}>

/** A list whose rows are the children. Where it is narrow they are stacked, so that a cell says by its `label` what it is. */
export const Table = ({ columns, actions, caption, children, ...look }: TableProps) => (
  <div class="table-wrap">
    <table {...look}>
      {caption && <caption class="visually-hidden">{caption}</caption>}
      <thead>
        <tr>
          {columns.map((name) => (
            <th scope="col">{name}</th>
          ))}
          {actions && (
            <th scope="col">
              <span class="visually-hidden">Actions</span>
            </th>
          )}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
)

export const Cell = ({ label, title, children }: PropsWithChildren<{ label: string; title?: string | undefined }>) => (
  <td class="quiet" data-label={label} title={title}>
    {children}
  </td>
)
