import type { Place, Texts } from "@virtual-window/signaling"
import { shallowReactive } from "vue"
import { named } from "@/messages"
import { api } from "@/server"

const names = shallowReactive(new Map<string, Texts>())
const asked = new Set<string>()

async function fetchName(code: string): Promise<void> {
  try {
    const status = await api.get<{ place: Place }>("/service-status", { query: { place: code } })
    names.set(code, status.place.name)
  } catch {
    // The code still tells the place; the next page that needs its name asks again.
    asked.delete(code)
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
