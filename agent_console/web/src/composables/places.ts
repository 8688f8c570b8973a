import { Problem, type OrgHours, type Texts } from "@virtual-window/signaling"
import { shallowReactive } from "vue"
import { named } from "@/messages"
import { api } from "@/server"

/** A name that did not come is asked for again after so long, not at every look at the page. */
const AGAIN_MS = 30_000
const names = shallowReactive(new Map<string, Texts>())
const asked = new Set<string>()

async function fetchName(code: string): Promise<void> {
  try {
    names.set(code, (await api.get<OrgHours>(`/organisations/${encodeURIComponent(code)}/hours`)).name)
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    // The code still tells the place.
    setTimeout(() => { asked.delete(code) }, AGAIN_MS)
  }
}

/** The name of an organisation in the reader's language, its code until it is known. */
export function placeName(code: string): string {
  const known = names.get(code)
  if (known) return named(known)
  if (!asked.has(code)) {
    asked.add(code)
    void fetchName(code)
  }
  return code
}
