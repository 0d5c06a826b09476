/** What takes no room of its own: format characters and the selectors of a variant. It comes along when text is copied. */
export const invisible = /[\p{Cf}\p{Variation_Selector}]/gu
