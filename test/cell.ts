/** The tag of the button that sets a section of somebody to `access`, in a matrix or on their page. */
export const cellIn = (html: string, person: string, section: string, access: string) => {
  const form = html.split('<form ').find((each) => each.includes(`/permissions/${person}"`) && each.includes(`value="${section}"`))
  return form?.match(new RegExp(`<button [^>]*value="${access}"[^>]*>`))?.[0]
}
