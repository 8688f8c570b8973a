/** A share from 0 to 1 as people read it: 95.1%; a dash where there is none. */
export function percent(share: number | null): string {
  return share === null ? "–" : `${Math.round(share * 1000) / 10}%`
}
