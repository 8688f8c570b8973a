/**
 * One page of a browser holds a call: two would take each other's place at the server without end.
 * Resolves with the way to let go, or null when another page holds it and `steal` is false. `lost`: another page took it.
 */
export function takeCall(sessionId: string, steal: boolean, lost: () => void): Promise<(() => void) | null> {
  // Locks exist in secure contexts only; where there are none, pages are not told apart.
  if (!("locks" in navigator)) return Promise.resolve(() => undefined)
  return new Promise((resolve, reject) => {
    const held = (lock: Lock | null): Promise<void> | undefined => {
      if (lock) return new Promise((release) => { resolve(release) })
      resolve(null)
      return undefined
    }
    navigator.locks.request(`console-call-${sessionId}`, steal ? { steal } : { ifAvailable: true }, held).catch((error: unknown) => {
      if (error instanceof DOMException && error.name === "AbortError") lost()
      else reject(error instanceof Error ? error : new Error(String(error)))
    })
  })
}
